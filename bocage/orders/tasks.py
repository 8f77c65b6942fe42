"""What waits for the worker: the rest of acts on many orders; what recurs: customers told of what changed, forgetting
whom the platform forgot, collective invoices.
"""

from __future__ import annotations

from datetime import datetime

from bocage.infra.schedule import Every
from bocage.orders import actions


def go_on_with_acts(*, now: datetime) -> int:
    """Go on with acts on many orders; return how many orders were met."""
    return actions.carry_out_waiting(now=now)


def forget_erased(*, now: datetime) -> int:
    """Take forgotten people out of orders that were handed over since; return how many."""
    return actions.forget_erased(now=now)


def tell_customers(*, now: datetime) -> int:
    """Tell customers what changed of their orders once nobody changes them any more; return how many."""
    return actions.tell_settled(now=now)


def invoice_past_month(*, now: datetime) -> int:
    """Issue the collective invoices of the month before; return how many."""
    return actions.invoice_past_month(now=now)


def reconcile_payments(*, now: datetime) -> None:
    """Ask providers about payments that nobody heard of; let go of orders that nobody paid."""
    actions.reconcile_payments(now=now)


QUEUES = [go_on_with_acts]
SCHEDULE = [
    Every(seconds=60, do=tell_customers),
    Every(seconds=60, do=reconcile_payments),
    Every(seconds=6 * 60 * 60, do=forget_erased),
    Every(seconds=6 * 60 * 60, do=invoice_past_month),
]
