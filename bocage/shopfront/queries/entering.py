"""Somebody comes into a shop: which sales they see there, and what of each, by the hub's tag rules.

Where a hub has no rules nothing is asked for them. Where it has, those about whom the same rules are see the same: what
a sale offers is computed once and cut once for each such group (`Snapshot.seen_by`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bocage.orders.queries.choices import ways
from bocage.shopfront.queries.shops import Sale, ShopRow, doorway
from bocage.shopfront.queries.snapshots import Snapshot, snapshot
from bocage.shops import queries as terms
from bocage.shops.rules.tagging import EVERYTHING, Kind, Sight


@dataclass(frozen=True, slots=True)
class Entrance:
    """A shop, the open sales that somebody sees there, the one that closes first on top, and what else they see."""

    shop: ShopRow
    sales: tuple[Sale, ...]
    sight: Sight

    def sale(self, cycle_id: int) -> Sale | None:
        """Return the open sale of this id, or None if there is none, or not for them."""
        return next((sale for sale in self.sales if sale.id == cycle_id), None)

    def snapshot(self, sale: Sale, now: datetime) -> Snapshot:
        """Return what they see of a sale."""
        found = snapshot(
            cycle_id=sale.id,
            hub_id=self.shop.hub_id,
            cycle_version=sale.version,
            shop_version=self.shop.version,
            has_rules=self.shop.has_rules,
            at=now,
        )
        return found.seen_by(self.sight)


def entrance(slug: str, *, person_id: int | None, now: datetime) -> Entrance:
    """Return how somebody comes into the shop of the hub called `slug`. Raises NotFound.

    One query, two while nothing is open; up to five more where the hub has rules.
    """
    shop, sales = doorway(slug, now=now)
    sight = terms.sight(hub_id=shop.hub_id, person_id=person_id) if shop.has_rules else EVERYTHING
    return seen_by(sight, shop, sales)


def seen_by(sight: Sight, shop: ShopRow, sales: list[Sale]) -> Entrance:
    """Return a shop as somebody with this sight sees it: without sales that are not for them, or leave them no way.

    Source: domain 03 §3.1.
    """
    shown = [sale for sale in sales if sight.shows(Kind.SALES, sale.tags)]
    if shown and sight.has(Kind.DELIVERY, Kind.PAYMENT):
        found = ways(cycle_ids=[sale.id for sale in shown], hub_id=shop.hub_id)
        shown = [sale for sale in shown if found[sale.id].is_left(sight)]
    return Entrance(shop, tuple(shown), sight)
