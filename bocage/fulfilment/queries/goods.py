"""Goods of a sale: by product for who fills crates, by farm for who brings them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, F, IntegerField, OuterRef, QuerySet, Subquery, Sum, Value, When, Window
from django.db.models.functions import Coalesce, RowNumber

from bocage.commons.measures import Exact
from bocage.commons.money import Money
from bocage.network.rules import Actor, Right
from bocage.order_cycles.models import Exchange
from bocage.orders.models import Order, OrderLine

HEAD = (
    "variant_id", "producer__name", "product_name", "variant_name", "unit", "size", "pack", "measure", "is_weighed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ForWhom:
    """How many of a product go into which crate."""

    crate: int
    ref: str
    name: str
    quantity: int
    delivery_name: str


@dataclass(frozen=True, slots=True)
class ProductRow:
    variant_id: int
    producer: str
    product_name: str
    variant_name: str
    unit: str
    size: Exact
    pack: str
    measure: str
    is_weighed: bool
    quantity: int
    who: tuple[ForWhom, ...]


@dataclass(frozen=True, slots=True)
class ProductTotal:
    """A product of a sale in brief: how many of it, in how many crates."""

    variant_id: int
    producer: str
    product_name: str
    variant_name: str
    unit: str
    size: Exact
    pack: str
    measure: str
    is_weighed: bool
    quantity: int
    crates: int


@dataclass(frozen=True, slots=True)
class SupplierRow:
    """What a farm brings of one variant. `goods` is what the farm asks, `tax` the VAT of it.

    `final_weight_g` sums what was weighed; `weighed` counts the lines that were.
    """

    producer_id: int
    producer: str
    town: str
    product_name: str
    variant_name: str
    unit: str
    size: Exact
    pack: str
    measure: str
    is_weighed: bool
    quantity: int
    final_weight_g: int
    goods: Money
    tax: Money


@dataclass(frozen=True, slots=True)
class FarmTotal:
    """A farm's part of a sale. `bring_at` and `instructions`: when and where its goods are due."""

    producer_id: int
    producer: str
    town: str
    items: int
    goods: Money
    bring_at: datetime | None
    instructions: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a farm brings to one hub's sale: how much so far, what it comes to, when and where it is due."""

    cycle_id: int
    cycle: str
    hub: str
    closes_at: datetime
    items: int
    goods: Money
    bring_at: datetime | None
    instructions: str


def products(*, hub_id: int, cycle_id: int, actor: Actor) -> list[ProductRow]:
    """Return what goes into which crate, by farm and product, in two queries over flat lines. Raises Forbidden."""
    actor.require(Right.SEE_ORDERS, on=hub_id)
    crates = _crates(hub_id, cycle_id)
    heads: dict[int, tuple[Any, ...]] = {}
    who: dict[int, list[ForWhom]] = {}
    for variant, *head, order_id, ref, name, quantity, place in _lines(hub_id, cycle_id):
        heads.setdefault(variant, (variant, *head))
        who.setdefault(variant, []).append(ForWhom(crates[order_id], ref, name, quantity, place))
    return [
        ProductRow(*(*head, sum(one.quantity for one in who[variant]), tuple(who[variant])))
        for variant, head in heads.items()
    ]


def product_totals(*, hub_id: int, cycle_id: int, actor: Actor) -> list[ProductTotal]:
    """Return what there is to distribute, by farm and product, summed in one query. Raises Forbidden."""
    actor.require(Right.SEE_ORDERS, on=hub_id)
    rows: Any = (
        _standing_lines(hub_id, cycle_id)
        .values_list(*HEAD)
        .annotate(items=Sum("quantity"), crates=Count("order_id"))
        .order_by("producer__name", "producer_id", "product_name", "variant_id", "size", "variant_name")
    )
    found: dict[int, ProductTotal] = {}
    for variant, *head, quantity, count in rows:
        so_far = found.get(variant)  # twice where a name changed between two orders: the first stands for both
        found[variant] = (
            replace(so_far, quantity=so_far.quantity + quantity, crates=so_far.crates + count)
            if so_far
            else ProductTotal(*(variant, *head, quantity, count))
        )
    return list(found.values())


def into_crates(
    *, hub_id: int, cycle_id: int, variant_ids: Sequence[int], each: int, actor: Actor, after: int = 0
) -> dict[int, list[ForWhom]]:
    """Return for each product its crates, at most the first `each` of those numbered above `after`, in two queries.

    Raises Forbidden.
    """
    actor.require(Right.SEE_ORDERS, on=hub_id)
    numbers = _crates(hub_id, cycle_id)
    last = next((order_id for order_id, number in numbers.items() if number == after), 0)
    place = Window(RowNumber(), partition_by="variant_id", order_by="order_id")
    rows: Any = (
        _standing_lines(hub_id, cycle_id)
        .filter(variant_id__in=variant_ids, order_id__gt=last)
        .annotate(place=place)
        .filter(place__lte=each)
        .order_by("variant_id", "order_id")
        .values_list("variant_id", "order_id", "order__ref", "order__name", "quantity", "order__delivery_name")
    )
    found: dict[int, list[ForWhom]] = {}
    for variant, order_id, ref, name, quantity, delivery_name in rows:
        found.setdefault(variant, []).append(ForWhom(numbers[order_id], ref, name, quantity, delivery_name))
    return found


def suppliers(*, hub_id: int, cycle_id: int, actor: Actor) -> list[SupplierRow]:
    """Return what each farm brings, by variant, summed in one query over flat lines. Raises Forbidden."""
    actor.require(Right.SEE_ORDERS, on=hub_id)
    rows: Any = (
        _standing_lines(hub_id, cycle_id)
        .values_list(
            "producer_id", "producer__name", "producer__town", "product_name", "variant_name", "unit", "size", "pack",
            "measure", "is_weighed", "variant_id", "order__currency",
        )
        .annotate(
            count=Sum("quantity"),
            weight=Coalesce(Sum("final_weight_g"), Value(0)),
            goods=Sum(asked()),
            tax=Sum("goods_tax_minor"),
        )
        .order_by("producer__name", "producer_id", "product_name", "variant_id", "size", "variant_name")
    )  # fmt: skip
    return [
        SupplierRow(*(*head, count, weight, Money(goods, currency), Money(tax, currency)))
        for *head, _variant, currency, count, weight, goods, tax in rows
    ]


def farm_totals(*, hub_id: int, cycle_id: int, actor: Actor) -> list[FarmTotal]:
    """Return each farm's part of a sale, largest first, with when its goods are due, in two queries. Raises Forbidden."""
    actor.require(Right.SEE_ORDERS, on=hub_id)
    bringing = Exchange.objects.filter(cycle_id=cycle_id, direction=Exchange.Direction.INCOMING)
    due = {farm: (at, words) for farm, at, words in bringing.values_list("enterprise_id", "bring_at", "instructions")}
    rows: Any = (
        _standing_lines(hub_id, cycle_id)
        .values_list("producer_id", "producer__name", "producer__town", "order__currency")
        .annotate(items=Sum("quantity"), goods=Sum(asked()))
        .order_by("-goods", "producer_id")
    )
    return [
        FarmTotal(farm, name, town, items, Money(goods, currency), *due.get(farm, (None, "")))
        for farm, name, town, currency, items, goods in rows
    ]


def to_bring(*, producer_id: int, actor: Actor, now: datetime) -> list[Delivery]:
    """Return what a farm has to bring, the first due first, in one query; quantities alone, no customer's name.

    For those who see the farm's own orders. Raises Forbidden.
    """
    actor.require(Right.SEE_ORDERS, on=producer_id)
    due = Exchange.objects.filter(
        cycle_id=OuterRef("order__cycle_id"), direction=Exchange.Direction.INCOMING, enterprise_id=producer_id
    )
    rows: Any = (
        OrderLine.objects.filter(producer_id=producer_id, order__state=Order.State.PLACED)
        .exclude(order__hub_id=producer_id)
        .filter(order__hand_over_to__gt=now)
        .values_list(
            "order__cycle_id", "order__cycle__name", "order__hub__name", "order__cycle__closes_at", "order__currency"
        )
        .annotate(
            items=Sum("quantity"),
            goods=Sum(asked()),
            bring_at=Subquery(due.values("bring_at")[:1]),
            instructions=Subquery(due.values("instructions")[:1]),
        )
        .order_by("order__cycle__closes_at", "order__cycle_id", "order__hub__name")
    )
    return [
        Delivery(cycle, name, hub, closes_at, items, Money(goods, currency), bring_at, instructions or "")
        for cycle, name, hub, closes_at, currency, items, goods, bring_at, instructions in rows
    ]


def asked() -> Case:
    """Return what the farm asks, VAT in it: where VAT comes on top it is added, so that the farms' sums compare."""
    return Case(
        When(tax_is_included=True, then=F("goods_minor")),
        default=F("goods_minor") + F("goods_tax_minor"),
        output_field=IntegerField(),
    )


def _standing_lines(hub_id: int, cycle_id: int) -> QuerySet[OrderLine]:
    return OrderLine.objects.filter(order__hub_id=hub_id, order__cycle_id=cycle_id, order__state=Order.State.PLACED)


def _lines(hub_id: int, cycle_id: int) -> Any:
    return (
        _standing_lines(hub_id, cycle_id)
        .order_by("producer__name", "producer_id", "product_name", "variant_id", "order_id")
        .values_list(*HEAD, "order_id", "order__ref", "order__name", "quantity", "order__delivery_name")
    )


def _crates(hub_id: int, cycle_id: int) -> dict[int, int]:
    """Number the orders of the sale as `baskets` does: cancelled ones too, so that no crate changes its number."""
    ids = Order.objects.filter(hub_id=hub_id, cycle_id=cycle_id).order_by("id").values_list("id", flat=True)
    return {order_id: crate for crate, order_id in enumerate(ids, start=1)}
