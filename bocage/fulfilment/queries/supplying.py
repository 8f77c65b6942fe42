"""Supplier orders: what farms bring, as it was told and confirmed; the one reading for page, mail, PDF and CSV."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import OuterRef, Subquery, Sum

from bocage.commons.measures import Exact
from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.fulfilment.models import SupplierOrder, SupplierOrderVersion
from bocage.fulfilment.queries.goods import asked
from bocage.fulfilment.rules import BroughtLine, ToldLine, beside, read_lines
from bocage.network.rules import Actor, Right
from bocage.order_cycles.models import Exchange, OrderCycle
from bocage.orders.models import Order, OrderLine

SHOWN_FOR = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class SupplierOrderSheet:
    """One version of what a farm brings to a sale, beside the version told before it."""

    order_id: int
    number: int
    cycle_id: int
    sale: str
    hub_id: int
    hub: str
    hub_email: str
    hub_phone: str
    farm_id: int
    farm: str
    currency: str
    told_at: datetime | None
    confirmed_at: datetime | None
    confirmed_by: str
    bring_at: datetime | None
    instructions: str
    lines: tuple[ToldLine, ...]

    @property
    def items(self) -> int:
        return sum(row.line.quantity for row in self.lines)

    @property
    def goods(self) -> Money:
        return Money(sum(row.line.goods_minor for row in self.lines), self.currency)

    @property
    def tax(self) -> Money:
        return Money(sum(row.line.tax_minor for row in self.lines), self.currency)

    @property
    def changes(self) -> int:
        return sum(row.is_changed for row in self.lines)

    @property
    def hubs(self) -> list[str]:
        """Return the hubs that sell it, where there are several."""
        names = sorted({name for row in self.lines for name, _ in row.line.hubs})
        return names if len(names) > 1 else []


@dataclass(frozen=True, slots=True)
class SupplierOrderRow:
    """A farm's order in the hub's list: the last version that was told, and whether another waits to be."""

    order_id: int
    farm: str
    number: int | None
    items: int
    told_at: datetime | None
    confirmed_at: datetime | None
    confirmed_by: str
    is_waiting: bool


@dataclass(frozen=True, slots=True)
class FarmOrderRow:
    """The last order that a sale told a farm, as the farm's own people see it: `stage` confirm, changed or confirmed."""

    order_id: int
    sale: str
    hub: str
    number: int
    items: int
    goods: Money
    told_at: datetime
    confirmed_at: datetime | None
    bring_at: datetime | None

    @property
    def stage(self) -> str:
        if self.confirmed_at is not None:
            return "confirmed"
        return "changed" if self.number > 1 else "confirm"


def lines_to_bring(cycle_id: int) -> dict[int, list[BroughtLine]]:
    """Return what each farm brings to a sale by today's orders, over all its hubs, by farm, in one query."""
    rows: Any = (
        OrderLine.objects.filter(order__cycle_id=cycle_id, order__state=Order.State.PLACED)
        .values_list(
            "producer_id", "variant_id", "size", "product_name", "variant_name", "unit", "pack", "is_weighed",
            "measure", "order__hub__name",
        )
        .annotate(count=Sum("quantity"), goods=Sum(asked()), tax=Sum("goods_tax_minor"))
        .order_by("producer_id", "product_name", "variant_id", "size", "order__hub__name", "variant_name")
    )  # fmt: skip
    found: dict[int, dict[tuple[int, Exact], BroughtLine]] = {}
    for producer_id, variant_id, size, product, variant, unit, pack, weighed, measure, hub, count, goods, tax in rows:
        of_farm = found.setdefault(producer_id, {})
        line = of_farm.get((variant_id, size)) or BroughtLine(
            variant_id, product, variant, unit, size, pack, weighed, 0, 0, 0
        )
        of_farm[variant_id, size] = BroughtLine(
            variant_id, line.product_name, line.variant_name, unit, size, line.pack, line.is_weighed,
            quantity=line.quantity + count,
            goods_minor=line.goods_minor + goods,
            tax_minor=line.tax_minor + tax,
            hubs=(*line.hubs, (hub, count)),
            measure=measure,
        )  # fmt: skip
    return {producer_id: list(lines.values()) for producer_id, lines in found.items()}


def supplier_order(*, order_id: int, number: int | None = None) -> SupplierOrderSheet:
    """Return a version of a farm's order, the last that was told unless said; in three or four queries. Raises NotFound.

    Who may read it is asked by who calls: the signed link of the farm, or `may_see` for the hub's people.
    """
    order = SupplierOrder.objects.select_related("cycle__coordinator__instance", "producer").filter(id=order_id).first()
    told = list(SupplierOrderVersion.objects.filter(order_id=order_id, told_at__isnull=False).order_by("number"))
    index = next((i for i, one in enumerate(told) if one.number == number), None) if number else len(told) - 1
    if order is None or index is None or index < 0:
        raise NotFound()
    version, hub = told[index], order.cycle.coordinator
    due = Exchange.objects.filter(
        cycle=order.cycle, direction=Exchange.Direction.INCOMING, enterprise_id=order.producer_id
    ).first()
    before = read_lines(told[index - 1].lines) if index else None
    return SupplierOrderSheet(
        order_id=order.pk,
        number=version.number,
        cycle_id=order.cycle_id,
        sale=order.cycle.name,
        hub_id=hub.pk,
        hub=hub.name,
        hub_email=hub.email,
        hub_phone=hub.phone,
        farm_id=order.producer_id,
        farm=order.producer.name,
        currency=hub.instance.currency,
        told_at=version.told_at,
        confirmed_at=version.confirmed_at,
        confirmed_by=version.confirmed_by,
        bring_at=due.bring_at if due else None,
        instructions=due.instructions if due else "",
        lines=tuple(beside(read_lines(version.lines), before)),
    )


def supplier_orders(*, hub_id: int, cycle_id: int, actor: Actor) -> list[SupplierOrderRow]:
    """Return the orders to farms of a sale that the hub runs, by farm, in two queries. Raises Forbidden."""
    actor.require(Right.SEE_ORDERS, on=hub_id)
    orders = SupplierOrder.objects.filter(cycle_id=cycle_id, cycle__coordinator_id=hub_id)
    told: dict[int, SupplierOrderVersion] = {}
    waiting: set[int] = set()
    for version in SupplierOrderVersion.objects.filter(order__in=orders).order_by("number"):
        if version.told_at is None:
            waiting.add(version.order_id)
        else:
            told[version.order_id] = version
    rows = []
    for order_id, farm in orders.order_by("producer__name", "id").values_list("id", "producer__name"):
        last = told.get(order_id)
        rows.append(
            SupplierOrderRow(
                order_id=order_id,
                farm=farm,
                number=last.number if last else None,
                items=sum(line["quantity"] for line in last.lines) if last else 0,
                told_at=last.told_at if last else None,
                confirmed_at=last.confirmed_at if last else None,
                confirmed_by=last.confirmed_by if last else "",
                is_waiting=order_id in waiting,
            )
        )
    return rows


def farm_orders(*, producer_id: int, actor: Actor, now: datetime) -> list[FarmOrderRow]:
    """Return what the sales of the last month told a farm to bring, those to confirm first, in one query.

    For those who see the farm's own orders. Raises Forbidden.
    """
    actor.require(Right.SEE_ORDERS, on=producer_id)
    due = Exchange.objects.filter(
        cycle_id=OuterRef("order__cycle_id"), direction=Exchange.Direction.INCOMING, enterprise_id=producer_id
    )
    rows: Any = SupplierOrderVersion.objects.filter(
        order__producer_id=producer_id, told_at__isnull=False, order__cycle__closes_at__gt=now - SHOWN_FOR
    )
    last: dict[int, FarmOrderRow] = {}
    for order_id, sale, hub, currency, number, lines, told_at, confirmed_at, bring_at in (
        rows.annotate(bring_at=Subquery(due.values("bring_at")[:1]))
        .order_by("order__cycle__closes_at", "order_id", "number")
        .values_list(
            "order_id", "order__cycle__name", "order__cycle__coordinator__name",
            "order__cycle__coordinator__instance__currency", "number", "lines", "told_at", "confirmed_at", "bring_at",
        )
    ):  # fmt: skip
        items = sum(line["quantity"] for line in lines)
        goods = Money(sum(line["goods_minor"] for line in lines), currency)
        last[order_id] = FarmOrderRow(order_id, sale, hub, number, items, goods, told_at, confirmed_at, bring_at)
    newest_first = sorted(last.values(), key=lambda row: row.told_at, reverse=True)
    return sorted(newest_first, key=lambda row: row.confirmed_at is not None)


def require_sight(*, sheet: SupplierOrderSheet, hub_id: int, actor: Actor) -> None:
    """Raise NotFound unless this order is the hub's, Forbidden unless the actor sees its orders."""
    actor.require(Right.SEE_ORDERS, on=hub_id)
    if sheet.hub_id != hub_id:
        raise NotFound()


def is_closed(*, cycle_id: int, now: datetime) -> bool:
    """Return whether a sale takes no more orders."""
    return OrderCycle.objects.filter(id=cycle_id, closes_at__lte=now).exists()
