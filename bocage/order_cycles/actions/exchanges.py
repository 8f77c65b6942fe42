"""From whom, to whom: the partners of a cycle, which fees count, when goods are handed over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from bocage.catalogue.queries.rights import running
from bocage.commons.refusals import NotFound
from bocage.network.models import Enterprise
from bocage.network.rules import Actor, Right
from bocage.network.rules.customers import tidy_tags
from bocage.order_cycles import rules
from bocage.order_cycles.actions.loading import cut_outgoing, grown, own_cycle, own_exchange
from bocage.order_cycles.models import CycleFee, Exchange, HandOver, OfferedPayment, OrderCycle
from bocage.order_cycles.rules import Window
from bocage.payments.models import PaymentMethod
from bocage.pricing.models import EnterpriseFee
from bocage.shops.models import DeliveryMethod

Direction = Exchange.Direction


@transaction.atomic
def add_incoming(
    *,
    cycle_id: int,
    enterprise_id: int,
    instructions: str = "",
    bring_at: datetime | None = None,
    actor: Actor,
    now: datetime,
) -> int:
    """Let a producer bring goods into a cycle: one with a running agreement with the coordinator, or the coordinator.

    Returns the exchange's id, still carrying nothing. Raises Forbidden, OnlyOwnGoods, NoAgreement, AlreadyInCycle.
    """
    cycle = own_cycle(cycle_id, actor)
    producer = _partner(cycle, enterprise_id)
    if producer.pk != cycle.coordinator_id:
        agreed = running(now).filter(producer=producer, hub_id=cycle.coordinator_id).exists()
        if not (agreed and producer.is_producer):
            raise rules.NoAgreement(producer=producer.name, hub=cycle.coordinator.name)
    exchange = _add(cycle, Direction.INCOMING, producer, instructions, bring_at)
    grown(cycle, "incoming", actor, now)
    return exchange.pk


@transaction.atomic
def add_outgoing(*, cycle_id: int, enterprise_id: int, instructions: str = "", actor: Actor, now: datetime) -> int:
    """Let a hub sell goods of a cycle: the coordinator, one that the actor manages too, or one that agreed with it.

    Returns the exchange's id, still carrying nothing.
    Raises Forbidden, OnlyOwnGoods, NotAShop, NoAgreement, AlreadyInCycle.
    """
    cycle = own_cycle(cycle_id, actor)
    hub = _partner(cycle, enterprise_id)
    if hub.pk != cycle.coordinator_id:
        if hub.sells != Enterprise.Sells.ANY:
            raise rules.NotAShop(enterprise=hub.name)
        agreed = running(now).filter(producer=hub, hub_id=cycle.coordinator_id).exists()
        if not agreed and not actor.may(Right.MANAGE_CYCLES, on=hub.pk):
            raise rules.NoAgreement(producer=hub.name, hub=cycle.coordinator.name)
    exchange = _add(cycle, Direction.OUTGOING, hub, instructions, None)
    grown(cycle, "outgoing", actor, now)
    return exchange.pk


@transaction.atomic
def edit_exchange(
    *, exchange_id: int, instructions: str, bring_at: datetime | None = None, actor: Actor, now: datetime
) -> None:
    """Say where and when to bring the goods, or what customers must know to fetch them; its own enterprise may too.

    Raises Forbidden, NotFound. Emits CycleChanged.
    """
    cycle, exchange = own_exchange(exchange_id, actor, partner_too=True)
    exchange.instructions = instructions.strip()
    exchange.bring_at = bring_at if exchange.direction == Direction.INCOMING else None
    exchange.save(update_fields=["instructions", "bring_at"])
    grown(cycle, "instructions", actor, now)


@transaction.atomic
def remove_exchange(*, exchange_id: int, actor: Actor, now: datetime) -> None:
    """Take a partner out of a cycle; what a producer brought leaves all hubs. Orders stay as they were placed."""
    cycle, exchange = own_exchange(exchange_id, actor)
    direction = exchange.direction
    exchange.delete()
    if direction == Direction.INCOMING:
        cut_outgoing(cycle)
    grown(cycle, direction, actor, now)


@transaction.atomic
def set_fees(
    *, cycle_id: int, fee_ids: Sequence[int], exchange_id: int | None = None, actor: Actor, now: datetime
) -> None:
    """Charge exactly these fees at one place of a cycle: on everything (no exchange), or on what an exchange carries.

    The coordinator's place takes only its own fees; an exchange takes those of anyone in the cycle. A fee per order on
    an incoming one is charged once to each order that has goods of its producer. Raises Forbidden, FeeNotForThisPlace.
    """
    cycle = own_cycle(cycle_id, actor)
    exchange = None if exchange_id is None else Exchange.objects.filter(id=exchange_id, cycle=cycle).first()
    if exchange_id is not None and exchange is None:
        raise NotFound
    there = CycleFee.objects.filter(cycle=cycle, exchange=exchange)
    kept = set(there.values_list("fee_id", flat=True)) & set(fee_ids)
    new = sorted(set(fee_ids) - kept)
    _check_fees(cycle, exchange, new)
    there.exclude(fee_id__in=kept).delete()
    CycleFee.objects.bulk_create(CycleFee(cycle=cycle, exchange=exchange, fee_id=fee_id) for fee_id in new)
    grown(cycle, "fees", actor, now)


@transaction.atomic
def set_hand_overs(*, exchange_id: int, windows: Sequence[Window], actor: Actor, now: datetime) -> None:
    """Say by which of a hub's delivery methods and when it hands over a cycle's goods, replacing what was said.

    Raises Forbidden, MethodNotOfThisHub, HandOverEndsBeforeItStarts; NotFound for an incoming exchange.
    """
    cycle, exchange = own_exchange(exchange_id, actor, partner_too=True)
    if exchange.direction != Direction.OUTGOING:
        raise NotFound
    methods = DeliveryMethod.objects.filter(hub_id=exchange.enterprise_id, ended_at__isnull=True)
    rules.check_windows(windows, dict(methods.values_list("id", "name")))
    HandOver.objects.filter(exchange=exchange).delete()
    HandOver.objects.bulk_create(
        HandOver(exchange=exchange, method_id=w.method_id, starts_at=w.starts_at, ends_at=w.ends_at) for w in windows
    )
    grown(cycle, "hand_overs", actor, now)


@transaction.atomic
def set_terms(*, exchange_id: int, payment_ids: Sequence[int], tags: str, actor: Actor, now: datetime) -> None:
    """Say how a hub is paid for a cycle's goods, and by which words its tag rules know this sale.

    payment_ids: some of the hub's ways to pay; none, or all it has, means all, also those it will have.
    tags: separated by commas. Raises Forbidden, PaymentNotOfThisHub; NotFound for an incoming exchange.
    """
    cycle, exchange = own_exchange(exchange_id, actor, partner_too=True)
    if exchange.direction != Direction.OUTGOING:
        raise NotFound
    running = PaymentMethod.objects.filter(hub_id=exchange.enterprise_id, ended_at__isnull=True)
    known, wanted = set(running.values_list("id", flat=True)), set(payment_ids)
    if not wanted <= known:
        raise rules.PaymentNotOfThisHub
    OfferedPayment.objects.filter(exchange=exchange).delete()
    if wanted != known:
        OfferedPayment.objects.bulk_create(OfferedPayment(exchange=exchange, method_id=pk) for pk in sorted(wanted))
    exchange.tags = ",".join(tidy_tags(tags))
    exchange.save(update_fields=["tags"])
    grown(cycle, "terms", actor, now)


def _partner(cycle: OrderCycle, enterprise_id: int) -> Enterprise:
    partner = Enterprise.objects.filter(id=enterprise_id, instance_id=cycle.coordinator.instance_id).first()
    if partner is None:
        raise NotFound
    if cycle.coordinator.sells == Enterprise.Sells.OWN and partner.pk != cycle.coordinator_id:
        raise rules.OnlyOwnGoods(enterprise=cycle.coordinator.name)
    return partner


def _add(
    cycle: OrderCycle, direction: str, partner: Enterprise, instructions: str, bring_at: datetime | None
) -> Exchange:
    if Exchange.objects.filter(cycle=cycle, direction=direction, enterprise=partner).exists():
        raise rules.AlreadyInCycle(enterprise=partner.name)
    return Exchange.objects.create(
        cycle=cycle, direction=direction, enterprise=partner, instructions=instructions.strip(), bring_at=bring_at
    )


def _check_fees(cycle: OrderCycle, exchange: Exchange | None, fee_ids: list[int]) -> None:
    taking_part = {cycle.coordinator_id}
    if exchange is not None:
        taking_part |= set(Exchange.objects.filter(cycle=cycle).values_list("enterprise_id", flat=True))
    found = EnterpriseFee.objects.filter(id__in=fee_ids).order_by("id")
    if len(found) != len(fee_ids):
        raise NotFound
    for fee in found:
        if fee.enterprise_id not in taking_part or fee.ended_at is not None:
            raise rules.FeeNotForThisPlace(fee=fee.name)
