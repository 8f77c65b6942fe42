"""Somebody at the door of a shop: which hub, which of its open sales, may they come in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import get_script_prefix, reverse

from bocage.network.requests import HubRequest
from bocage.orders.queries.choices import DeliveryChoice
from bocage.orders.rules import MembersOnly, OrderCycleClosed
from bocage.shopfront.devices import owner_of
from bocage.shopfront.queries.entering import Entrance, entrance, seen_by
from bocage.shopfront.queries.eyes import Eyes, eyes
from bocage.shopfront.queries.shops import Sale, ShopRow, doorway, may_enter
from bocage.shopfront.queries.snapshots import Snapshot
from bocage.shopfront.rules import OnlyLooking, Owner
from bocage.shops.queries import sight_with
from bocage.shops.rules.tagging import Sight


@dataclass(frozen=True, slots=True)
class Visit:
    """A shopper in a shop. Without a right to enter there are no sales and no snapshot, so nothing can leak.

    `looking`: somebody of the hub who looks with these eyes; they have no basket and order nothing.
    """

    shop: ShopRow
    owner: Owner
    now: datetime
    may_enter: bool
    sales: tuple[Sale, ...]
    sale: Sale | None
    sight: Sight
    snapshot: Snapshot | None
    missed: bool
    looking: Eyes | None = None

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
    def rendered(self) -> dict[Any, Any]:
        """Return what faces made of the sale's rows: kept as long as these, apart for each frame around the shop."""
        kept: dict[Any, Any] = self.offered.rendered.setdefault(get_script_prefix(), {})
        return kept

    @property
    def query(self) -> str:
        """Return what an address of this shop needs to mean this sale, and these eyes: nothing by default."""
        said = {"cycle": str(self.sale.id)} if self.sale and not self.is_first_sale else {}
        said |= {"as": self.looking.key} if self.looking else {}
        return f"?{urlencode(said)}" if said else ""

    @property
    def is_first_sale(self) -> bool:
        """Return whether the sale is the one that the shop shows by default."""
        return not self.sales or self.sale == self.sales[0]

    def url(self, name: str, *more: object) -> str:
        """Return the address of a page of this shop in this sale."""
        return reverse(f"shopfront:{name}", args=[self.shop.slug, *more]) + self.query


def visit(request: HubRequest, slug: str) -> Visit:
    """Return the visit that a request makes. Raises NotFound."""
    now, actor = request.now, request.actor
    door, looking = _door(request, slug)
    inside = may_enter(door.shop, actor) if looking is None else looking.is_member or not door.shop.is_members_only
    sales = door.sales if inside else ()
    asked = request.POST.get("cycle") or request.GET.get("cycle", "")
    chosen = next((sale for sale in sales if str(sale.id) == asked), None)
    sale = chosen or (sales[0] if sales else None)
    return Visit(
        shop=door.shop,
        owner=owner_of(request) if looking is None else Owner(),
        now=now,
        may_enter=inside,
        sales=sales,
        sale=sale,
        sight=door.sight,
        snapshot=door.snapshot(sale, now) if sale else None,
        missed=bool(asked and inside and chosen is None),
        looking=looking,
    )


def _door(request: HubRequest, slug: str) -> tuple[Entrance, Eyes | None]:
    """The shop as its visitor sees it, or as whoever runs the hub asks to see it with somebody else's eyes."""
    asked = request.GET.get("as", "")[:200]
    if not asked:
        return entrance(slug, person_id=request.actor.person_id, now=request.now), None
    shop, sales = doorway(slug, now=request.now)
    looking = eyes(key=asked, hub_id=shop.hub_id, actor=request.actor)
    return seen_by(sight_with(hub_id=shop.hub_id, tags=looking.tags), shop, sales), looking


def shopping(request: HubRequest, slug: str) -> Visit:
    """Return a visit to a shop that this shopper may enter and that is selling. Raises MembersOnly, OrderCycleClosed."""
    found = visit(request, slug)
    if found.looking is not None and request.method == "POST":
        raise OnlyLooking()
    if not found.may_enter:
        raise MembersOnly()
    if found.sale is None or found.missed:
        raise OrderCycleClosed()
    return found
