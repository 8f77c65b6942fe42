"""The reconciler: nothing that was paid online stays without an order or a refund."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bocage.orders.actions import paying_online
from bocage.payments import actions as payments
from bocage.payments.rules import ASK_AFTER


@dataclass(frozen=True, slots=True)
class Settled:
    """What one round put right: attempts as `payments.Reconciled` counts them; orders let go, and brought to an end."""

    attempts: payments.Reconciled
    stopped: int
    lapsed: int
    orders: int


def reconcile_payments(*, now: datetime, after: timedelta = ASK_AFTER) -> Settled:
    """Ask providers about every payment that nobody heard of for `after`, and put orders right by what they say.

    Runs outside transactions and as often as one likes.
    """
    found = payments.reconcile(now=now, after=after)
    stopped = paying_online.stop_abandoned(now=now)
    lapsed = paying_online.lapse_unpaid(now=now)
    orders = paying_online.settle_orphans(now=now)
    payments.send_refunds(now=now)
    return Settled(found, stopped, lapsed, orders)
