"""What the orders of some sales come to for each farm now, and what statements said of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet, Sum, Value
from django.db.models.functions import Concat

from bocage.orders.models import Charge, Order, OrderLine
from bocage.payments.models import Credit
from bocage.settlements import rules
from bocage.settlements.models import Line, Statement
from bocage.settlements.rules import CREDIT, FEE, GOODS, Key

FarmSums = dict[int, dict[Key, rules.Sum]]


def present_sums(*, hub_id: int, cycle_ids: Iterable[int], producer_id: int | None = None) -> FarmSums:
    """Return what the orders of sales come to, by farm: its goods, the fees that are its own, and the credits
    to customers that it bears. Three queries, two more where there are such credits.

    Cancelled orders, and those that wait to be paid online, count for nothing. The hub's own goods and fees are left out.
    """
    orders = Order.objects.filter(hub_id=hub_id, cycle_id__in=list(cycle_ids), state=Order.State.PLACED)
    found: FarmSums = defaultdict(lambda: defaultdict(rules.Sum))
    asked = (orders, hub_id, producer_id)
    for farm, key, one in [*_goods(*asked), *_fees(*asked), *_credits(*asked)]:
        found[farm][key] += one
    return {farm: dict(sums) for farm, sums in found.items()}


def _goods(orders: QuerySet[Order], hub_id: int, producer_id: int | None) -> Iterable[tuple[int, Key, rules.Sum]]:
    lines = OrderLine.objects.filter(order__in=orders).exclude(producer_id=hub_id)
    if producer_id:
        lines = lines.filter(producer_id=producer_id)
    rows: Any = (
        lines.values_list(
            "producer_id", "order__cycle_id", "product_name", "variant_id", "variant_name", "unit", "size", "pack",
            "measure", "is_weighed", "price_minor", "tax_millionths", "tax_is_included", "tax_taken_out",
        )
        .annotate(count=Sum("quantity"), grams=Sum("final_weight_g"), goods=Sum("goods_minor"), tax=Sum("goods_tax_minor"))
        .order_by()
    )  # fmt: skip
    for farm, cycle, product, variant, variant_name, unit, size, pack, measure, is_weighed, price, rate, inside, out, \
            count, grams, goods, tax in rows:  # fmt: skip
        net, owed = rules.net_and_tax(goods, tax, is_included=inside, taken_out=out)
        key = Key(
            cycle, GOODS, product, variant, variant_name, unit, size, pack, measure, is_weighed, price, out or rate
        )
        yield farm, key, rules.Sum(count, grams or 0, net, owed)


def _fees(orders: QuerySet[Order], hub_id: int, producer_id: int | None) -> Iterable[tuple[int, Key, rules.Sum]]:
    charges = Charge.objects.filter(order__in=orders).exclude(payee_id=hub_id).exclude(amount_minor=0)
    if producer_id:
        charges = charges.filter(payee_id=producer_id)
    kept = ("payee_id", "order__cycle_id", "label", "fee_kind", "tax_millionths", "tax_is_included")
    rows: Any = charges.values_list(*kept).annotate(amount=Sum("amount_minor"), tax=Sum("tax_minor")).order_by()
    for farm, cycle, label, kind, rate, inside, amount, tax in rows:
        key = Key(cycle, FEE, label, millionths=rate, fee_kind=kind)
        yield farm, key, rules.Sum(0, 0, amount - tax if inside else amount, tax)


def _credits(orders: QuerySet[Order], hub_id: int, producer_id: int | None) -> Iterable[tuple[int, Key, rules.Sum]]:
    named = orders.annotate(about=Concat(Value("order:"), "ref"))
    credits = Credit.objects.filter(hub_id=hub_id, undone_at__isnull=True, about__in=named.values("about"))
    credits = credits.filter(bearer_id=producer_id) if producer_id else credits.exclude(bearer_id=hub_id)
    rows = list(credits.order_by("id").values_list("about", "bearer_id", "reason", "amount_minor", "parts"))
    if not rows:
        return
    known = {about: (pk, cycle) for about, pk, cycle in
             named.filter(about__in=[row[0] for row in rows]).values_list("about", "id", "cycle_id")}  # fmt: skip
    sold = OrderLine.objects.filter(order__in=[pk for pk, _ in known.values()], goods_tax_minor__gt=0)
    liable = set(sold.values_list("order_id", "producer_id"))
    for about, farm, reason, amount, parts in rows:
        order_id, cycle = known[about]
        for rate, one in rules.borne(amount, [tuple(part) for part in parts], is_liable=(order_id, farm) in liable):
            yield farm, Key(cycle, CREDIT, reason, millionths=rate), one


def stated_sums(*, hub_id: int, cycle_ids: Iterable[int], producer_id: int | None = None) -> FarmSums:
    """Return what approved and frozen statements said of sales, by farm, in one query; what was agreed is not of orders."""
    lines = Line.objects.filter(statement__hub_id=hub_id, cycle_id__in=list(cycle_ids)).exclude(
        statement__state=Statement.State.DRAFTED
    )
    if producer_id:
        lines = lines.filter(statement__producer_id=producer_id)
    rows: Any = (
        lines.exclude(kind=Line.Kind.AGREED)
        .values_list("statement__producer_id", *KEY)
        .annotate(Sum("quantity"), Sum("grams"), Sum("net_minor"), Sum("tax_minor"))
        .order_by()
    )
    found: FarmSums = defaultdict(lambda: defaultdict(rules.Sum))
    for farm, *values in rows:
        key, sums = key_of(values[: len(KEY)]), values[len(KEY) :]
        found[farm][key] += rules.Sum(*sums)
    return {farm: dict(sums) for farm, sums in found.items()}


KEY = (
    "cycle_id", "kind", "name", "variant_id", "variant_name", "unit", "size", "pack", "measure", "is_weighed",
    "price_minor", "millionths", "fee_kind",
)  # fmt: skip


def key_of(values: Iterable[Any]) -> Key:
    """Return the key that the columns KEY of a line say."""
    said = dict(zip(KEY, values, strict=True))
    return Key(**said | {"variant_id": said["variant_id"] or 0})
