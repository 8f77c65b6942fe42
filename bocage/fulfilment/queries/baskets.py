"""Baskets to pack and to hand over: one per order, each with the number of its crate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from bocage.commons.measures import Exact
from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.fulfilment.models import PackedLine, Parcel
from bocage.ledger import queries as ledger
from bocage.network.rules import Actor, Right
from bocage.orders.models import Order, OrderLine


class Filled:
    """Of a crate, how far it is: for whatever has `lines` and `ticked`."""

    __slots__ = ()
    lines: int
    ticked: int

    @property
    def is_packed(self) -> bool:
        return self.lines > 0 and self.ticked >= self.lines

    @property
    def left(self) -> int:
        """Return how many lines are not in the crate yet."""
        return max(self.lines - self.ticked, 0)


@dataclass(frozen=True, slots=True)
class Crate(Filled):
    """An order as a crate, in brief: its number in the sale, whose it is, where it goes, how far it is packed."""

    order_id: int
    number: int
    ref: str
    name: str
    method_id: int
    delivery_name: str
    hand_over_from: datetime | None
    is_cancelled: bool
    lines: int
    ticked: int
    handed_over_at: datetime | None


@dataclass(frozen=True, slots=True)
class BasketRow(Filled):
    """A crate with what one needs to pack it and to hand it over; `crate` is its number in the sale.

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


@dataclass(frozen=True, slots=True)
class BasketLine:
    """A line as it is packed. `ordered_g` is what was ordered of goods sold by their final weight."""

    id: int
    order_id: int
    quantity: int
    product_name: str
    variant_name: str
    unit: str
    size: Exact
    pack: str
    measure: str
    producer: str
    is_weighed: bool
    final_weight_g: int | None
    total: Money
    is_ticked: bool

    @property
    def ordered_g(self) -> Exact:
        return self.size * self.quantity


@dataclass(frozen=True, slots=True)
class Basket:
    """One crate with its lines; `crates` are all of its sale."""

    row: BasketRow
    lines: tuple[BasketLine, ...]
    cycle_id: int
    crates: list[Crate]


@dataclass(frozen=True, slots=True)
class ParcelState(Filled):
    """Where one order stands in the barn."""

    order_id: int
    ref: str
    is_cancelled: bool
    lines: int
    ticked: int
    handed_over_at: datetime | None


def crates(*, hub_id: int, cycle_id: int, actor: Actor) -> list[Crate]:
    """Return every crate of a sale in brief, in the order of their numbers, in two queries. Raises Forbidden.

    A cancelled order keeps its number, so that no other crate changes its own; it comes with `is_cancelled`.
    """
    actor.require(Right.SEE_ORDERS, on=hub_id)
    filled = {order_id: counts for order_id, *counts in _filled(hub_id, cycle_id)}
    rows: Any = (
        Order.objects.filter(hub_id=hub_id, cycle_id=cycle_id)
        .annotate(handed_over_at=_handed_over_at())
        .order_by("id")
        .values_list(
            "id", "ref", "name", "delivery_method_id", "delivery_name", "hand_over_from", "state", "handed_over_at"
        )
    )
    return [
        Crate(*(order_id, number, *head, state == Order.State.CANCELLED, *filled.get(order_id, (0, 0)), handed))
        for number, (order_id, *head, state, handed) in enumerate(rows, start=1)
    ]


def baskets(*, hub_id: int, crates: Sequence[Crate], actor: Actor) -> list[BasketRow]:
    """Return these crates with all that one needs to pack and to hand over, in two queries. Raises Forbidden."""
    actor.require(Right.SEE_ORDERS, on=hub_id)
    orders = Order.objects.filter(hub_id=hub_id).in_bulk([crate.order_id for crate in crates])
    dues = ledger.due_by_reference(kind="customer", abouts=[f"order:{crate.ref}" for crate in crates])
    return [_row(crate, orders[crate.order_id], dues) for crate in crates if crate.order_id in orders]


def basket(*, hub_id: int, ref: str, actor: Actor) -> Basket:
    """Return one crate with its lines, and its sale's crates in brief, in six queries. Raises Forbidden, NotFound."""
    actor.require(Right.SEE_ORDERS, on=hub_id)
    cycle_id = Order.objects.filter(hub_id=hub_id, ref=ref.upper()).values_list("cycle_id", flat=True).first()
    if cycle_id is None:
        raise NotFound()
    beside = crates(hub_id=hub_id, cycle_id=cycle_id, actor=actor)
    row = baskets(hub_id=hub_id, crates=[one for one in beside if one.ref == ref.upper()], actor=actor)[0]
    lines = basket_lines(hub_id=hub_id, order_ids=[row.order_id], actor=actor).get(row.order_id, ())
    return Basket(row=row, lines=tuple(lines), cycle_id=cycle_id, crates=beside)


def basket_lines(*, hub_id: int, order_ids: list[int], actor: Actor) -> dict[int, list[BasketLine]]:
    """Return the lines of each order, by producer and name, in one query. Raises Forbidden."""
    actor.require(Right.SEE_ORDERS, on=hub_id)
    rows: Any = (
        OrderLine.objects.filter(order_id__in=order_ids, order__hub_id=hub_id)
        .annotate(is_ticked=_is_ticked())
        .order_by("order_id", "producer__name", "product_name", "id")
        .values_list(
            "id", "order_id", "quantity", "product_name", "variant_name", "unit", "size", "pack", "measure",
            "producer__name", "is_weighed", "final_weight_g", "total_minor", "order__currency", "is_ticked",
        )
    )  # fmt: skip
    found: dict[int, list[BasketLine]] = {}
    for *head, total_minor, currency, is_ticked in rows:
        line = BasketLine(*(*head, Money(total_minor, currency), is_ticked))
        found.setdefault(line.order_id, []).append(line)
    return found


def handed_over(order_ids: Sequence[int]) -> dict[int, str]:
    """Return which of these orders their customers have already, by id with their reference, in one query per 500."""
    found: dict[int, str] = {}
    for start in range(0, len(order_ids), 500):
        rows = Parcel.objects.filter(order_id__in=order_ids[start : start + 500], handed_over_at__isnull=False)
        found |= dict(rows.values_list("order_id", "order__ref"))
    return found


def chosen_baskets(*, hub_id: int, refs: Sequence[str], actor: Actor) -> list[BasketRow]:
    """Return these orders of a hub as baskets, by sale and crate, in three queries and two per sale. Raises Forbidden."""
    actor.require(Right.SEE_ORDERS, on=hub_id)
    cycles = Order.objects.filter(hub_id=hub_id, ref__in=refs).values_list("cycle_id", flat=True).distinct()
    wanted = set(refs)
    meant = [
        crate
        for cycle_id in cycles.order_by("cycle_id")
        for crate in crates(hub_id=hub_id, cycle_id=cycle_id, actor=actor)
        if crate.ref in wanted
    ]
    return baskets(hub_id=hub_id, crates=meant, actor=actor)


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
    return orders.annotate(
        lines=_count(lines), ticked=_count(lines.filter(_is_ticked())), handed_over_at=_handed_over_at()
    )


def _filled(hub_id: int, cycle_id: int) -> Any:
    """How many lines each order of a sale has, and how many of them are ticked: counted in one pass over its lines."""
    lines = OrderLine.objects.filter(order__hub_id=hub_id, order__cycle_id=cycle_id)
    return lines.values_list("order_id").annotate(lines=Count("id"), ticked=Count("id", filter=Q(_is_ticked())))


def _is_ticked() -> Exists:
    return Exists(PackedLine.objects.filter(line_id=OuterRef("id")))


def _handed_over_at() -> Subquery:
    return Subquery(Parcel.objects.filter(order_id=OuterRef("id")).values("handed_over_at")[:1])


def _count(rows: QuerySet[OrderLine]) -> Coalesce:
    counted = rows.order_by().values("order_id").annotate(count=Count("id")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def _row(crate: Crate, order: Order, dues: dict[str, int]) -> BasketRow:
    return BasketRow(
        order_id=crate.order_id,
        crate=crate.number,
        ref=crate.ref,
        name=crate.name,
        phone=order.phone,
        note=order.note,
        method_id=crate.method_id,
        delivery_name=crate.delivery_name,
        delivery_town=order.delivery_town,
        delivery_street=order.delivery_street,
        hand_over_from=crate.hand_over_from,
        hand_over_to=order.hand_over_to,
        total=Money(order.total_minor, order.currency),
        due=Money(dues.get(f"order:{crate.ref}", 0), order.currency),
        is_cancelled=crate.is_cancelled,
        lines=crate.lines,
        ticked=crate.ticked,
        handed_over_at=crate.handed_over_at,
    )
