"""Supplier orders: what each farm brings to a sale, told in versions and confirmed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from bocage.commons.refusals import NotFound
from bocage.fulfilment import rules
from bocage.fulfilment.events import SupplierOrderConfirmed, SupplierOrderTold
from bocage.fulfilment.models import SupplierOrder, SupplierOrderVersion
from bocage.fulfilment.queries.supplying import lines_to_bring
from bocage.infra.locks import lock_row
from bocage.infra.outbox import emit
from bocage.network.rules import SYSTEM, Actor, Right
from bocage.order_cycles.models import OrderCycle

QUIET = timedelta(minutes=10)


@transaction.atomic
def renew(*, cycle_id: int, now: datetime) -> int:
    """Write down what each farm brings to a closed sale where it is other than what was written; return how many.

    What nobody was told yet is corrected in place, what was told gets a new version. Safe to repeat. Of a sale that
    still takes orders, and for the goods of who runs it, nothing is written.
    """
    cycle = lock_row(OrderCycle.objects.all(), cycle_id)
    if cycle is None or cycle.closes_at > now:
        return 0
    wanted = lines_to_bring(cycle_id)
    orders = {row.producer_id: row for row in SupplierOrder.objects.filter(cycle=cycle)}
    versions = _versions(orders.values())
    changed = 0
    for producer_id in sorted((wanted.keys() | orders.keys()) - {cycle.coordinator_id}):
        order = orders.get(producer_id) or SupplierOrder.objects.create(cycle=cycle, producer_id=producer_id)
        changed += _renew(order, versions.get(order.pk, []), wanted.get(producer_id, []), now)
    return changed


def tell_due(*, now: datetime) -> int:
    """Tell farms what is due: a first version at once, a change when nothing has moved for ten minutes; return how many.

    Safe to repeat and by several callers at once. Emits SupplierOrderTold.
    """
    waiting = SupplierOrderVersion.objects.filter(told_at__isnull=True)
    due = waiting.filter(number=1) | waiting.filter(made_at__lte=now - QUIET)
    return sum(_tell(version, SYSTEM, now) for version in due.select_related("order").order_by("id"))


@transaction.atomic
def tell_now(*, cycle_id: int, actor: Actor, now: datetime) -> int:
    """Write down and tell what farms bring to a closed sale without waiting; return how many were told.

    Raises NotFound, Forbidden, StillTakesOrders. Emits SupplierOrderTold.
    """
    cycle = OrderCycle.objects.filter(id=cycle_id).first()
    if cycle is None:
        raise NotFound()
    actor.require(Right.MANAGE_ORDERS, on=cycle.coordinator_id)
    rules.check_closed(sale=cycle.name, is_closed=cycle.closes_at <= now)
    renew(cycle_id=cycle_id, now=now)
    waiting = SupplierOrderVersion.objects.filter(order__cycle=cycle, told_at__isnull=True)
    return sum(_tell(version, actor, now) for version in waiting.select_related("order").order_by("id"))


@transaction.atomic
def confirm(*, order_id: int, number: int, by: str, now: datetime) -> None:
    """Note that a farm brings what version `number` says; `by` is the name that the hub reads. Twice is once.

    Who may is decided by the signed link, or by the right on the farm, before. Raises NotFound, SupplierOrderIsOld.
    Emits SupplierOrderConfirmed.
    """
    order = lock_row(SupplierOrder.objects.all(), order_id)
    told = SupplierOrderVersion.objects.filter(order_id=order_id, told_at__isnull=False).order_by("-number").first()
    if order is None or told is None:
        raise NotFound()
    rules.check_latest(number=number, latest=told.number)
    if told.confirmed_at is None:
        told.confirmed_at, told.confirmed_by = now, by[:120]
        told.save(update_fields=["confirmed_at", "confirmed_by"])
        emit(SupplierOrderConfirmed(order_id=order.pk, number=told.number), by=SYSTEM, at=now)


def _versions(orders: Iterable[SupplierOrder]) -> dict[int, list[SupplierOrderVersion]]:
    found: dict[int, list[SupplierOrderVersion]] = {}
    for version in SupplierOrderVersion.objects.filter(order__in=list(orders)).order_by("number"):
        found.setdefault(version.order_id, []).append(version)
    return found


def _renew(
    order: SupplierOrder, versions: list[SupplierOrderVersion], lines: list[rules.BroughtLine], now: datetime
) -> int:
    told = [version for version in versions if version.told_at is not None]
    waiting = next((version for version in versions if version.told_at is None), None)
    last = rules.read_lines(told[-1].lines) if told else []
    if rules.quantities(lines) == rules.quantities(last):
        if waiting is not None:
            waiting.delete()
            return 1
        return 0
    if waiting is None:
        number = told[-1].number + 1 if told else 1
        SupplierOrderVersion.objects.create(order=order, number=number, made_at=now, lines=rules.written(lines))
        return 1
    if rules.quantities(lines) == rules.quantities(rules.read_lines(waiting.lines)):
        return 0
    waiting.lines, waiting.made_at = rules.written(lines), now
    waiting.save(update_fields=["lines", "made_at"])
    return 1


@transaction.atomic
def _tell(version: SupplierOrderVersion, actor: Actor, now: datetime) -> int:
    waiting = SupplierOrderVersion.objects.filter(id=version.pk, told_at__isnull=True)
    if not waiting.update(told_at=now):
        return 0
    fact = SupplierOrderTold(order_id=version.order_id, number=version.number, producer_id=version.order.producer_id)
    emit(fact, by=actor, at=now)
    return 1
