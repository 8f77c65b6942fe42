"""Which of a hub's sales there is to pack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, Max, Min, OuterRef, Q

from bocage.commons.refusals import NotFound
from bocage.fulfilment.models import PackedLine, Parcel
from bocage.network.rules import Actor, Right
from bocage.orders.models import Order, OrderLine

STILL_PACKING = timedelta(hours=18)


@dataclass(frozen=True, slots=True)
class PackSale:
    """A sale with orders: when it closes, when its goods are handed over, how many orders wait."""

    id: int
    name: str
    closes_at: datetime
    hand_over_from: datetime | None
    hand_over_to: datetime | None
    orders: int


def sales(*, hub_id: int, actor: Actor, limit: int = 12) -> list[PackSale]:
    """Return the hub's sales that have standing orders, last to close first, in one query. Raises Forbidden."""
    actor.require(Right.SEE_ORDERS, on=hub_id)
    rows = (
        Order.objects.filter(hub_id=hub_id, state=Order.State.PLACED)
        .values_list("cycle_id", "cycle__name", "cycle__closes_at")
        .annotate(starts=Min("hand_over_from"), ends=Max("hand_over_to"), count=Count("id"))
        .order_by("-cycle__closes_at", "-cycle_id")[:limit]
    )
    return [PackSale(*row) for row in rows]


def present_sale(rows: list[PackSale], *, now: datetime, cycle_id: int | None = None) -> PackSale | None:
    """Return the sale to show: the one asked for; else the next to be handed over; else the last that closed.

    Raises NotFound when the sale asked for is not among `rows`.
    """
    if cycle_id is not None:
        found = next((row for row in rows if row.id == cycle_id), None)
        if found is None:
            raise NotFound()
        return found
    closed = [row for row in rows if row.closes_at <= now]
    ahead = [row for row in closed if (row.hand_over_to or row.closes_at) > now - STILL_PACKING]
    if ahead:
        return min(ahead, key=lambda row: (row.hand_over_from or row.closes_at, row.id))
    return next(iter(closed or rows), None)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a closed sale still asks of the barn: baskets not packed, weights not entered, baskets not handed over."""

    cycle_id: int
    name: str
    hand_over_from: datetime | None
    baskets: int
    unpacked: int
    not_handed: int
    unweighed: int


def waiting(*, hub_id: int, actor: Actor, now: datetime) -> list[Waiting]:
    """Return the closed sales whose hand-over is ahead or hardly over, the first due first, in one query.

    Raises Forbidden.
    """
    actor.require(Right.SEE_ORDERS, on=hub_id)
    lines = OrderLine.objects.filter(order_id=OuterRef("id"))
    unticked = lines.exclude(Exists(PackedLine.objects.filter(line_id=OuterRef("id"))))
    unweighed = lines.filter(is_weighed=True, final_weight_g__isnull=True)
    handed = Parcel.objects.filter(order_id=OuterRef("id"), handed_over_at__isnull=False)
    rows = (
        Order.objects.filter(hub_id=hub_id, state=Order.State.PLACED, cycle__closes_at__lte=now)
        .filter(hand_over_to__gt=now - STILL_PACKING)
        .annotate(open=Exists(unticked), unweighed=Exists(unweighed), handed=Exists(handed))
        .values_list("cycle_id", "cycle__name")
        .annotate(
            starts=Min("hand_over_from"),
            count=Count("id"),
            unpacked=Count("id", filter=Q(open=True, handed=False)),
            not_handed=Count("id", filter=Q(handed=False)),
            to_weigh=Count("id", filter=Q(unweighed=True)),
        )
        .order_by("starts", "cycle_id")
    )
    return [Waiting(*row) for row in rows]
