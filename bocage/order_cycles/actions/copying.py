"""Next week's cycle from this week's, in a few statements whatever its size."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Model

from bocage.catalogue.models import Variant
from bocage.catalogue.queries.rights import running
from bocage.network.rules import Actor
from bocage.order_cycles import rules
from bocage.order_cycles.actions import asking
from bocage.order_cycles.actions.loading import cut_outgoing, own_cycle
from bocage.order_cycles.models import (
    CycleFee,
    Exchange,
    ExchangeException,
    ExchangeVariant,
    HandOver,
    OfferedPayment,
    OrderCycle,
)


@transaction.atomic
def copy_cycle(
    *, cycle_id: int, name: str, opens_at: datetime, closes_at: datetime, actor: Actor, now: datetime
) -> int:
    """Plan a cycle with the partners, goods, fees, hand-overs, ways to pay and tags of another; return its id.

    Deliveries and hand-overs move by as much as the closing does, on the wall clock. Goods, fees and methods
    that have ended since are left behind, and so are producers whose agreement has.
    Raises Forbidden, CycleNeedsAName, CycleClosesBeforeItOpens.
    """
    old = own_cycle(cycle_id, actor)
    rules.check_cycle(name, opens_at, closes_at)
    asking.check_new(old.coordinator_id, now)
    new = OrderCycle(name=name.strip(), opens_at=opens_at, closes_at=closes_at)
    fill(new, old, now)
    return new.pk


def fill(new: OrderCycle, old: OrderCycle, now: datetime) -> None:
    """Save a new cycle with all that `copy_cycle` takes over from the old one, in the caller's transaction."""
    new.coordinator_id, new.created_at = old.coordinator_id, now
    new.save()
    zone = ZoneInfo(old.coordinator.instance.timezone)
    by = rules.wall_distance(old.closes_at, new.closes_at, zone)

    left = _unwelcome(old, now)
    exchanges = list(Exchange.objects.filter(cycle=old).exclude(id__in=left).order_by("id"))
    copies = Exchange.objects.bulk_create(
        Exchange(
            cycle=new,
            direction=e.direction,
            enterprise_id=e.enterprise_id,
            instructions=e.instructions,
            bring_at=rules.moved(e.bring_at, by, zone) if e.bring_at else None,
            carries_all=e.carries_all,
            tags=e.tags,
        )
        for e in exchanges
    )
    copy_of = {old_one.pk: copy.pk for old_one, copy in zip(exchanges, copies, strict=True)}
    for marks in (ExchangeVariant, ExchangeException):
        _copy_marks(marks, old, new)
    if left:
        cut_outgoing(new)
    _copy_fees(old, new, copy_of)
    payments = OfferedPayment.objects.filter(exchange__cycle=old, method__ended_at__isnull=True).order_by("id")
    OfferedPayment.objects.bulk_create(
        OfferedPayment(exchange_id=copy_of[exchange_id], method_id=method_id)
        for exchange_id, method_id in payments.values_list("exchange_id", "method_id")
    )
    hand_overs = HandOver.objects.filter(exchange__cycle=old, method__ended_at__isnull=True).order_by("id")
    HandOver.objects.bulk_create(
        HandOver(
            exchange_id=copy_of[h.exchange_id],
            method_id=h.method_id,
            starts_at=rules.moved(h.starts_at, by, zone),
            ends_at=rules.moved(h.ends_at, by, zone),
        )
        for h in hand_overs
    )


def _unwelcome(old: OrderCycle, now: datetime) -> list[int]:
    """The producers' exchanges that stay behind: their agreement has ended."""
    agreed = running(now).filter(hub_id=old.coordinator_id).values("producer_id")
    incoming = Exchange.objects.filter(cycle=old, direction=Exchange.Direction.INCOMING)
    gone = incoming.exclude(enterprise_id__in=agreed).exclude(enterprise_id=old.coordinator_id)
    return list(gone.values_list("id", flat=True))


def _copy_marks(marks: type[Model], old: OrderCycle, new: OrderCycle) -> None:
    """Copy what exchanges list, or leave out, inside the database: there may be hundreds of thousands."""
    sql = f"""
        INSERT INTO {marks._meta.db_table} (exchange_id, variant_id)
        SELECT target.id, mark.variant_id
        FROM {Exchange._meta.db_table} target
        JOIN {Exchange._meta.db_table} source
          ON source.cycle_id = %s AND source.direction = target.direction AND source.enterprise_id = target.enterprise_id
        JOIN {marks._meta.db_table} mark ON mark.exchange_id = source.id
        WHERE target.cycle_id = %s
          AND NOT EXISTS (
            SELECT 1 FROM {Variant._meta.db_table} variant
            WHERE variant.id = mark.variant_id AND variant.ended_at IS NOT NULL
          )
        ORDER BY target.id, mark.variant_id
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [old.pk, new.pk])


def _copy_fees(old: OrderCycle, new: OrderCycle, copy_of: dict[int, int]) -> None:
    fees = CycleFee.objects.filter(cycle=old, fee__ended_at__isnull=True).order_by("id")
    CycleFee.objects.bulk_create(
        CycleFee(cycle=new, exchange_id=copy_of.get(exchange_id), fee_id=fee_id)
        for exchange_id, fee_id in fees.values_list("exchange_id", "fee_id")
        if exchange_id is None or exchange_id in copy_of
    )
