"""What somebody put into a basket, held against today's offers and stock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import QuerySet

from bocage.catalogue.models import Variant
from bocage.commons.money import Money
from bocage.infra.statements import Statement
from bocage.orders.queries.choices import DeliveryChoice
from bocage.orders.queries.quoting import quote_of
from bocage.orders.rules import Quote
from bocage.pricing.rules import Fee, charge_order
from bocage.pricing.vat import SAME_EVERYWHERE
from bocage.shopfront.models import BasketLine
from bocage.shopfront.queries.snapshots import Row, Snapshot
from bocage.shopfront.rules import Change, Check, Owner, check_line
from bocage.stock.queries import levels
from bocage.stock.rules import NOTHING, Level


@dataclass(frozen=True, slots=True)
class Kept:
    """A basket as it is stored: quantities and the prices that were shown, by variant id."""

    id: int | None = None
    key: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[int, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a basket as it could be ordered now. `asked` is what was put in, `was` the price shown then."""

    variant_id: int
    name: str
    row: Row | None
    asked: int
    quantity: int
    left: int | None
    was: Money
    price: Money | None
    total: Money
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class BasketView:
    """A basket today: its lines, what they cost with the fees of the order, and whether anything changed since."""

    id: int | None
    key: str
    details: Mapping[str, Any]
    lines: tuple[Line, ...]
    quote: Quote

    @property
    def quantities(self) -> dict[int, int]:
        """Return what can be ordered, by variant id."""
        return {line.variant_id: line.quantity for line in self.lines if line.quantity}

    @property
    def count(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def total(self) -> Money:
        return self.quote.total

    @property
    def changed(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.changes)

    @property
    def has_weighed(self) -> bool:
        return any(line.row is not None and line.row.offer.is_weighed for line in self.lines)


def kept(*, owner: Owner, hub_id: int, cycle_id: int) -> Kept:
    """Return an owner's basket of a cycle as it is stored, in one query; an empty one for who has none."""
    if not owner.is_known:
        return Kept()
    place = {"hub_id": hub_id, "cycle_id": cycle_id}
    if owner.person_id is not None:
        found = _of_person.rows(person_id=owner.person_id, **place)
    else:
        found = _of_device.rows(device=owner.device, **place)
    if not found:
        return Kept()
    pk, key, details = found[0][:3]
    return Kept(pk, key, details, {row[3]: (row[4], row[5]) for row in found})


@Statement
def _of_person(*, person_id: int, hub_id: int, cycle_id: int) -> QuerySet[BasketLine, tuple]:
    return _lines(hub_id, cycle_id).filter(basket__person_id=person_id)


@Statement
def _of_device(*, device: str, hub_id: int, cycle_id: int) -> QuerySet[BasketLine, tuple]:
    return _lines(hub_id, cycle_id).filter(basket__person__isnull=True, basket__device=device)


def _lines(hub_id: int, cycle_id: int) -> QuerySet[BasketLine, tuple]:
    rows = BasketLine.objects.filter(basket__hub_id=hub_id, basket__cycle_id=cycle_id).order_by("id")
    return rows.values_list("basket_id", "basket__key", "basket__details", "variant_id", "quantity", "shown_minor")


def view(stored: Kept, snapshot: Snapshot, left: Mapping[int, Level]) -> BasketView:
    """Return a stored basket held against today's offers and `left`; one query, only if something was withdrawn."""
    checks = {
        variant_id: _check(snapshot, variant_id, asked, shown, left.get(variant_id, NOTHING))
        for variant_id, (asked, shown) in stored.lines.items()
    }
    quantities = {variant_id: check.quantity for variant_id, check in checks.items() if check.quantity}
    quote = quote_of(snapshot.offers_of(quantities), quantities, None)
    totals = {line.item.variant_id: line.priced.total for line in quote.lines}
    withdrawn = [variant_id for variant_id in stored.lines if snapshot.row(variant_id) is None]
    names = _names(withdrawn) if withdrawn else {}
    lines = tuple(
        _line(snapshot, variant_id, stored, check, left.get(variant_id, NOTHING), totals, names)
        for variant_id, check in checks.items()
    )
    return BasketView(stored.id, stored.key, stored.details, lines, quote)


def orderable(stored: Kept, snapshot: Snapshot, left: Mapping[int, Level]) -> dict[int, int]:
    """Return how many of each variant of a stored basket can be ordered now, as `view` shows it."""
    cut = {variant_id: left.get(variant_id, NOTHING).at_most(asked) for variant_id, (asked, _) in stored.lines.items()}
    return {variant_id: had for variant_id, had in cut.items() if had and snapshot.row(variant_id) is not None}


def handed_over(
    basket: BasketView, snapshot: Snapshot, delivery: DeliveryChoice, postcode: str, payment: Fee | None = None
) -> Quote:
    """Return what a basket costs with a delivery to `postcode` and a payment, at the VAT that counts there and then."""
    if snapshot.offers.taxes is SAME_EVERYWHERE:
        return quoted(basket, delivery.fee, payment)
    found, handed = snapshot.offers_of(basket.quantities), delivery.handed(postcode)
    return quote_of(found, basket.quantities, delivery.fee, payment=payment, handed=handed)


def delivery_price(basket: BasketView, snapshot: Snapshot, delivery: DeliveryChoice, postcode: str) -> Money:
    """Return what a delivery of a basket that is not empty costs, with the VAT that is added where it goes."""
    return handed_over(basket, snapshot, delivery, postcode).charges[-1].total


def quoted(basket: BasketView, delivery: Fee, payment: Fee | None = None) -> Quote:
    """Return what a basket costs with the charges of a delivery and a payment; its lines are not priced again."""
    quote = basket.quote
    if not quote.lines:
        return quote
    goods = [line.item.goods for line in quote.lines]
    charges = [charge_order(fee, goods) for fee in (delivery, payment) if fee is not None]
    return replace(quote, charges=(*quote.charges, *charges))


def basket(*, owner: Owner, hub_id: int, cycle_id: int, snapshot: Snapshot) -> BasketView:
    """Return an owner's basket of a cycle held against today's offers and stock, in two queries."""
    stored = kept(owner=owner, hub_id=hub_id, cycle_id=cycle_id)
    left = levels(hub_id=hub_id, variant_ids=stored.lines) if stored.lines else {}
    return view(stored, snapshot, left)


def others(*, owner: Owner, hub_id: int, cycle_id: int) -> int:
    """Return how many units an owner keeps in baskets of other cycles of this hub."""
    if not owner.is_known:
        return 0
    rows = BasketLine.objects.filter(**of(owner, "basket__"), basket__hub_id=hub_id).exclude(basket__cycle_id=cycle_id)
    return sum(rows.values_list("quantity", flat=True))


def of(owner: Owner, prefix: str = "") -> dict[str, Any]:
    """Return how the rows of an owner are found."""
    if owner.person_id is not None:
        return {f"{prefix}person_id": owner.person_id}
    return {f"{prefix}person__isnull": True, f"{prefix}device": owner.device}


def _check(snapshot: Snapshot, variant_id: int, asked: int, shown: int, level: Level) -> Check:
    row = snapshot.row(variant_id)
    price = snapshot.price(row).total if row else None
    return check_line(quantity=asked, shown=Money(shown, price.currency if price else "EUR"), price=price, level=level)


def _line(
    snapshot: Snapshot,
    variant_id: int,
    stored: Kept,
    check: Check,
    level: Level,
    totals: Mapping[int, Money],
    names: Mapping[int, str],
) -> Line:
    row = snapshot.row(variant_id)
    price = snapshot.price(row).total if row else None
    currency = price.currency if price else "EUR"
    asked, shown = stored.lines[variant_id]
    return Line(
        variant_id=variant_id,
        name=row.offer.product_name if row else names.get(variant_id, ""),
        row=row,
        asked=asked,
        quantity=check.quantity,
        left=level.left,
        was=Money(shown, currency),
        price=price,
        total=totals.get(variant_id, Money(0, currency)),
        changes=check.changes,
    )


def _names(variant_ids: Iterable[int]) -> dict[int, str]:
    return dict(Variant.objects.filter(id__in=list(variant_ids)).values_list("id", "product__name"))
