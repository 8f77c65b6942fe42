"""What a hub's people find by typing part of a name: the products of a sale, to put into an order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bocage.commons.measures import Exact
from bocage.commons.money import Money
from bocage.commons.searching import fold, words
from bocage.network.models import Enterprise
from bocage.network.rules import Actor, Right
from bocage.order_cycles.queries.carrying import carried_to
from bocage.order_cycles.queries.offers import Offer, offers
from bocage.pricing.rules import price_line
from bocage.stock.queries import levels


@dataclass(frozen=True, slots=True)
class OfferRow:
    """A product of a sale as it may be put into an order: `price` is what one costs there, fees included.

    `left` units may still be taken, None without limit; `held` are in the order already.
    """

    variant_id: int
    product_name: str
    variant_name: str
    unit: str
    size: Exact
    pack: str
    measure: str
    is_weighed: bool
    producer: str
    price: Money
    left: int | None
    held: int

    @property
    def key(self) -> str:
        """Return its id as text, as names of fields need it."""
        return str(self.variant_id)

    @property
    def most(self) -> int:
        """Return how many the order may hold at most."""
        return 999 if self.left is None else min(999, self.left + self.held)


@dataclass(frozen=True, slots=True)
class OffersFound:
    """The first offers that match, by name, and how many match in all."""

    rows: tuple[OfferRow, ...]
    total: int


def find_offers(
    *,
    hub_id: int,
    cycle_id: int,
    text: str,
    actor: Actor,
    now: datetime,
    held: Mapping[int, int] | None = None,
    limit: int = 12,
) -> OffersFound:
    """Return what the sale offers at the hub whose product or farm is called like `text`, in five queries.

    Nothing typed finds everything. held: variant id → units that the order has. Raises Forbidden.
    """
    actor.require(Right.MANAGE_ORDERS, on=hub_id)
    ids = _called(hub_id, cycle_id, text, now)
    rows = offer_rows(hub_id=hub_id, cycle_id=cycle_id, variant_ids=ids[:limit], now=now, held=held or {})
    return OffersFound(tuple(rows), len(ids))


def offer_rows(
    *, hub_id: int, cycle_id: int, variant_ids: Iterable[int], now: datetime, held: Mapping[int, int]
) -> list[OfferRow]:
    """Return what a sale offers of these variants, in their order, in four queries; none where it offers none."""
    ids = list(variant_ids)
    found = offers(cycle_id=cycle_id, hub_id=hub_id, variant_ids=ids, at=now).by_variant if ids else {}
    left = levels(hub_id=hub_id, variant_ids=found) if found else {}
    farms = {offer.producer_id for offer in found.values()}
    names = dict(Enterprise.objects.filter(id__in=farms).values_list("id", "name")) if farms else {}
    return [
        _row(found[vid], names[found[vid].producer_id], left[vid].left, held.get(vid, 0)) for vid in ids if vid in found
    ]


def _row(offer: Offer, producer: str, left: int | None, held: int) -> OfferRow:
    return OfferRow(
        variant_id=offer.variant_id,
        product_name=offer.product_name,
        variant_name=offer.variant_name,
        unit=offer.unit,
        size=offer.size,
        pack=offer.pack,
        measure=offer.measure,
        is_weighed=offer.is_weighed,
        producer=producer,
        price=price_line(offer.goods(1), offer.fees).total,
        left=left,
        held=held,
    )


def _called(hub_id: int, cycle_id: int, text: str, now: datetime) -> list[int]:
    """The variants that leave the sale to the hub and are called so; those whose name begins so first, then by name."""
    rows = carried_to(cycle_id=cycle_id, hub_id=hub_id, at=now).values_list(
        "id", "product__name", "name", "product__producer__name"
    )
    wanted, found = words(text), []
    for variant_id, product, variant, producer in rows.order_by("id"):
        name = fold(product)
        said = f"{name} {fold(variant)} {fold(producer)}"
        if all(word in said for word in wanted):
            begins = not wanted or name.startswith(wanted[0])
            found.append((not begins, name, variant_id))
    return [variant_id for _, _, variant_id in sorted(found)]
