"""What the barn's pages share: whose barn, which sale, which baskets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from bocage.commons.refusals import NotFound
from bocage.fulfilment import queries, rules
from bocage.fulfilment.grouping import Cut, Place, by_place, cut, holding
from bocage.fulfilment.queries import BasketRow, Crate, PackSale
from bocage.network.queries.hubs import HubFrame, hub_frame
from bocage.network.requests import HubRequest
from bocage.network.rules import Right

PAGE = 150  # crates on one page of a list


@dataclass(frozen=True, slots=True)
class Barn:
    """A hub, its sales with orders, and the sale looked at (None before the first order)."""

    hub: HubFrame
    sales: list[PackSale]
    sale: PackSale | None


@dataclass(frozen=True, slots=True)
class Found:
    """What of a sale's crates is shown: `places` hold it, `everywhere` are all places of the sale, with their counts."""

    places: list[Place]
    everywhere: list[Place]
    all: list[Crate]
    crates: Cut
    text: str
    place: int
    next_url: str
    first_url: str

    @property
    def packed(self) -> int:
        return sum(crate.is_packed for crate in self.all)

    @property
    def handed(self) -> int:
        return sum(crate.handed_over_at is not None for crate in self.all)

    @property
    def is_everywhere(self) -> bool:
        return not self.place

    @property
    def is_long(self) -> bool:
        """Return whether the sale has too many crates for one page."""
        return len(self.all) > PAGE


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


def crates_of(request: HubRequest, barn: Barn) -> list[Crate]:
    """Return the crates of the sale looked at, without cancelled orders."""
    if barn.sale is None:
        return []
    rows = queries.crates(hub_id=barn.hub.id, cycle_id=barn.sale.id, actor=request.actor)
    return [row for row in rows if not row.is_cancelled]


def baskets_of(request: HubRequest, barn: Barn) -> list[BasketRow]:
    """Return the crates of the sale looked at, whole, to print or to download: of the place that is asked for, or all."""
    place = _place(request)
    crates = [crate for crate in crates_of(request, barn) if place in (0, crate.method_id)]
    return queries.baskets(hub_id=barn.hub.id, crates=crates, actor=request.actor)


def find(request: HubRequest, barn: Barn) -> Found:
    """Return the page of crates that the address asks for: by place, by a part of a name or number, after a crate."""
    crates, text, place = crates_of(request, barn), searched(request), _place(request)
    everywhere = by_place(crates)
    wanted = [
        crate
        for one in everywhere
        if place in (0, one.id)
        for crate in one.crates
        if not text or rules.is_called(text, number=crate.number, name=crate.name, ref=crate.ref)
    ]
    after = request.GET.get("after", "")[:20]
    page = cut(wanted, lambda crate: crate.ref, after=after, limit=PAGE)
    here = {"sale": barn.sale.id if barn.sale else "", "text": text, "place": place or ""}
    return Found(
        places=holding(everywhere, page.rows),
        everywhere=everywhere,
        all=crates,
        crates=page,
        text=text,
        place=place,
        next_url=asked(here, after=page.next) if page.next else "",
        first_url=asked(here) if after else "",
    )


def searched(request: HubRequest) -> str:
    """Return what the search field holds."""
    return request.GET.get("text", "").replace("\x00", "").strip()[:80]


def asked(values: dict[str, Any], **more: Any) -> str:
    """Return these questions as the end of an address, those without an answer left out."""
    return f"?{urlencode({key: value for key, value in {**values, **more}.items() if value})}"


def _place(request: HubRequest) -> int:
    wanted = request.GET.get("place", "")
    return int(wanted) if wanted.isdecimal() and len(wanted) < 18 else 0


def tabs(slug: str, sale: PackSale | None) -> list[dict[str, Any]]:
    """Return the ways to look at a sale's goods, as the tabs component takes them."""
    query = f"?sale={sale.id}" if sale else ""
    ways = (
        ("packing", gettext("Baskets")),
        ("hand_over_list", gettext("Hand-over")),
        ("products", gettext("By product")),
        ("suppliers", gettext("By farm")),
        ("supplier_orders:list", gettext("Orders to farms")),
    )
    return [
        {"key": key, "label": label, "url": reverse(key if ":" in key else f"fulfilment:{key}", args=[slug]) + query}
        for key, label in ways
    ]
