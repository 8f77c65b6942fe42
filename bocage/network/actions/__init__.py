"""Writes about people, enterprises, customers and texts."""

from bocage.network.actions.addresses import Place, TooManyAddresses, delete_address, save_address
from bocage.network.actions.customers import claim_records, customer_for, end_membership, make_member
from bocage.network.actions.texts import accept, publish_text

__all__ = [
    "Place",
    "TooManyAddresses",
    "accept",
    "claim_records",
    "customer_for",
    "delete_address",
    "end_membership",
    "make_member",
    "publish_text",
    "save_address",
]
