"""The offers of a cycle at a hub: what may be ordered, at which price, with which fees; the one reading of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from bocage.catalogue.models import Variant
from bocage.commons.measures import Exact
from bocage.commons.money import Money
from bocage.infra.statements import Statement
from bocage.order_cycles.models import CycleFee
from bocage.order_cycles.queries.carrying import carried_to
from bocage.pricing.queries import rate_table, vat_version
from bocage.pricing.rules import AMOUNTS, NO_TAX, Calculator, Fee, Goods, Tax
from bocage.pricing.vat import SAME_EVERYWHERE, Handed, RateTable
from bocage.shops.models import Listing


@dataclass(frozen=True, slots=True)
class Offer:
    """A variant as a hub offers it in a cycle. `size` in g, mL or items; `grams` is what one weighs, 0 if unknown."""

    variant_id: int
    product_id: int
    producer_id: int
    category_id: int
    product_name: str
    variant_name: str
    unit: str
    size: Exact
    pack: str
    measure: str
    weight_g: int | None
    is_weighed: bool
    price: Money
    tax: Tax
    tax_rate_id: int | None
    fees: tuple[Fee, ...]

    @property
    def grams(self) -> Exact:
        return self.size if self.unit == "weight" else self.weight_g or 0

    def goods(self, quantity: int) -> Goods:
        """Return what `quantity` of it are priced from."""
        return Goods(
            price=self.price,
            quantity=quantity,
            tax=self.tax,
            grams=self.grams,
            size_g=self.size if self.is_weighed else 0,
        )


@dataclass(frozen=True, slots=True)
class Offers:
    """What a hub offers in a cycle, by variant id, and the fees that come once per order."""

    by_variant: dict[int, Offer]
    order_fees: tuple[Fee, ...]
    taxes: RateTable = SAME_EVERYWHERE

    def handed_over(self, at: Handed) -> Offers:
        """Return these offers with the VAT that counts where and when they are handed over."""
        if self.taxes is SAME_EVERYWHERE:
            return self
        by_variant = {
            variant_id: replace(
                offer, tax=self.rate(offer.tax, at), fees=tuple(self.fee(fee, at) for fee in offer.fees)
            )
            for variant_id, offer in self.by_variant.items()
        }
        return Offers(by_variant, tuple(self.fee(fee, at) for fee in self.order_fees))

    def fee(self, fee: Fee, at: Handed) -> Fee:
        """Return a fee or charge with the VAT that counts where and when goods are handed over."""
        return fee if fee.tax is None else replace(fee, tax=self.rate(fee.tax, at))

    def rate(self, tax: Tax, at: Handed) -> Tax:
        """Return the rate that counts there and then for one of home."""
        return self.taxes.rate(tax, place=at.place, day=at.day)


def offers(
    *, cycle_id: int, hub_id: int, currency: str = "EUR", at: datetime, variant_ids: Iterable[int] | None = None
) -> Offers:
    """Return the offers of a cycle at a hub, or only those of `variant_ids`, in two queries.

    A variant is offered if the hub's outgoing exchange and its producer's incoming one carry it (`carrying`), it is for
    sale, has not ended, and the hub does not hide it. Its price is the hub's listing's where set. No VAT on goods of a
    producer who is not liable, nor on fees whose payee is not.
    """
    fees = _fees(cycle_id, hub_id, at)
    on_lines = [fee for fee in fees if fee.is_on_lines]
    carried: dict[int, tuple[Fee, ...]] = {}
    found, version = {}, None
    for row in _rows(cycle_id, hub_id, at, variant_ids):
        producer_id, version = row[2], row[-1]
        if producer_id not in carried:
            carried[producer_id] = tuple(fee for fee in on_lines if fee.only_producer_id in (None, producer_id))
        found[row[0]] = _offer(row, carried[producer_id], currency)
    order_fees = tuple(fee for fee in fees if not fee.is_on_lines)
    return Offers(by_variant=found, order_fees=order_fees, taxes=rate_table(version, at))


_FIELDS = (
    "id", "product_id", "product__producer_id", "product__category_id", "product__name", "name", "unit", "size", "pack",
    "measure", "weight_g", "is_weighed", "price_minor", "own_price", "tax_rate__rate_millionths", "tax_rate__is_included",
    "tax_rate_id", "product__producer__is_vat_liable", "vat_version",
)  # fmt: skip


def _rows(cycle_id: int, hub_id: int, at: datetime, variant_ids: Iterable[int] | None) -> Iterable[tuple]:
    if variant_ids is None:
        return _all(cycle_id, hub_id, at)
    return _some.rows(cycle_id=cycle_id, hub_id=hub_id, at=at, variant_ids=list(variant_ids))


@Statement
def _some(*, cycle_id: int, hub_id: int, at: datetime, variant_ids: list[int]) -> QuerySet[Variant, tuple]:
    return _all(cycle_id, hub_id, at).filter(id__in=variant_ids)


def _all(cycle_id: int, hub_id: int, at: datetime) -> QuerySet[Variant, tuple]:
    listing = Listing.objects.filter(hub_id=hub_id, variant_id=OuterRef("pk"))
    return (
        carried_to(cycle_id=cycle_id, hub_id=hub_id, at=at)
        .filter(is_for_sale=True)
        .filter(Q(ended_at__isnull=True) | Q(ended_at__gt=at))
        .filter(Q(product__ended_at__isnull=True) | Q(product__ended_at__gt=at))
        .exclude(Exists(listing.filter(is_hidden=True)))
        .annotate(own_price=Subquery(listing.values("price_minor")[:1]), vat_version=vat_version())
        .order_by("id")
        .values_list(*_FIELDS)
    )


def _offer(row: tuple, fees: tuple[Fee, ...], currency: str) -> Offer:
    (variant_id, product_id, producer_id, category_id, product, name, unit, size, pack, measure, weight_g, is_weighed,
     price, own_price, millionths, is_included, rate_id, is_liable, _version) = row  # fmt: skip
    taxed = is_liable and millionths
    return Offer(
        variant_id=variant_id,
        product_id=product_id,
        producer_id=producer_id,
        category_id=category_id,
        product_name=product,
        variant_name=name,
        unit=unit,
        size=size,
        pack=pack,
        measure=measure,
        weight_g=weight_g,
        is_weighed=is_weighed,
        price=Money(price if own_price is None else own_price, currency),
        tax=Tax(millionths, is_included, category_id=rate_id) if taxed else NO_TAX,
        tax_rate_id=rate_id if is_liable else None,
        fees=fees,
    )


def _fees(cycle_id: int, hub_id: int, at: datetime) -> list[Fee]:
    """The fees that count at a hub; those of an incoming exchange cover its producer's goods only."""
    return [_fee(*row) for row in _attached.rows(cycle_id=cycle_id, hub_id=hub_id, at=at)]


@Statement
def _attached(*, cycle_id: int, hub_id: int, at: datetime) -> QuerySet[CycleFee, tuple]:
    return (
        CycleFee.objects.filter(cycle_id=cycle_id)
        .filter(
            Q(exchange__isnull=True)
            | Q(exchange__direction="incoming")
            | Q(exchange__direction="outgoing", exchange__enterprise_id=hub_id)
        )
        .filter(Q(fee__ended_at__isnull=True) | Q(fee__ended_at__gt=at))
        .order_by("id")
        .values_list(
            "exchange__direction", "exchange__enterprise_id", "fee__enterprise__is_vat_liable", "fee__tax",
            "fee__tax_rate__rate_millionths", "fee__tax_rate__is_included", "fee__tax_rate_id", "fee_id",
            "fee__name", "fee__calculator",
            "fee__enterprise_id", "fee__kind", *(f"fee__{name}" for name in AMOUNTS),
        )
    )  # fmt: skip


def _fee(
    direction: str | None, partner_id: int | None, is_liable: bool, tax: str, millionths: int | None,
    is_included: bool | None, rate_id: int | None, fee_id: int, name: str, calculator: str, payee_id: int, kind: str,
    *amounts: int,
) -> Fee:  # fmt: skip
    return Fee(
        name=name,
        calculator=Calculator(calculator),
        payee_id=payee_id,
        kind=kind,
        fee_id=fee_id,
        place=direction or "coordinator",
        only_producer_id=partner_id if direction == "incoming" else None,
        tax=_fee_tax(is_liable, tax, millionths, is_included, rate_id),
        **dict(zip(AMOUNTS, amounts, strict=True)),
    )


def _fee_tax(
    is_liable: bool, tax: str, millionths: int | None, is_included: bool | None, rate_id: int | None
) -> Tax | None:
    if not is_liable or tax == "none":
        return NO_TAX
    return None if tax == "inherit" else Tax(millionths or 0, is_included is not False, category_id=rate_id)
