"""Writes of the cooperative: members and shares, committees, proposals and votes, assemblies."""

from bocage.cooperative.governance.actions.assemblies import call_assembly, note_presence, sign_minutes
from bocage.cooperative.governance.actions.committees import found, seat
from bocage.cooperative.governance.actions.delegating import delegate, take_back
from bocage.cooperative.governance.actions.members import admit, apply_for, decline, leave, move_shares
from bocage.cooperative.governance.actions.proposing import (
    answer_item,
    apply_decision,
    ask_secret,
    change_text,
    freeze,
    propose,
    remark,
    review,
    support,
    withdraw,
)
from bocage.cooperative.governance.actions.voting import cast, close_due, lift_objection, open_vote

__all__ = [
    "admit",
    "answer_item",
    "apply_decision",
    "apply_for",
    "ask_secret",
    "call_assembly",
    "cast",
    "change_text",
    "close_due",
    "decline",
    "delegate",
    "found",
    "freeze",
    "leave",
    "lift_objection",
    "move_shares",
    "note_presence",
    "open_vote",
    "propose",
    "remark",
    "review",
    "seat",
    "sign_minutes",
    "support",
    "take_back",
    "withdraw",
]
