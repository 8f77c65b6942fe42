"""Writes about people, enterprises, customers and texts."""

from bocage.network.actions.account import choose_language, save_profile
from bocage.network.actions.addresses import PostalAddress, TooManyAddresses, delete_address, save_address
from bocage.network.actions.customers import claim_records, customer_for, end_membership, make_member
from bocage.network.actions.enterprises import Profile, agree, create_enterprise, edit_enterprise, end_agreement
from bocage.network.actions.roles import give_role, take_role
from bocage.network.actions.texts import accept, publish_text

__all__ = [
    "PostalAddress",
    "Profile",
    "TooManyAddresses",
    "accept",
    "agree",
    "choose_language",
    "claim_records",
    "create_enterprise",
    "customer_for",
    "delete_address",
    "edit_enterprise",
    "end_agreement",
    "end_membership",
    "give_role",
    "make_member",
    "publish_text",
    "save_address",
    "save_profile",
    "take_role",
]
