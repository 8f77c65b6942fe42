"""Somebody at the door of a shop: which hub, which of its open sales, may they come in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from bocage.network.requests import HubRequest
from bocage.orders.queries.choices import DeliveryChoice
from bocage.orders.rules import MembersOnly, OrderCycleClosed
from bocage.shopfront.devices import owner_of
from bocage.shopfront.queries.shops import Sale, ShopRow, doorway, may_enter
from bocage.shopfront.queries.snapshots import Snapshot, snapshot
from bocage.shopfront.rules import Owner


@dataclass(frozen=True, slots=True)
class Visit:
    """A shopper in a shop. Without a right to enter there are no sales and no snapshot, so nothing can leak."""

    shop: ShopRow
    owner: Owner
    now: datetime
    may_enter: bool
    sales: tuple[Sale, ...]
    sale: Sale | None
    snapshot: Snapshot | None
    missed: bool

    @property
    def selling(self) -> Sale:
        """Return the open sale of this visit. Raises OrderCycleClosed where there is none."""
        if self.sale is None:
            raise OrderCycleClosed()
        return self.sale

    @property
    def offered(self) -> Snapshot:
        """Return what the open sale offers. Raises OrderCycleClosed where there is none."""
        if self.snapshot is None:
            raise OrderCycleClosed()
        return self.snapshot

    @property
    def main_hand_over(self) -> DeliveryChoice | None:
        """Return the hub's first pickup of the sale, or its first delivery if nothing is picked up."""
        choices = self.snapshot.deliveries if self.snapshot else []
        return min(choices, key=lambda one: not one.is_pickup, default=None)

    @property
    def query(self) -> str:
        """Return what an address of this shop needs to mean this sale: nothing where it is the one by default."""
        return f"?cycle={self.sale.id}" if self.sale and self.sales and self.sale != self.sales[0] else ""

    def url(self, name: str, *more: object) -> str:
        """Return the address of a page of this shop in this sale."""
        return reverse(f"shopfront:{name}", args=[self.shop.slug, *more]) + self.query


def visit(request: HubRequest, slug: str) -> Visit:
    """Return the visit that a request makes. Raises NotFound."""
    now, actor = request.now, request.actor
    found, open_now = doorway(slug, now=now)
    inside = may_enter(found, actor)
    sales = tuple(open_now) if inside else ()
    asked = request.POST.get("cycle") or request.GET.get("cycle", "")
    chosen = next((sale for sale in sales if str(sale.id) == asked), None)
    sale = chosen or (sales[0] if sales else None)
    return Visit(
        shop=found,
        owner=owner_of(request),
        now=now,
        may_enter=inside,
        sales=sales,
        sale=sale,
        snapshot=_snapshot(found, sale, now) if sale else None,
        missed=bool(asked and inside and chosen is None),
    )


def shopping(request: HubRequest, slug: str) -> Visit:
    """Return a visit to a shop that this shopper may enter and that is selling. Raises MembersOnly, OrderCycleClosed."""
    found = visit(request, slug)
    if not found.may_enter:
        raise MembersOnly()
    if found.sale is None or found.missed:
        raise OrderCycleClosed()
    return found


def _snapshot(found: ShopRow, sale: Sale, now: datetime) -> Snapshot:
    return snapshot(
        cycle_id=sale.id, hub_id=found.hub_id, cycle_version=sale.version, shop_version=found.version, at=now
    )
