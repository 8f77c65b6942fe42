"""The lines of a farm's own goods in the sales of hubs, as that farm reads them: no names unless the hub shows them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet, Sum

from bocage.catalogue.models import Variant
from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.commons.searching import fold
from bocage.network.rules import Actor, Right
from bocage.orders.models import FarmAccess, Order, OrderLine
from bocage.orders.queries.linesheet import GoodsRow, LineSheet, SheetLine, goods_of, line_among, sheet_of
from bocage.orders.queries.searching import OfferRow, offer_rows


@dataclass(frozen=True, slots=True)
class Access:
    """What a hub lets farms do and see of the lines of their goods."""

    edits_lines: bool = False
    adds_lines: bool = False
    edits_prices: bool = False
    sees_names: bool = False


@dataclass(frozen=True, slots=True)
class FarmSale:
    """A sale of a hub in which goods of the farm were ordered. `goods` is what the farm gets, before fees."""

    cycle_id: int
    cycle: str
    hub_id: int
    hub: str
    closes_at: datetime
    lines: int
    goods: Money

    @property
    def key(self) -> str:
        """Return sale and hub as one word, as an address names them."""
        return f"{self.cycle_id}-{self.hub_id}"


def access_of(*, hub_id: int) -> Access:
    """Return what a hub lets farms do, in one query; nothing where it never said."""
    fields = ("edits_lines", "adds_lines", "edits_prices", "sees_names")
    row = FarmAccess.objects.filter(hub_id=hub_id).values_list(*fields).first()
    return Access(*row) if row else Access()


def farm_access(*, hub_id: int, actor: Actor) -> Access:
    """Return what a hub lets farms do, for who decides it. Raises Forbidden."""
    actor.require(Right.MANAGE_ENTERPRISE, on=hub_id)
    return access_of(hub_id=hub_id)


def farm_sales(*, farm_id: int, actor: Actor, limit: int = 24) -> list[FarmSale]:
    """Return the sales of other hubs where the farm's goods stand in orders, last to close first, in one query.

    Raises Forbidden without SEE_ORDERS at the farm.
    """
    actor.require(Right.SEE_ORDERS, on=farm_id)
    rows: Any = OrderLine.objects.filter(producer_id=farm_id, order__state=Order.State.PLACED)
    told = rows.exclude(order__hub_id=farm_id).values_list(
        "order__cycle_id", "order__cycle__name", "order__hub_id", "order__hub__name", "order__cycle__closes_at",
        "order__currency",
    )  # fmt: skip
    told = told.annotate(n=Count("id"), sum=Sum("goods_minor"))
    found = told.order_by("-order__cycle__closes_at", "-order__cycle_id", "order__hub__name", "order__hub_id")[:limit]
    return [
        FarmSale(cycle_id, cycle, hub_id, hub, closes_at, lines, Money(minor, currency))
        for cycle_id, cycle, hub_id, hub, closes_at, currency, lines, minor in found
    ]


def farm_sheet(*, farm_id: int, hub_id: int, cycle_id: int, actor: Actor, start: int = 0) -> LineSheet:
    """Return a page of the lines of the farm's goods in a hub's sale, in six queries. Raises Forbidden."""
    actor.require(Right.SEE_ORDERS, on=farm_id)
    rows = _rows(farm_id, hub_id, cycle_id)
    sheet = sheet_of(rows, hub_id=hub_id, start=start, amount="goods_minor")
    if access_of(hub_id=hub_id).sees_names:
        return sheet
    return replace(sheet, groups=tuple((goods, tuple(map(_nameless, lines))) for goods, lines in sheet.groups))


def farm_line(*, farm_id: int, line_id: int, actor: Actor) -> tuple[int, int, SheetLine]:
    """Return a line of the farm's goods with the ids of its sale and hub, in three queries. Raises Forbidden, NotFound."""
    actor.require(Right.SEE_ORDERS, on=farm_id)
    rows = OrderLine.objects.filter(producer_id=farm_id, order__state=Order.State.PLACED)
    cycle_id, line = line_among(rows, line_id)
    hub_id = rows.values_list("order__hub_id", flat=True).filter(id=line_id).first()
    if hub_id is None:
        raise NotFound()
    return cycle_id, hub_id, line if access_of(hub_id=hub_id).sees_names else _nameless(line)


def farm_goods(*, farm_id: int, hub_id: int, cycle_id: int, variant_id: int, actor: Actor) -> GoodsRow:
    """Return the totals of one of the farm's variants in a hub's sale, in two queries. Raises Forbidden, NotFound."""
    actor.require(Right.SEE_ORDERS, on=farm_id)
    return goods_of(_rows(farm_id, hub_id, cycle_id), hub_id=hub_id, variant_id=variant_id, amount="goods_minor")


@dataclass(frozen=True, slots=True)
class FarmOrder:
    """An order that holds goods of the farm: what else of the farm may be put in; `name` empty for who may not read it."""

    ref: str
    name: str
    hub_id: int
    hub: str
    cycle_id: int
    offers: tuple[OfferRow, ...]


def farm_order(*, farm_id: int, hub_id: int, ref: str, actor: Actor, now: datetime) -> FarmOrder:
    """Return what a farm may still put into an order that holds its goods, in six queries. Raises Forbidden, NotFound."""
    actor.require(Right.SEE_ORDERS, on=farm_id)
    rows = OrderLine.objects.filter(producer_id=farm_id, order__hub_id=hub_id, order__ref=ref)
    own = list(
        rows.filter(order__state=Order.State.PLACED).values_list(
            "variant_id", "order__name", "order__hub__name", "order__cycle_id"
        )
    )
    if not own:
        raise NotFound()
    held = {variant_id for variant_id, *_ in own}
    _, name, hub, cycle_id = own[0]
    farms = Variant.objects.filter(product__producer_id=farm_id).exclude(id__in=held).order_by("id")
    found = offer_rows(
        hub_id=hub_id, cycle_id=cycle_id, variant_ids=list(farms.values_list("id", flat=True)), now=now, held={}
    )
    shown = name if access_of(hub_id=hub_id).sees_names else ""
    by_name = sorted(found, key=lambda row: (fold(row.product_name), row.variant_id))
    return FarmOrder(ref, shown, hub_id, hub, cycle_id, tuple(by_name))


def _rows(farm_id: int, hub_id: int, cycle_id: int) -> QuerySet[OrderLine]:
    rows = OrderLine.objects.filter(order__cycle_id=cycle_id, order__hub_id=hub_id, order__state=Order.State.PLACED)
    return rows.filter(producer_id=farm_id)


def _nameless(line: SheetLine) -> SheetLine:
    return replace(line, name="")
