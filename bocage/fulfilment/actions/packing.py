"""Ticks, crates and the hand-over; the only writer of the barn's tables."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bocage.commons.refusals import NotFound
from bocage.fulfilment import rules
from bocage.fulfilment.events import HandOverUndone, OrderHandedOver, OrderPacked
from bocage.fulfilment.models import PackedLine, Parcel
from bocage.infra.locks import lock_row
from bocage.infra.outbox import emit
from bocage.network.rules import Actor, Right
from bocage.orders.actions.writing import remember
from bocage.orders.models import Order, OrderLine


@transaction.atomic
def tick_line(*, order_id: int, line_id: int, is_ticked: bool, actor: Actor, now: datetime) -> None:
    """Note that a line lies in its crate, or no longer does; the last tick makes the order packed.

    The same twice changes nothing. Raises NotFound, Forbidden, OrderIsCancelled, AlreadyHandedOver, LineIsGone.
    Emits OrderPacked when the order becomes packed.
    """
    order, parcel = _packable(order_id, actor)
    lines = _line_ids(order)
    if line_id not in lines:
        raise rules.LineIsGone()
    if is_ticked:
        PackedLine.objects.get_or_create(line_id=line_id, defaults={"parcel": parcel, "at": now, "by": actor.label})
    else:
        PackedLine.objects.filter(parcel=parcel, line_id=line_id).delete()
    _settle(order, parcel, lines, actor, now)


@transaction.atomic
def pack_order(*, order_id: int, actor: Actor, now: datetime) -> None:
    """Tick all lines of an order at once.

    Raises NotFound, Forbidden, OrderIsCancelled, AlreadyHandedOver. Emits OrderPacked when the order becomes packed.
    """
    order, parcel = _packable(order_id, actor)
    lines = _line_ids(order)
    PackedLine.objects.bulk_create(
        [PackedLine(parcel=parcel, line_id=line_id, at=now, by=actor.label) for line_id in sorted(lines)],
        ignore_conflicts=True,
    )
    _settle(order, parcel, lines, actor, now)


@transaction.atomic
def unpack_order(*, order_id: int, actor: Actor, now: datetime) -> None:
    """Take all ticks of an order back. Raises NotFound, Forbidden, OrderIsCancelled, AlreadyHandedOver."""
    order, parcel = _packable(order_id, actor)
    PackedLine.objects.filter(parcel=parcel).delete()
    _settle(order, parcel, _line_ids(order), actor, now)


@transaction.atomic
def hand_over(*, order_id: int, actor: Actor, now: datetime) -> None:
    """Note that the customer has their order. Raises NotFound, Forbidden, OrderIsCancelled, AlreadyHandedOver.

    Emits OrderHandedOver.
    """
    order, parcel = _packable(order_id, actor)
    parcel.handed_over_at, parcel.handed_over_by = now, actor.label
    parcel.save(update_fields=["handed_over_at", "handed_over_by"])
    remember(order, "handed_over", {}, actor, now)
    emit(OrderHandedOver(order_id=order.pk, hub_id=order.hub_id, ref=order.ref), by=actor, at=now)


@transaction.atomic
def undo_hand_over(*, order_id: int, actor: Actor, now: datetime) -> None:
    """Take a hand-over back that was a mistake. Raises NotFound, Forbidden, NotHandedOver. Emits HandOverUndone."""
    order, parcel = _parcel(order_id, actor)
    if parcel.handed_over_at is None:
        raise rules.NotHandedOver(ref=order.ref)
    parcel.handed_over_at, parcel.handed_over_by = None, ""
    parcel.save(update_fields=["handed_over_at", "handed_over_by"])
    remember(order, "hand_over_undone", {}, actor, now)
    emit(HandOverUndone(order_id=order.pk, hub_id=order.hub_id, ref=order.ref), by=actor, at=now)


def _packable(order_id: int, actor: Actor) -> tuple[Order, Parcel]:
    order, parcel = _parcel(order_id, actor)
    rules.check_packable(
        ref=order.ref,
        is_cancelled=order.state == Order.State.CANCELLED,
        is_handed_over=parcel.handed_over_at is not None,
    )
    return order, parcel


def _parcel(order_id: int, actor: Actor) -> tuple[Order, Parcel]:
    order = lock_row(Order.objects.all(), order_id)
    if order is None:
        raise NotFound()
    actor.require(Right.PACK, on=order.hub_id)
    parcel, _ = Parcel.objects.get_or_create(order=order)
    return order, parcel


def _line_ids(order: Order) -> set[int]:
    return set(OrderLine.objects.filter(order=order).values_list("id", flat=True))


def _settle(order: Order, parcel: Parcel, lines: set[int], actor: Actor, now: datetime) -> None:
    ticked = PackedLine.objects.filter(parcel=parcel).values_list("line_id", flat=True)
    is_packed = rules.is_complete(lines, ticked)
    if is_packed == (parcel.packed_at is not None):
        return
    parcel.packed_at, parcel.packed_by = (now, actor.label) if is_packed else (None, "")
    parcel.save(update_fields=["packed_at", "packed_by"])
    if is_packed:
        emit(OrderPacked(order_id=order.pk, hub_id=order.hub_id, ref=order.ref), by=actor, at=now)
