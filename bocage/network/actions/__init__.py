"""Writes about people, enterprises, customers and texts."""

from bocage.network.actions.account import choose_language, save_profile
from bocage.network.actions.addresses import PostalAddress, TooManyAddresses, delete_address, save_address
from bocage.network.actions.agreements import (
    accept_agreement,
    end_agreement,
    propose,
    refuse_agreement,
    withdraw_agreement,
)
from bocage.network.actions.clients import Outcome, import_customers, save_customer, try_import
from bocage.network.actions.customers import claim_records, customer_for, end_membership, make_member
from bocage.network.actions.enterprises import (
    Profile,
    create_enterprise,
    edit_enterprise,
    edit_partner,
    register,
)
from bocage.network.actions.erasure import erase_person
from bocage.network.actions.groups import (
    GroupDetails,
    ask_into_group,
    edit_group,
    found_group,
    join_group,
    leave_group,
)
from bocage.network.actions.instances import InstanceChanges, edit_instance, found_instance, set_links
from bocage.network.actions.invitations import accept_invitation, invite, refuse_invitation, withdraw_invitation
from bocage.network.actions.roles import change_role, choose_contacts, give_role, hand_over, take_role
from bocage.network.actions.switches import turn
from bocage.network.actions.texts import accept, publish_text
from bocage.network.actions.visits import end_visit, start_visit

__all__ = [
    "GroupDetails",
    "InstanceChanges",
    "Outcome",
    "PostalAddress",
    "Profile",
    "TooManyAddresses",
    "accept",
    "accept_agreement",
    "accept_invitation",
    "ask_into_group",
    "change_role",
    "choose_contacts",
    "choose_language",
    "claim_records",
    "create_enterprise",
    "customer_for",
    "delete_address",
    "edit_enterprise",
    "edit_group",
    "edit_instance",
    "edit_partner",
    "end_agreement",
    "end_membership",
    "end_visit",
    "erase_person",
    "found_group",
    "found_instance",
    "give_role",
    "hand_over",
    "import_customers",
    "invite",
    "join_group",
    "leave_group",
    "make_member",
    "propose",
    "publish_text",
    "refuse_agreement",
    "refuse_invitation",
    "register",
    "save_address",
    "save_customer",
    "save_profile",
    "set_links",
    "start_visit",
    "take_role",
    "try_import",
    "turn",
    "withdraw_agreement",
    "withdraw_invitation",
]
