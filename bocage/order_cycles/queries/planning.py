"""Cycles as those who run them see them: the list, and one cycle as a whole for its editor."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from bocage.catalogue.models import Product
from bocage.catalogue.queries.rights import running
from bocage.commons.refusals import Forbidden, NotFound
from bocage.network.models import Enterprise
from bocage.network.rules import Actor, Right
from bocage.order_cycles.models import CycleFee, Exchange, HandOver, OfferedPayment, OrderCycle
from bocage.order_cycles.queries.counting import Count, brought_to, counted
from bocage.order_cycles.rules import State, Window, state
from bocage.payments.models import PaymentMethod
from bocage.pricing.models import EnterpriseFee
from bocage.pricing.rules import ON_LINES
from bocage.shops.models import DeliveryMethod
from bocage.shops.rules.tagging import read_tags


@dataclass(frozen=True, slots=True)
class CycleRow:
    """A cycle in a list, with how much comes in from how many producers and goes to how many hubs."""

    id: int
    name: str
    coordinator_id: int
    coordinator: str
    opens_at: datetime
    closes_at: datetime
    state: State
    producers: int
    hubs: int
    variants: int


@dataclass(frozen=True, slots=True)
class FeeChoice:
    """A fee that may be charged in a cycle, and whose it is."""

    id: int
    enterprise_id: int
    enterprise: str
    name: str
    calculator: str
    percent_millionths: int
    amount_minor: int

    @property
    def is_on_lines(self) -> bool:
        return self.calculator in ON_LINES


@dataclass(frozen=True, slots=True)
class MethodChoice:
    """A delivery method of a hub, and when it hands over in this cycle, if it does."""

    id: int
    name: str
    kind: str
    town: str
    window: Window | None


@dataclass(frozen=True, slots=True)
class PaymentWay:
    """A way to pay a hub; `is_chosen`: among those it chose for this cycle."""

    id: int
    name: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Side:
    """An exchange: a producer that brings, or a hub that sells; it carries `carried` of the `offered` it could.

    `carries_all`: what is new comes along by itself. `withdrawn_at`: the producer ended its agreement since.
    """

    id: int
    direction: str
    enterprise_id: int
    enterprise: str
    town: str
    instructions: str
    bring_at: datetime | None
    carries_all: bool
    withdrawn_at: datetime | None
    carried: int
    offered: int
    fee_ids: tuple[int, ...]
    methods: tuple[MethodChoice, ...]
    payments: tuple[PaymentWay, ...] = ()
    tags: tuple[str, ...] = ()

    @property
    def chosen_payments(self) -> tuple[PaymentWay, ...]:
        """Return the ways to pay that the hub chose for this cycle; none means all."""
        return tuple(one for one in self.payments if one.is_chosen)


@dataclass(frozen=True, slots=True)
class Partner:
    """An enterprise that could be added."""

    id: int
    name: str
    town: str


@dataclass(frozen=True, slots=True)
class CycleSheet:
    """A whole cycle for its editor."""

    id: int
    name: str
    coordinator_id: int
    coordinator: str
    series_id: int | None
    is_simple: bool
    opens_at: datetime
    closes_at: datetime
    state: State
    fee_ids: tuple[int, ...]
    fees: tuple[FeeChoice, ...]
    incoming: tuple[Side, ...]
    outgoing: tuple[Side, ...]
    producers_to_add: tuple[Partner, ...]
    hubs_to_add: tuple[Partner, ...]

    @property
    def variants(self) -> int:
        return sum(side.carried for side in self.incoming)


@dataclass(frozen=True, slots=True)
class PartSheet:
    """What an enterprise has to do with a cycle that another one runs: what it brings, what it sells, by which fees."""

    id: int
    name: str
    coordinator: str
    opens_at: datetime
    closes_at: datetime
    state: State
    brings: Side | None
    sells: Side | None
    fees: tuple[FeeChoice, ...]


def cycles_of(
    *, hub_id: int, actor: Actor, now: datetime, text: str = "", before: datetime | None = None, limit: int = 30
) -> list[CycleRow]:
    """Return the cycles that an enterprise runs or takes part in, the last to close first, in five SQL queries.

    text: in its name, or in that of an enterprise that takes part. `before` is the closing of the last one shown.
    Raises Forbidden.
    """
    actor.require(Right.MANAGE_CYCLES, on=hub_id)
    takes_part = Exchange.objects.filter(enterprise_id=hub_id).values("cycle_id")
    rows = OrderCycle.objects.filter(Q(coordinator_id=hub_id) | Q(id__in=takes_part))
    if before is not None:
        rows = rows.filter(closes_at__lt=before)
    if text:
        partners = Exchange.objects.filter(cycle_id=OuterRef("pk"), enterprise__name__icontains=text)
        rows = rows.filter(Q(name__icontains=text) | Exists(partners))
    rows = rows.annotate(
        producers=_counted(Exchange.objects.filter(cycle_id=OuterRef("id"), direction="incoming"), "cycle_id"),
        hubs=_counted(Exchange.objects.filter(cycle_id=OuterRef("id"), direction="outgoing"), "cycle_id"),
    ).select_related("coordinator")
    shown = list(rows.order_by("-closes_at", "-id")[:limit])
    brought = brought_to([row.pk for row in shown])
    return [
        CycleRow(
            id=row.pk,
            name=row.name,
            coordinator_id=row.coordinator_id,
            coordinator=row.coordinator.name,
            opens_at=row.opens_at,
            closes_at=row.closes_at,
            state=state(row.opens_at, row.closes_at, now),
            producers=row.producers or 0,
            hubs=row.hubs or 0,
            variants=brought.get(row.pk, 0),
        )
        for row in shown
    ]


def cycle_sheet(*, cycle_id: int, actor: Actor, now: datetime) -> CycleSheet:
    """Return a whole cycle for its coordinator, in a constant number of SQL queries. Raises NotFound, Forbidden."""
    cycle = OrderCycle.objects.select_related("coordinator", "series").filter(id=cycle_id).first()
    if cycle is None:
        raise NotFound
    if not actor.may(Right.MANAGE_CYCLES, on=cycle.coordinator_id):
        raise Forbidden(right=Right.MANAGE_CYCLES.value)
    exchanges = list(
        Exchange.objects.filter(cycle=cycle).select_related("enterprise").order_by("enterprise__name", "id")
    )
    charged, counts, methods = _charged(cycle), counted(exchanges, now), _methods(exchanges)
    payments = _payments(exchanges)
    sides = [_side(e, counts[e.pk], charged[e.pk], methods.get(e.pk, ()), payments.get(e.pk, ())) for e in exchanges]
    is_simple = cycle.coordinator.sells == Enterprise.Sells.OWN
    return CycleSheet(
        id=cycle.pk,
        name=cycle.name,
        coordinator_id=cycle.coordinator_id,
        coordinator=cycle.coordinator.name,
        series_id=cycle.series_id if cycle.series and cycle.series.ended_at is None else None,
        is_simple=is_simple,
        opens_at=cycle.opens_at,
        closes_at=cycle.closes_at,
        state=state(cycle.opens_at, cycle.closes_at, now),
        fee_ids=tuple(charged[None]),
        fees=_fees({cycle.coordinator_id, *(e.enterprise_id for e in exchanges)}),
        incoming=tuple(side for side in sides if side.direction == "incoming"),
        outgoing=tuple(side for side in sides if side.direction == "outgoing"),
        producers_to_add=() if is_simple else _to_add(cycle, exchanges, "incoming", actor, now),
        hubs_to_add=() if is_simple else _to_add(cycle, exchanges, "outgoing", actor, now),
    )


def part_sheet(*, cycle_id: int, enterprise_id: int, actor: Actor, now: datetime) -> PartSheet:
    """Return what an enterprise brings to and sells in another one's cycle, in a constant number of SQL queries.

    Its own sides alone: of the other partners it says nothing. Raises Forbidden, NotFound where it takes no part, or
    runs the cycle itself.
    """
    actor.require(Right.MANAGE_CYCLES, on=enterprise_id)
    cycle = OrderCycle.objects.select_related("coordinator").filter(id=cycle_id).first()
    mine = Exchange.objects.filter(cycle_id=cycle_id, enterprise_id=enterprise_id).select_related("enterprise")
    exchanges = list(mine.order_by("id"))
    if cycle is None or not exchanges or cycle.coordinator_id == enterprise_id:
        raise NotFound
    charged, counts, methods = _charged(cycle), counted(exchanges, now), _methods(exchanges)
    payments = _payments(exchanges)
    sides = {
        e.direction: _side(e, counts[e.pk], charged[e.pk], methods.get(e.pk, ()), payments.get(e.pk, ()))
        for e in exchanges
    }
    on_us = {fee_id for place in (None, *(e.pk for e in exchanges)) for fee_id in charged[place]}
    return PartSheet(
        id=cycle.pk,
        name=cycle.name,
        coordinator=cycle.coordinator.name,
        opens_at=cycle.opens_at,
        closes_at=cycle.closes_at,
        state=state(cycle.opens_at, cycle.closes_at, now),
        brings=sides.get("incoming"),
        sells=sides.get("outgoing"),
        fees=tuple(fee for fee in _fees({cycle.coordinator_id, enterprise_id}) if fee.id in on_us),
    )


def _counted(rows: QuerySet[Any], by: str) -> Subquery:
    return Subquery(rows.order_by().values(by).annotate(n=models.Count("id")).values("n"))


def _charged(cycle: OrderCycle) -> dict[int | None, list[int]]:
    found: dict[int | None, list[int]] = defaultdict(list)
    rows = CycleFee.objects.filter(cycle=cycle, fee__ended_at__isnull=True).order_by("fee__name", "id")
    for exchange_id, fee_id in rows.values_list("exchange_id", "fee_id"):
        found[exchange_id].append(fee_id)
    return found


def _methods(exchanges: list[Exchange]) -> dict[int, tuple[MethodChoice, ...]]:
    sides = {e.enterprise_id: e.pk for e in exchanges if e.direction == "outgoing"}
    windows = {(h.exchange_id, h.method_id): h for h in HandOver.objects.filter(exchange_id__in=sides.values())}
    found: dict[int, tuple[MethodChoice, ...]] = {}
    rows = DeliveryMethod.objects.filter(hub_id__in=sides, ended_at__isnull=True).select_related("point")
    for row in rows.order_by("position", "id"):
        side = sides[row.hub_id]
        kept = windows.get((side, row.pk))
        choice = MethodChoice(
            id=row.pk,
            name=row.name,
            kind=row.kind,
            town=row.point.town if row.point else "",
            window=Window(row.pk, kept.starts_at, kept.ends_at) if kept else None,
        )
        found[side] = (*found.get(side, ()), choice)
    return found


def _payments(exchanges: list[Exchange]) -> dict[int, tuple[PaymentWay, ...]]:
    sides = {e.enterprise_id: e.pk for e in exchanges if e.direction == "outgoing"}
    rows = OfferedPayment.objects.filter(exchange_id__in=sides.values()).values_list("exchange_id", "method_id")
    chosen = set(rows)
    found: dict[int, tuple[PaymentWay, ...]] = {}
    methods = PaymentMethod.objects.filter(hub_id__in=sides, ended_at__isnull=True).order_by("position", "id")
    for hub_id, pk, name in methods.values_list("hub_id", "id", "name"):
        side = sides[hub_id]
        found[side] = (*found.get(side, ()), PaymentWay(pk, name, (side, pk) in chosen))
    return found


def _fees(enterprise_ids: set[int]) -> tuple[FeeChoice, ...]:
    rows = EnterpriseFee.objects.filter(enterprise_id__in=enterprise_ids, ended_at__isnull=True)
    names = ("id", "enterprise_id", "enterprise__name", "name", "calculator", "percent_millionths", "amount_minor")
    return tuple(FeeChoice(*row) for row in rows.order_by("enterprise__name", "name", "id").values_list(*names))


def _side(exchange: Exchange, count: Count, fee_ids: list[int], methods: tuple, payments: tuple) -> Side:
    return Side(
        id=exchange.pk,
        direction=exchange.direction,
        enterprise_id=exchange.enterprise_id,
        enterprise=exchange.enterprise.name,
        town=exchange.enterprise.town,
        instructions=exchange.instructions,
        bring_at=exchange.bring_at,
        carries_all=exchange.carries_all,
        withdrawn_at=exchange.withdrawn_at,
        carried=count.carried,
        offered=count.offered,
        fee_ids=tuple(fee_ids),
        methods=methods,
        payments=payments,
        tags=read_tags(exchange.tags),
    )


def _to_add(
    cycle: OrderCycle, exchanges: list[Exchange], direction: str, actor: Actor, now: datetime
) -> tuple[Partner, ...]:
    inside = [e.enterprise_id for e in exchanges if e.direction == direction]
    agreed = Q(id__in=running(now).filter(hub_id=cycle.coordinator_id).values("producer_id"))
    if direction == "incoming":
        makes = Exists(Product.objects.filter(producer_id=OuterRef("pk"), ended_at=None))
        rows = Enterprise.objects.filter(agreed | Q(id=cycle.coordinator_id)).filter(Q(is_producer=True) | makes)
    else:
        managed = Q(id__in=actor.enterprises_with(Right.MANAGE_CYCLES))
        rows = Enterprise.objects.filter(agreed | managed | Q(id=cycle.coordinator_id), sells=Enterprise.Sells.ANY)
    found = rows.filter(instance_id=cycle.coordinator.instance_id).exclude(id__in=inside).order_by("name", "id")
    return tuple(Partner(*row) for row in found.values_list("id", "name", "town"))
