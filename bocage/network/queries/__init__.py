"""Reads about instances, people, enterprises, customers, texts and places, as typed rows."""

from bocage.network.queries.account import Account, account, has_second_factor, my_data
from bocage.network.queries.customers import (
    AddressRow,
    CustomerRow,
    customer_ids_of,
    customers_of_hub,
    is_member,
    saved_address,
    saved_addresses,
)
from bocage.network.queries.directory import DirectoryRow, farms, find
from bocage.network.queries.enterprises import (
    EnterprisePage,
    EnterpriseSettings,
    MyEnterprise,
    Partner,
    TeamRow,
    enterprise_page,
    enterprise_settings,
    enterprises_of,
    hubs_of,
    hubs_selling,
    may_sell,
    producers_of,
    team_of,
)
from bocage.network.queries.people import Contact, actor_for, contacts_of, instance_for_host
from bocage.network.queries.places import Place, distance_km
from bocage.network.queries.texts import TextRow, accepted, current_texts

__all__ = [
    "Account",
    "AddressRow",
    "Contact",
    "CustomerRow",
    "DirectoryRow",
    "EnterprisePage",
    "EnterpriseSettings",
    "MyEnterprise",
    "Partner",
    "Place",
    "TeamRow",
    "TextRow",
    "accepted",
    "account",
    "actor_for",
    "contacts_of",
    "current_texts",
    "customer_ids_of",
    "customers_of_hub",
    "distance_km",
    "enterprise_page",
    "enterprise_settings",
    "enterprises_of",
    "farms",
    "find",
    "has_second_factor",
    "hubs_of",
    "hubs_selling",
    "instance_for_host",
    "is_member",
    "may_sell",
    "my_data",
    "producers_of",
    "saved_address",
    "saved_addresses",
    "team_of",
]
