"""Writes about people, enterprises, customers and texts."""

from bocage.network.actions.account import choose_language, save_profile
from bocage.network.actions.addresses import PostalAddress, TooManyAddresses, delete_address, save_address
from bocage.network.actions.customers import claim_records, customer_for, end_membership, make_member
from bocage.network.actions.enterprises import (
    Profile,
    agree,
    create_enterprise,
    edit_enterprise,
    end_agreement,
    register,
)
from bocage.network.actions.invitations import accept_invitation, invite, refuse_invitation, withdraw_invitation
from bocage.network.actions.roles import change_role, choose_contacts, give_role, hand_over, take_role
from bocage.network.actions.texts import accept, publish_text

__all__ = [
    "PostalAddress",
    "Profile",
    "TooManyAddresses",
    "accept",
    "accept_invitation",
    "agree",
    "change_role",
    "choose_contacts",
    "choose_language",
    "claim_records",
    "create_enterprise",
    "customer_for",
    "delete_address",
    "edit_enterprise",
    "end_agreement",
    "end_membership",
    "give_role",
    "hand_over",
    "invite",
    "make_member",
    "publish_text",
    "refuse_invitation",
    "register",
    "save_address",
    "save_profile",
    "take_role",
    "withdraw_invitation",
]
