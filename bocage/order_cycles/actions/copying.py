"""Next week's cycle from this week's, in a few statements whatever its size."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from bocage.catalogue.queries.rights import running
from bocage.network.rules import Actor
from bocage.order_cycles import rules
from bocage.order_cycles.actions.loading import cut_outgoing, own_cycle
from bocage.order_cycles.models import CycleFee, Exchange, ExchangeVariant, HandOver, OrderCycle


@transaction.atomic
def copy_cycle(
    *, cycle_id: int, name: str, opens_at: datetime, closes_at: datetime, actor: Actor, now: datetime
) -> int:
    """Plan a cycle with the partners, goods, fees and hand-overs of another; return its id.

    Deliveries and hand-overs move by as much as the closing does, on the wall clock. Goods, fees and delivery methods
    that have ended since are left behind, and so are producers whose agreement has.
    Raises Forbidden, CycleNeedsAName, CycleClosesBeforeItOpens.
    """
    old = own_cycle(cycle_id, actor)
    rules.check_cycle(name, opens_at, closes_at)
    new = OrderCycle.objects.create(
        coordinator_id=old.coordinator_id, name=name.strip(), opens_at=opens_at, closes_at=closes_at, created_at=now
    )
    zone = ZoneInfo(old.coordinator.instance.timezone)
    by = rules.wall_distance(old.closes_at, closes_at, zone)

    agreed = running(now).filter(hub_id=old.coordinator_id).values("producer_id")
    welcome = (
        ~Q(direction=Exchange.Direction.INCOMING) | Q(enterprise_id__in=agreed) | Q(enterprise_id=old.coordinator_id)
    )
    exchanges = list(Exchange.objects.filter(welcome, cycle=old).order_by("id"))
    copies = Exchange.objects.bulk_create(
        Exchange(
            cycle=new,
            direction=e.direction,
            enterprise_id=e.enterprise_id,
            instructions=e.instructions,
            bring_at=rules.moved(e.bring_at, by, zone) if e.bring_at else None,
        )
        for e in exchanges
    )
    copy_of = {old_one.pk: copy.pk for old_one, copy in zip(exchanges, copies, strict=True)}
    _copy_variants(old, copy_of)
    cut_outgoing(new)
    _copy_fees(old, new, copy_of)
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
    return new.pk


def _copy_variants(old: OrderCycle, copy_of: dict[int, int]) -> None:
    carried = ExchangeVariant.objects.filter(exchange__cycle=old, variant__ended_at__isnull=True).order_by("id")
    ExchangeVariant.objects.bulk_create(
        (
            ExchangeVariant(exchange_id=copy_of[exchange_id], variant_id=variant_id)
            for exchange_id, variant_id in carried.values_list("exchange_id", "variant_id")
            if exchange_id in copy_of
        ),
        batch_size=2000,
    )


def _copy_fees(old: OrderCycle, new: OrderCycle, copy_of: dict[int, int]) -> None:
    fees = CycleFee.objects.filter(cycle=old, fee__ended_at__isnull=True).order_by("id")
    CycleFee.objects.bulk_create(
        CycleFee(cycle=new, exchange_id=copy_of.get(exchange_id), fee_id=fee_id)
        for exchange_id, fee_id in fees.values_list("exchange_id", "fee_id")
        if exchange_id is None or exchange_id in copy_of
    )
