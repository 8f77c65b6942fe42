"""Baskets to pack and to hand over: one per order, each with the number of its crate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.fulfilment.models import PackedLine, Parcel
from bocage.ledger import queries as ledger
from bocage.network.rules import Actor, Right
from bocage.orders.models import Order, OrderLine


@dataclass(frozen=True, slots=True)
class BasketRow:
    """An order as a crate: its number in the sale, whose it is, where it goes, how far it is packed.

    `due` > 0 is still to be paid, < 0 to be given back.
    """

    order_id: int
    crate: int
    ref: str
    name: str
    phone: str
    note: str
    method_id: int
    delivery_name: str
    delivery_town: str
    delivery_street: str
    hand_over_from: datetime | None
    hand_over_to: datetime | None
    total: Money
    due: Money
    is_cancelled: bool
    lines: int
    ticked: int
    handed_over_at: datetime | None

    @property
    def is_packed(self) -> bool:
        return self.lines > 0 and self.ticked >= self.lines

    @property
    def left(self) -> int:
        """Return how many lines are not in the crate yet."""
        return max(self.lines - self.ticked, 0)


@dataclass(frozen=True, slots=True)
class BasketLine:
    """A line as it is packed. `ordered_g` is what was ordered of goods sold by their final weight."""

    id: int
    order_id: int
    quantity: int
    product_name: str
    variant_name: str
    unit: str
    size: int
    pack: str
    producer: str
    is_weighed: bool
    final_weight_g: int | None
    total: Money
    is_ticked: bool

    @property
    def ordered_g(self) -> int:
        return self.size * self.quantity

    @property
    def needs_weight(self) -> bool:
        return self.is_weighed and self.final_weight_g is None


@dataclass(frozen=True, slots=True)
class Basket:
    row: BasketRow
    lines: tuple[BasketLine, ...]
    cycle_id: int


@dataclass(frozen=True, slots=True)
class ParcelState:
    """Where one order stands in the barn."""

    order_id: int
    ref: str
    is_cancelled: bool
    lines: int
    ticked: int
    handed_over_at: datetime | None

    @property
    def is_packed(self) -> bool:
        return self.lines > 0 and self.ticked >= self.lines


def baskets(*, hub_id: int, cycle_id: int, actor: Actor) -> list[BasketRow]:
    """Return every crate of a sale in the order of its numbers, in two queries. Raises Forbidden.

    A cancelled order keeps its number, so that no other crate changes its own; it comes with `is_cancelled`.
    """
    actor.require(Right.SEE_ORDERS, on=hub_id)
    orders = list(_with_ticks(Order.objects.filter(hub_id=hub_id, cycle_id=cycle_id)).order_by("id"))
    dues = ledger.due_by_reference(kind="customer", abouts=[f"order:{order.ref}" for order in orders])
    return [_row(crate, order, dues) for crate, order in enumerate(orders, start=1)]


def basket(*, hub_id: int, ref: str, actor: Actor) -> Basket:
    """Return one crate with its lines, in four queries. Raises Forbidden, NotFound."""
    actor.require(Right.SEE_ORDERS, on=hub_id)
    cycle_id = Order.objects.filter(hub_id=hub_id, ref=ref.upper()).values_list("cycle_id", flat=True).first()
    if cycle_id is None:
        raise NotFound()
    row = next(row for row in baskets(hub_id=hub_id, cycle_id=cycle_id, actor=actor) if row.ref == ref.upper())
    lines = basket_lines(hub_id=hub_id, order_ids=[row.order_id], actor=actor).get(row.order_id, ())
    return Basket(row=row, lines=tuple(lines), cycle_id=cycle_id)


def basket_lines(*, hub_id: int, order_ids: list[int], actor: Actor) -> dict[int, list[BasketLine]]:
    """Return the lines of each order, by producer and name, in one query. Raises Forbidden."""
    actor.require(Right.SEE_ORDERS, on=hub_id)
    rows: Any = (
        OrderLine.objects.filter(order_id__in=order_ids, order__hub_id=hub_id)
        .annotate(is_ticked=Exists(PackedLine.objects.filter(line_id=OuterRef("id"))))
        .order_by("order_id", "producer__name", "product_name", "id")
        .values_list(
            "id", "order_id", "quantity", "product_name", "variant_name", "unit", "size", "pack", "producer__name",
            "is_weighed", "final_weight_g", "total_minor", "order__currency", "is_ticked",
        )
    )  # fmt: skip
    found: dict[int, list[BasketLine]] = {}
    for *head, total_minor, currency, is_ticked in rows:
        line = BasketLine(*(*head, Money(total_minor, currency), is_ticked))
        found.setdefault(line.order_id, []).append(line)
    return found


def parcel_state(*, hub_id: int, ref: str, actor: Actor) -> ParcelState:
    """Return where an order stands in the barn, in one query. Raises Forbidden, NotFound."""
    actor.require(Right.SEE_ORDERS, on=hub_id)
    order = _with_ticks(Order.objects.filter(hub_id=hub_id, ref=ref.upper())).first()
    if order is None:
        raise NotFound()
    return ParcelState(
        order_id=order.id,
        ref=order.ref,
        is_cancelled=order.state == Order.State.CANCELLED,
        lines=order.lines,
        ticked=order.ticked,
        handed_over_at=order.handed_over_at,
    )


def _with_ticks(orders: QuerySet[Order]) -> QuerySet[Any]:
    lines = OrderLine.objects.filter(order_id=OuterRef("id"))
    ticked = lines.filter(Exists(PackedLine.objects.filter(line_id=OuterRef("id"))))
    return orders.annotate(
        lines=_count(lines),
        ticked=_count(ticked),
        handed_over_at=Subquery(Parcel.objects.filter(order_id=OuterRef("id")).values("handed_over_at")[:1]),
    )


def _count(rows: QuerySet[OrderLine]) -> Coalesce:
    counted = rows.order_by().values("order_id").annotate(count=Count("id")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def _row(crate: int, order: Any, dues: dict[str, int]) -> BasketRow:
    return BasketRow(
        order_id=order.pk,
        crate=crate,
        ref=order.ref,
        name=order.name,
        phone=order.phone,
        note=order.note,
        method_id=order.delivery_method_id,
        delivery_name=order.delivery_name,
        delivery_town=order.delivery_town,
        delivery_street=order.delivery_street,
        hand_over_from=order.hand_over_from,
        hand_over_to=order.hand_over_to,
        total=Money(order.total_minor, order.currency),
        due=Money(dues.get(f"order:{order.ref}", 0), order.currency),
        is_cancelled=order.state == Order.State.CANCELLED,
        lines=order.lines,
        ticked=order.ticked,
        handed_over_at=order.handed_over_at,
    )
