"""Stock as those see it who count it: what the producer has, what the hub holds itself, what moved lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from bocage.catalogue.models import Product, Variant
from bocage.catalogue.queries import producers_of, producers_to_edit, require_goods
from bocage.commons.measures import Exact
from bocage.commons.refusals import NotFound
from bocage.network.models import Enterprise
from bocage.network.queries.agreements import granted, hub_may, in_force
from bocage.network.rules import Actor, Right
from bocage.network.rules.agreements import Act
from bocage.stock.models import Movement, StockItem
from bocage.stock.rules import OwnStockNotAgreed

SHOWN = 60
COUNTS = ("count", "import")  # reasons of movements that no order caused


@dataclass(frozen=True, slots=True)
class Pool:
    """What a pool says: `on_hand` units, unless it is on demand."""

    id: int
    on_hand: int
    on_demand: bool


@dataclass(frozen=True, slots=True)
class StockRow:
    """A variant that an enterprise may sell. `whose` is the pool that this enterprise counts: "pool" is the producer's,
    "own" the hub's; None is a pool that nobody counted yet."""

    variant_id: int
    product_id: int
    product: str
    variant: str
    unit: str
    size: Exact
    pack: str
    measure: str
    is_weighed: bool
    producer: str
    picture: str
    field: str
    pool: Pool | None
    own: Pool | None
    whose: str
    may_count_pool: bool
    may_count_own: bool = False

    @property
    def key(self) -> str:
        """Its id as text, as element ids need it."""
        return str(self.variant_id)

    @property
    def counted(self) -> Pool | None:
        """The pool that this enterprise counts."""
        return self.pool if self.whose == "pool" else self.own

    @property
    def on_sale(self) -> Pool | None:
        """The pool that orders here are taken from."""
        return self.own or self.pool


@dataclass(frozen=True, slots=True)
class StockPage:
    """Some variants by product name; `next` is where the following ones begin, "" at the end."""

    rows: tuple[StockRow, ...]
    total: int
    next: str


@dataclass(frozen=True, slots=True)
class MovementRow:
    """A change of a pool: `ref` is the order it was for, "" where somebody counted."""

    change: int
    reason: str
    ref: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StockSheet:
    """A variant with the last movements, newest first, of the pools that one may count."""

    row: StockRow
    may_hold_own: bool
    of_pool: tuple[MovementRow, ...]
    of_own: tuple[MovementRow, ...]


def stock(
    *, enterprise_id: int, actor: Actor, now: datetime, text: str = "", after: str = "", limit: int = SHOWN
) -> StockPage:
    """Return the stock of what an enterprise may sell, by product name, in eight SQL queries. Raises Forbidden."""
    actor.require(Right.MANAGE_CATALOGUE, on=enterprise_id)
    rows = _sold_by(enterprise_id, now)
    for word in text.split():
        rows = rows.filter(Q(product__name__icontains=word) | Q(product__producer__name__icontains=word))
    total = rows.count()
    found = list(_after(rows, after).order_by("product__name", "id")[: limit + 1])
    shown = found[:limit]
    return StockPage(
        rows=_rows(shown, enterprise_id, actor, now),
        total=total,
        next=f"{shown[-1].pk}~{shown[-1].product.name}" if len(found) > limit else "",
    )


def stock_of(*, variant_id: int, enterprise_id: int, actor: Actor, now: datetime, limit: int = 8) -> StockSheet:
    """Return the stock of one variant that an enterprise may sell, in at most nine SQL queries.

    Raises NotFound, Forbidden.
    """
    actor.require(Right.MANAGE_CATALOGUE, on=enterprise_id)
    variant = _sold_by(enterprise_id, now).filter(id=variant_id).first()
    if variant is None:
        raise NotFound
    [row] = _rows([variant], enterprise_id, actor, now)
    return StockSheet(
        row=row,
        may_hold_own=row.may_count_own or row.own is not None,
        of_pool=_movements(row.pool, limit) if row.may_count_pool else (),
        of_own=_movements(row.own, limit),
    )


def require_holder(*, variant_id: int, hub_id: int | None, gives_up: bool = False, actor: Actor, now: datetime) -> None:
    """Raise Forbidden, NotFound or OwnStockNotAgreed unless the actor may count this pool now.

    A hub's own: who manages its catalogue, for goods of others whose agreement lets it count its own; `gives_up` it may
    under any agreement. The producer's (no hub): who may edit the producer's goods.
    """
    if hub_id is not None:
        actor.require(Right.MANAGE_CATALOGUE, on=hub_id)
        live = Variant.objects.filter(id=variant_id, ended_at=None, product__ended_at=None)
        others = live.exclude(product__producer_id=hub_id)
        farm = others.values_list("product__producer_id", "product__producer__name").first()
        if farm is None or not in_force(now).filter(hub_id=hub_id, producer_id=farm[0]).exists():
            raise NotFound
        if not gives_up and not hub_may(Act.SET_STOCK, producer_id=farm[0], hub_id=hub_id, at=now):
            raise OwnStockNotAgreed(producer=farm[1])
        return
    producers = Variant.objects.filter(id=variant_id, ended_at__isnull=True).values_list("product__producer_id")
    found = producers.first()
    if found is None:
        raise NotFound
    require_goods(producer_id=found[0], actor=actor, now=now)


def require_holders(*, variant_ids: list[int], hub_id: int | None, actor: Actor, now: datetime) -> None:
    """Refuse, as `require_holder` does of one, unless the actor may count all these pools now."""
    found, producers = 0, set[int]()
    for start in range(0, len(variant_ids), 1000):  # not joined: SQLite would walk all products for each thousand
        rows = Variant.objects.filter(id__in=variant_ids[start : start + 1000]).values_list("product_id", flat=True)
        products = list(rows)
        found += len(products)
        producers |= set(Product.objects.filter(id__in=set(products)).values_list("producer_id", flat=True))
    if found != len(set(variant_ids)):
        raise NotFound
    if hub_id is not None:
        actor.require(Right.MANAGE_CATALOGUE, on=hub_id)
        counted = set(granted(Act.SET_STOCK, at=now).filter(hub_id=hub_id).values_list("producer_id", flat=True))
        for producer_id, name in Enterprise.objects.filter(id__in=producers - counted).values_list("id", "name"):
            if producer_id != hub_id and in_force(now).filter(hub_id=hub_id, producer_id=producer_id).exists():
                raise OwnStockNotAgreed(producer=name)
            raise NotFound
        if hub_id in producers:
            raise NotFound
        return
    for producer_id in sorted(producers):
        require_goods(producer_id=producer_id, actor=actor, now=now)


def _sold_by(enterprise_id: int, now: datetime) -> QuerySet[Variant]:
    producers = [row.id for row in producers_of(enterprise_id=enterprise_id, now=now)]
    rows = Variant.objects.filter(product__producer_id__in=producers, ended_at=None, product__ended_at=None)
    return rows.select_related("product__producer", "product__category")


def _after(rows: QuerySet[Variant], after: str) -> QuerySet[Variant]:
    key, _, name = after.partition("~")
    if not (key.isascii() and key.isdigit()):
        return rows
    return rows.filter(Q(product__name__gt=name) | Q(product__name=name, id__gt=int(key)))


def _rows(variants: list[Variant], enterprise_id: int, actor: Actor, now: datetime) -> tuple[StockRow, ...]:
    editable = {row.id for row in producers_to_edit(enterprise_id=enterprise_id, manages=True, now=now)}
    pools = _pools(enterprise_id, [row.pk for row in variants])
    own = set(granted(Act.SET_STOCK, at=now).filter(hub_id=enterprise_id).values_list("producer_id", flat=True))
    return tuple(_row(row, pools, enterprise_id, editable, own - {enterprise_id}, actor) for row in variants)


def _row(
    row: Variant,
    pools: dict[tuple[int, bool], Pool],
    enterprise_id: int,
    editable: set[int],
    counted: set[int],
    actor: Actor,
) -> StockRow:
    producer, own = row.product.producer, pools.get((row.pk, True))
    speaks_for_it = producer.pk == enterprise_id or producer.pk in editable
    return StockRow(
        variant_id=row.pk,
        product_id=row.product_id,
        product=row.product.name,
        variant=row.name,
        unit=row.unit,
        size=row.size,
        pack=row.pack,
        measure=row.measure,
        is_weighed=row.is_weighed,
        producer=producer.name,
        picture=row.product.picture or row.product.category.picture,
        field=row.product.category.field,
        pool=pools.get((row.pk, False)),
        own=own,
        whose="pool" if speaks_for_it and own is None else "own",
        may_count_pool=speaks_for_it or actor.may(Right.MANAGE_CATALOGUE, on=producer.pk),
        may_count_own=producer.pk in counted,
    )


def _pools(hub_id: int, variant_ids: list[int]) -> dict[tuple[int, bool], Pool]:
    """The pools of variants by variant and whether they are the hub's own."""
    rows = StockItem.objects.filter(Q(hub_id=hub_id) | Q(hub__isnull=True), variant_id__in=variant_ids)
    fields = rows.values_list("variant_id", "hub_id", "id", "on_hand", "on_demand")
    return {(row[0], row[1] is not None): Pool(*row[2:]) for row in fields}


def _movements(pool: Pool | None, limit: int) -> tuple[MovementRow, ...]:
    rows = Movement.objects.filter(item_id=pool.id).order_by("-id")[:limit] if pool else ()
    return tuple(MovementRow(row.change, row.reason, row.about.removeprefix("order:"), row.at) for row in rows)
