"""Cycles as those who run them see them: the list, and one cycle as a whole for its editor."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from bocage.catalogue.models import Variant
from bocage.catalogue.queries.rights import running
from bocage.commons.refusals import Forbidden, NotFound
from bocage.network.models import Enterprise
from bocage.network.rules import Actor, Right
from bocage.order_cycles.models import CycleFee, Exchange, ExchangeVariant, HandOver, OrderCycle
from bocage.order_cycles.rules import State, Window, state
from bocage.pricing.models import EnterpriseFee
from bocage.pricing.rules import ON_LINES
from bocage.shops.models import DeliveryMethod


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
class GoodsRow:
    """A variant that could enter or leave a cycle here; `is_carried` says whether it does."""

    variant_id: int
    product: str
    variant: str
    unit: str
    size: int
    pack: str
    is_weighed: bool
    price_minor: int
    picture: str
    field: str
    producer: str
    is_carried: bool


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
class Side:
    """An exchange: a producer that brings, or a hub that sells."""

    id: int
    direction: str
    enterprise_id: int
    enterprise: str
    town: str
    instructions: str
    bring_at: datetime | None
    goods: tuple[GoodsRow, ...]
    fee_ids: tuple[int, ...]
    methods: tuple[MethodChoice, ...]

    @property
    def carried(self) -> int:
        return sum(row.is_carried for row in self.goods)


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


def cycles_of(
    *, hub_id: int, actor: Actor, now: datetime, before: datetime | None = None, limit: int = 30
) -> list[CycleRow]:
    """Return the cycles that an enterprise runs or sells in, the last to close first, in one SQL query.

    `before` is the closing of the last one shown. Raises Forbidden.
    """
    actor.require(Right.MANAGE_CYCLES, on=hub_id)
    sells = Exchange.objects.filter(direction="outgoing", enterprise_id=hub_id).values("cycle_id")
    rows = OrderCycle.objects.filter(Q(coordinator_id=hub_id) | Q(id__in=sells))
    if before is not None:
        rows = rows.filter(closes_at__lt=before)
    rows = rows.annotate(
        producers=_counted(Exchange.objects.filter(cycle_id=OuterRef("id"), direction="incoming"), "cycle_id"),
        hubs=_counted(Exchange.objects.filter(cycle_id=OuterRef("id"), direction="outgoing"), "cycle_id"),
        variants=_counted(
            ExchangeVariant.objects.filter(exchange__cycle_id=OuterRef("id"), exchange__direction="incoming"),
            "exchange__cycle_id",
        ),
    ).select_related("coordinator")
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
            variants=row.variants or 0,
        )
        for row in rows.order_by("-closes_at", "-id")[:limit]
    ]


def cycle_sheet(*, cycle_id: int, actor: Actor, now: datetime) -> CycleSheet:
    """Return a whole cycle for its coordinator, in a constant number of SQL queries. Raises NotFound, Forbidden."""
    cycle = OrderCycle.objects.select_related("coordinator").filter(id=cycle_id).first()
    if cycle is None:
        raise NotFound
    if not actor.may(Right.MANAGE_CYCLES, on=cycle.coordinator_id):
        raise Forbidden(right=Right.MANAGE_CYCLES.value)
    exchanges = list(
        Exchange.objects.filter(cycle=cycle).select_related("enterprise").order_by("enterprise__name", "id")
    )
    carried, charged = _carried(cycle), _charged(cycle)
    goods, methods = _goods(exchanges, carried, now), _methods(exchanges)
    sides = [_side(e, goods[e.pk], charged[e.pk], methods.get(e.pk, ())) for e in exchanges]
    is_simple = cycle.coordinator.sells == Enterprise.Sells.OWN
    return CycleSheet(
        id=cycle.pk,
        name=cycle.name,
        coordinator_id=cycle.coordinator_id,
        coordinator=cycle.coordinator.name,
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


def _counted(rows: QuerySet[Any], by: str) -> Subquery:
    return Subquery(rows.order_by().values(by).annotate(n=Count("id")).values("n"))


def _carried(cycle: OrderCycle) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    rows = ExchangeVariant.objects.filter(exchange__cycle=cycle)
    for exchange_id, variant_id in rows.values_list("exchange_id", "variant_id"):
        found[exchange_id].add(variant_id)
    return found


def _charged(cycle: OrderCycle) -> dict[int | None, list[int]]:
    found: dict[int | None, list[int]] = defaultdict(list)
    rows = CycleFee.objects.filter(cycle=cycle, fee__ended_at__isnull=True).order_by("fee__name", "id")
    for exchange_id, fee_id in rows.values_list("exchange_id", "fee_id"):
        found[exchange_id].append(fee_id)
    return found


def _goods(exchanges: list[Exchange], carried: dict[int, set[int]], now: datetime) -> dict[int, tuple[GoodsRow, ...]]:
    """Return what each side could carry: a producer all it makes, a hub all that comes in and that it may sell."""
    producers = [e.enterprise_id for e in exchanges if e.direction == "incoming"]
    rows = Variant.objects.filter(
        product__producer_id__in=producers, ended_at__isnull=True, product__ended_at__isnull=True
    )
    made: dict[int, list[tuple]] = defaultdict(list)
    for row in rows.order_by("product__name", "product_id", "position", "id").values_list(
        "product__producer_id", "id", "product__name", "name", "unit", "size", "pack", "is_weighed", "price_minor",
        "product__picture", "product__category__picture", "product__category__field", "product__producer__name",
    ):  # fmt: skip
        made[row[0]].append(row)
    hubs = [e.enterprise_id for e in exchanges if e.direction == "outgoing"]
    agreed = set(running(now).filter(hub_id__in=hubs).values_list("producer_id", "hub_id"))
    coming = set().union(*(carried[e.pk] for e in exchanges if e.direction == "incoming"), set())
    found = {}
    for side in exchanges:
        here = carried[side.pk]
        if side.direction == "incoming":
            offered = made[side.enterprise_id]
        else:
            allowed = {p for p, hub in agreed if hub == side.enterprise_id} | {side.enterprise_id}
            everything = (row for of_one in made.values() for row in of_one)
            offered = [row for row in everything if row[1] in coming and (row[0] in allowed or row[1] in here)]
        found[side.pk] = tuple(_goods_row(row, row[1] in here) for row in offered)
    return found


def _goods_row(row: tuple, is_carried: bool) -> GoodsRow:
    _producer_id, variant_id, product, variant, unit, size, pack, is_weighed, price_minor, *shown = row
    picture, category_picture, field, producer = shown
    return GoodsRow(
        variant_id=variant_id,
        product=product,
        variant=variant,
        unit=unit,
        size=size,
        pack=pack,
        is_weighed=is_weighed,
        price_minor=price_minor,
        picture=picture or category_picture,
        field=field,
        producer=producer,
        is_carried=is_carried,
    )


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


def _fees(enterprise_ids: set[int]) -> tuple[FeeChoice, ...]:
    rows = EnterpriseFee.objects.filter(enterprise_id__in=enterprise_ids, ended_at__isnull=True)
    names = ("id", "enterprise_id", "enterprise__name", "name", "calculator", "percent_millionths", "amount_minor")
    return tuple(FeeChoice(*row) for row in rows.order_by("enterprise__name", "name", "id").values_list(*names))


def _side(exchange: Exchange, goods: tuple, fee_ids: list[int], methods: tuple) -> Side:
    return Side(
        id=exchange.pk,
        direction=exchange.direction,
        enterprise_id=exchange.enterprise_id,
        enterprise=exchange.enterprise.name,
        town=exchange.enterprise.town,
        instructions=exchange.instructions,
        bring_at=exchange.bring_at,
        goods=goods,
        fee_ids=tuple(fee_ids),
        methods=methods,
    )


def _to_add(
    cycle: OrderCycle, exchanges: list[Exchange], direction: str, actor: Actor, now: datetime
) -> tuple[Partner, ...]:
    inside = [e.enterprise_id for e in exchanges if e.direction == direction]
    agreed = Q(id__in=running(now).filter(hub_id=cycle.coordinator_id).values("producer_id"))
    if direction == "incoming":
        rows = Enterprise.objects.filter(agreed | Q(id=cycle.coordinator_id), is_producer=True)
    else:
        managed = Q(id__in=actor.enterprises_with(Right.MANAGE_CYCLES))
        rows = Enterprise.objects.filter(agreed | managed | Q(id=cycle.coordinator_id), sells=Enterprise.Sells.ANY)
    found = rows.filter(instance_id=cycle.coordinator.instance_id).exclude(id__in=inside).order_by("name", "id")
    return tuple(Partner(*row) for row in found.values_list("id", "name", "town"))
