"""Reads about instances, people, enterprises, customers, texts and places, as typed rows."""

from bocage.network.queries.customers import (
    AddressRow,
    CustomerRow,
    claimable_records,
    customer_ids_of,
    customers_of_hub,
    is_member,
    saved_address,
    saved_addresses,
)
from bocage.network.queries.people import Contact, actor_for, contacts_of, instance_for_host
from bocage.network.queries.texts import TextRow, accepted, current_texts

__all__ = [
    "AddressRow",
    "Contact",
    "CustomerRow",
    "TextRow",
    "accepted",
    "actor_for",
    "claimable_records",
    "contacts_of",
    "current_texts",
    "customer_ids_of",
    "customers_of_hub",
    "instance_for_host",
    "is_member",
    "saved_address",
    "saved_addresses",
]
