"""What a hub owes a farm for a sale: the orders' frozen lines, beside what the hub's book says."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, Sum, Value, When
from django.db.models.functions import Concat

from bocage.commons.measures import Exact
from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.ledger.models import Account, Posting
from bocage.network.models import Enterprise
from bocage.network.rules import Actor, Right
from bocage.order_cycles.models import OrderCycle
from bocage.orders.models import Order, OrderLine


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A product of the farm at one price and one VAT rate: how many were sold, for how much."""

    variant_id: int
    product_name: str
    variant_name: str
    unit: str
    size: Exact
    price: Money
    tax_millionths: int
    quantity: int
    net: Money
    tax: Money


@dataclass(frozen=True, slots=True)
class Owed:
    """What a hub owes a farm for a sale, as the orders stand now; `booked` is the farm's account in the hub's book.

    Amounts are without VAT and before the hub's fees, which customers pay on top; `taxes` is the VAT by millionths.
    """

    farm: str
    is_vat_liable: bool
    lines: tuple[SoldLine, ...]
    taxes: dict[int, Money]
    net: Money
    booked: Money


def owed_to_farm(*, hub_id: int, cycle_id: int, producer_id: int, actor: Actor) -> Owed:
    """Return what the hub owes a farm for the orders of a sale, in four queries. Raises Forbidden, NotFound.

    Cancelled orders and those that wait to be paid online count for nothing.
    """
    actor.require(Right.SEE_BOOKS, on=hub_id)
    farm = Enterprise.objects.filter(id=producer_id).first()
    cycle = OrderCycle.objects.select_related("coordinator__instance").filter(id=cycle_id).first()
    if farm is None or cycle is None:
        raise NotFound()
    currency = cycle.coordinator.instance.currency
    orders = Order.objects.filter(hub_id=hub_id, cycle_id=cycle_id).exclude(state=Order.State.AWAITING)
    lines = _sold(orders, producer_id, currency)
    taxes: dict[int, Money] = defaultdict(lambda: Money(0, currency))
    for line in lines:
        if line.tax:
            taxes[line.tax_millionths] += line.tax
    return Owed(
        farm=farm.name,
        is_vat_liable=farm.is_vat_liable,
        lines=lines,
        taxes=dict(taxes),
        net=Money(sum(line.net.minor for line in lines), currency),
        booked=Money(_booked(orders, hub_id, producer_id), currency),
    )


def _sold(orders: Any, producer_id: int, currency: str) -> tuple[SoldLine, ...]:
    included = Case(When(tax_is_included=True, then=F("goods_tax_minor")), default=Value(0))
    rows: Any = (
        OrderLine.objects.filter(order__in=orders.filter(state=Order.State.PLACED), producer_id=producer_id)
        .values_list("variant_id", "product_name", "variant_name", "unit", "size", "price_minor", "tax_millionths")
        .annotate(count=Sum("quantity"), net=Sum(F("goods_minor") - included), tax=Sum("goods_tax_minor"))
        .order_by("product_name", "variant_id", "size", "price_minor", "tax_millionths", "variant_name", "unit")
    )
    return tuple(
        SoldLine(
            variant_id,
            product,
            variant,
            unit,
            size,
            Money(price, currency),
            rate,
            count,
            net=Money(net, currency),
            tax=Money(tax, currency),
        )
        for variant_id, product, variant, unit, size, price, rate, count, net, tax in rows
    )


def _booked(orders: Any, hub_id: int, producer_id: int) -> int:
    """The credit of the farm's account in the hub's book, by entries about these orders."""
    found = Posting.objects.filter(
        account__book_id=hub_id,
        account__kind=Account.Kind.PRODUCER,
        account__subject=f"producer:{producer_id}",
        entry__about__in=orders.annotate(reference=Concat(Value("order:"), "ref")).values("reference"),
    ).aggregate(total=Sum("amount_minor"))
    return -(found["total"] or 0)
