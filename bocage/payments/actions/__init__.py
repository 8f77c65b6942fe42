"""Everything that writes about money: payments recorded, ways to pay, attempts with providers, what they were told."""

from bocage.payments.actions.accounts import ask_account, connect, disconnect, keep_account
from bocage.payments.actions.attempts import (
    Start,
    charge_saved_card,
    charges_to_check,
    charges_under_way,
    refund_charge,
    send_refunds,
    start_charge,
    stop_charge,
)
from bocage.payments.actions.cards import take_back_card
from bocage.payments.actions.hearing import handle_events, take_event
from bocage.payments.actions.reconciling import Reconciled, note_refunded, reconcile
from bocage.payments.actions.recording import end_method, record, save_method

__all__ = [
    "Reconciled",
    "Start",
    "ask_account",
    "charge_saved_card",
    "charges_to_check",
    "charges_under_way",
    "connect",
    "disconnect",
    "end_method",
    "handle_events",
    "keep_account",
    "note_refunded",
    "reconcile",
    "record",
    "refund_charge",
    "save_method",
    "send_refunds",
    "start_charge",
    "stop_charge",
    "take_back_card",
    "take_event",
]
