"""What the barn's pages share: whose barn, which sale, which baskets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from bocage.commons.refusals import NotFound
from bocage.fulfilment import queries
from bocage.fulfilment.queries import BasketRow, PackSale
from bocage.network.queries.hubs import HubFrame, hub_frame
from bocage.network.requests import HubRequest
from bocage.network.rules import Right


@dataclass(frozen=True, slots=True)
class Barn:
    """A hub, its sales with orders, and the sale looked at (None before the first order)."""

    hub: HubFrame
    sales: list[PackSale]
    sale: PackSale | None


@dataclass(frozen=True, slots=True)
class Place:
    """A pickup point or delivery round with its baskets, in the order of their crates."""

    id: int
    name: str
    town: str
    baskets: list[BasketRow]

    @property
    def packed(self) -> int:
        return sum(row.is_packed for row in self.baskets)

    @property
    def handed(self) -> int:
        return sum(row.handed_over_at is not None for row in self.baskets)


def enter(request: HubRequest, slug: str) -> HubFrame:
    """Return the hub for who may see its orders. Raises NotFound, Forbidden."""
    return hub_frame(slug=slug, right=Right.SEE_ORDERS, actor=request.actor)


def barn(request: HubRequest, slug: str) -> Barn:
    """Return the hub and the sale that the address asks for. Raises NotFound, Forbidden."""
    hub = enter(request, slug)
    rows = queries.sales(hub_id=hub.id, actor=request.actor)
    wanted = request.GET.get("sale", "")
    if wanted and not (wanted.isdecimal() and len(wanted) < 18):
        raise NotFound()
    sale = queries.present_sale(rows, now=request.now, cycle_id=int(wanted) if wanted else None)
    return Barn(hub, rows, sale)


def baskets_of(request: HubRequest, barn: Barn) -> list[BasketRow]:
    """Return the crates of the sale looked at, without cancelled orders."""
    if barn.sale is None:
        return []
    rows = queries.baskets(hub_id=barn.hub.id, cycle_id=barn.sale.id, actor=request.actor)
    return [row for row in rows if not row.is_cancelled]


def by_place(rows: list[BasketRow]) -> list[Place]:
    """Group baskets by where they go: the earliest hand-over first, then by name."""
    places: dict[int, Place] = {}
    for row in rows:
        places.setdefault(row.method_id, Place(row.method_id, row.delivery_name, "", [])).baskets.append(row)

    def when(place: Place) -> tuple[str, str, int]:
        start = place.baskets[0].hand_over_from
        return (start.isoformat() if start else "9", place.name, place.id)

    return sorted(places.values(), key=when)


def tabs(slug: str, sale: PackSale | None) -> list[dict[str, Any]]:
    """Return the ways to look at a sale's goods, as the tabs component takes them."""
    query = f"?sale={sale.id}" if sale else ""
    ways = (
        ("packing", gettext("Baskets")),
        ("hand_over_list", gettext("Hand-over")),
        ("products", gettext("By product")),
        ("suppliers", gettext("By farm")),
    )
    return [
        {"key": key, "label": label, "url": reverse(f"fulfilment:{key}", args=[slug]) + query} for key, label in ways
    ]
