"""Tells customers what changed of their orders: once for many changes, when nothing moves any more or a hub says so.

What is to be told is noted in the transaction of the change, and let go in the transaction that tells it, both while
the order is held: so no change is told twice, and none is never told.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, Sum

from bocage.infra import locks
from bocage.infra.outbox import emit
from bocage.network.rules import SYSTEM, Actor, Right
from bocage.orders.events import CustomerToTell
from bocage.orders.models import Charge, Order, OrderLine, Untold
from bocage.orders.telling import Standing, differences, place_of, stand, stand_whole

QUIET = timedelta(minutes=15)
AT_ONCE = 200


def note_change(order: Order, *, stood: Standing, now: datetime) -> None:
    """Note that the customer of a held order is to be told what changed; the first of many keeps how it stood."""
    if not Untold.objects.filter(order=order).update(changed_at=now):
        Untold.objects.create(order=order, before={**stood, **_whole(order)}, changed_at=now)


def tell(order: Order, *, actor: Actor, now: datetime) -> bool:
    """Tell the customer of a held order all that they do not know yet; return whether there was something.

    Emits CustomerToTell.
    """
    untold = Untold.objects.filter(order=order).first()
    if untold is None:
        return False
    stands = stand(OrderLine.objects.filter(order=order).order_by("id"))
    lines = differences(untold.before, stands | _whole(order))
    untold.delete()
    if lines:
        emit(CustomerToTell(order_id=order.pk, ref=order.ref, hub_id=order.hub_id, lines=lines), by=actor, at=now)
    return bool(lines)


def _whole(order: Order) -> dict[str, dict[str, Any]]:
    adjusted = Charge.objects.filter(order=order, kind=Charge.Kind.ADJUSTMENT)
    sums = adjusted.aggregate(
        amount=Sum("amount_minor"), added=Sum("tax_minor", filter=Q(tax_is_included=False), default=0)
    )
    return stand_whole(where=place_of(order), adjusted_minor=(sums["amount"] or 0) + sums["added"])


def forget(order: Order) -> None:
    """Let go of what was to be told of an order: its customer is told something that contains it."""
    Untold.objects.filter(order=order).delete()


def tell_settled(*, now: datetime) -> int:
    """Tell the customers of orders that nobody changed for a while; return how many. One transaction per order."""
    settled = Untold.objects.filter(changed_at__lte=now - QUIET).order_by("changed_at", "order_id")
    ids = list(settled.values_list("order_id", flat=True)[:AT_ONCE])
    return sum(_tell_one(order_id, SYSTEM, now, settled_before=now - QUIET) for order_id in ids)


def tell_waiting(*, hub_id: int, cycle_id: int, actor: Actor, now: datetime) -> int:
    """Tell now the customers of a sale whose orders changed; return how many. Raises Forbidden without MANAGE_ORDERS."""
    actor.require(Right.MANAGE_ORDERS, on=hub_id)
    waiting = Untold.objects.filter(order__hub_id=hub_id, order__cycle_id=cycle_id).order_by("order_id")
    ids = list(waiting.values_list("order_id", flat=True))
    return sum(_tell_one(order_id, actor, now, settled_before=now) for order_id in ids)


@transaction.atomic
def _tell_one(order_id: int, actor: Actor, now: datetime, *, settled_before: datetime) -> bool:
    """Tell of one order, unless somebody changed it again meanwhile: then its quiet begins anew."""
    order = locks.lock_row(Order.objects.all(), order_id)
    if order is None or Untold.objects.filter(order=order, changed_at__gt=settled_before).exists():
        return False
    return tell(order, actor=actor, now=now)
