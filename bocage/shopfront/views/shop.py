"""The shop of a hub: its products, its farms, who it is, and one product in full."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from bocage.commons.money import Money
from bocage.shopfront.pictures import picture_url
from bocage.shopfront.queries import baskets, products, shops
from bocage.shopfront.queries.baskets import BasketView, Kept
from bocage.shopfront.queries.snapshots import Found, Row, Snapshot, search
from bocage.shopfront.views.hours import hand_over
from bocage.shopfront.views.rows import Share, named, rows_html, shares, words_of
from bocage.shopfront.views.visits import Visit, visit
from bocage.stock.queries import levels
from bocage.stock.rules import Level
from bocage.ui.pages import page

FILTERS = ("q", "aisle", "trait", "farm")


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter, as a link."""

    label: str
    url: str
    current: bool
    picture: str = ""
    count: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """The shown rows of one aisle; no heading where the page before already said it."""

    title: str
    count: int
    rows: SafeString


@require_safe
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what a hub sells now, by aisle, filtered and searched; or when it sells again."""
    here = visit(request, slug)
    if here.sale is None or here.snapshot is None:
        return _shut(request, here)
    asked = {name: request.GET.get(name, "")[:80] for name in FILTERS}
    after = request.GET.get("after", "")
    found = search(
        here.snapshot,
        text=asked["q"],
        aisle=asked["aisle"],
        trait=asked["trait"],
        farm=asked["farm"],
        after=int(after) if after.isascii() and after.isdigit() and len(after) < 19 else None,
    )
    stored = baskets.kept(owner=here.owner, hub_id=here.shop.hub_id, cycle_id=here.sale.id)
    left = levels(hub_id=here.shop.hub_id, variant_ids={*(row.id for row in found.rows), *stored.lines})
    part = "more" if after else "offers"
    return page(
        request,
        "shopfront/shop.html",
        part=part if request.headers.get("HX-Target") in ("offers", "more") else "",
        **frame(request, here, "products"),
        **_filters(here, asked, found),
        sections=_sections(here, found, left, stored),
        found=found,
        more_url=f"{_url(here, asked)}{'&' if '?' in _url(here, asked) else '?'}after={found.next}"
        if found.next
        else "",
        shown=found.before + len(found.rows),
        basket=baskets.view(stored, here.snapshot, left),
    )


@require_safe
def farms(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the farms whose goods the hub sells in this sale."""
    here = visit(request, slug)
    found = here.snapshot.farms if here.snapshot else []
    rows = [(farm, picture_url(farm.picture), _url(here, {"farm": farm.slug})) for farm in found]
    return page(request, "shopfront/farms.html", **frame(request, here, "farms"), farms=rows)


@require_safe
def about(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who the hub is, in its own words."""
    here = visit(request, slug)
    return page(request, "shopfront/about.html", **frame(request, here, "about"))


@require_safe
def contact(request: HttpRequest, slug: str) -> HttpResponse:
    """Show how to reach the hub and where it hands over."""
    here = visit(request, slug)
    rows = [hand_over(choice) for choice in here.snapshot.deliveries] if here.snapshot else []
    return page(request, "shopfront/contact.html", **frame(request, here, "contact"), hand_overs=rows)


@require_safe
def product(request: HttpRequest, slug: str, product_id: int) -> HttpResponse:
    """Show one product of the sale: its sizes, who made it and where, who earns what."""
    here = visit(request, slug)
    if here.sale is None or here.snapshot is None:
        return _shut(request, here)
    rows = [row for row in here.snapshot.rows if row.offer.product_id == product_id]
    sheet = products.sheet(product_id, sold=bool(rows))
    stored = baskets.kept(owner=here.owner, hub_id=here.shop.hub_id, cycle_id=here.sale.id)
    left = levels(hub_id=here.shop.hub_id, variant_ids={*(row.id for row in rows), *stored.lines})
    aisle = rows[0].aisle
    return page(
        request,
        "shopfront/product.html",
        **frame(request, here, "products"),
        sheet=sheet,
        row=rows[0],
        picture=picture_url(rows[0].picture),
        traits=[(trait.icon, named(trait)) for trait in rows[0].traits],
        aisle=Choice(named(aisle), _url(here, {"aisle": aisle.slug}), False),
        sizes=_rows(here, rows, left, stored),
        splits=[_split(here.snapshot, row) for row in rows],
        basket=baskets.view(stored, here.snapshot, left),
    )


def _split(snapshot: Snapshot, row: Row) -> tuple[str, list[Share], Money]:
    price = snapshot.price(row).total
    return words_of(row, price)["size"], shares(snapshot, row), price


def _rows(here: Visit, rows: Sequence[Row], left: Mapping[int, Level], stored: Kept) -> SafeString:
    assert here.snapshot is not None
    held = {variant_id: asked for variant_id, (asked, _) in stored.lines.items()}
    low = here.shop.shows_low_stock_from
    return mark_safe(rows_html(here.snapshot, rows, left, held, slug=here.shop.slug, low=low))


def frame(request: HttpRequest, here: Visit, current: str) -> dict[str, Any]:
    """Return what every page of a shop needs: its band, the panel of the sale, its tabs."""
    first = here.main_hand_over
    return {
        "here": here,
        "shop": here.shop,
        "sale": here.sale,
        "hand_over": hand_over(first) if first else None,
        "other_hand_overs": [hand_over(one) for one in here.snapshot.deliveries if one != first]
        if here.snapshot
        else [],
        "sales": [Choice(sale.name, _sale_url(here, sale.id), sale == here.sale) for sale in here.sales],
        "tabs": _tabs(here),
        "tab": current,
        "basket_url": here.url("basket"),
        "shop_url": here.url("shop"),
        "here_url": request.get_full_path(),
    }


def _shut(request: HttpRequest, here: Visit) -> HttpResponse:
    """Say why nothing is for sale: members only, or between two sales."""
    pause = shops.pause(hub_id=here.shop.hub_id, now=here.now)
    context = frame(request, here, "products")
    return page(request, "shopfront/shut.html", **context, pause=pause, status=200 if here.may_enter else 403)


def _tabs(here: Visit) -> list[dict[str, Any]]:
    count = len(here.snapshot.farms) if here.snapshot else ""
    found = [("products", gettext("The products"), "shop", ""), ("farms", gettext("The farms"), "farms", count)]
    found += [("about", gettext("Who we are"), "about", ""), ("contact", gettext("Contact"), "contact", "")]
    kept = found if here.snapshot else [found[0], *found[2:]]
    return [{"key": key, "label": label, "url": here.url(name), "count": said} for key, label, name, said in kept]


def _filters(here: Visit, asked: dict[str, str], found: Found) -> dict[str, Any]:
    assert here.snapshot is not None
    everything = Choice(gettext("Everything"), _url(here, {**asked, "aisle": ""}), not asked["aisle"], picture_url(""))
    aisles = [
        Choice(
            label=named(one),
            url=_url(here, {**asked, "aisle": one.slug}),
            current=one.slug == asked["aisle"],
            picture=picture_url(one.picture),
        )
        for one in here.snapshot.aisles
    ]
    return {
        "asked": asked,
        "aisles": [everything, *aisles],
        "traits": [(one.slug, named(one)) for one in here.snapshot.traits],
        "farms": [(one.slug, one.name) for one in here.snapshot.farms],
        "is_filtered": any(asked.values()),
    }  # fmt: skip


def _url(here: Visit, asked: dict[str, str]) -> str:
    kept = {name: value for name, value in asked.items() if value}
    if not kept:
        return here.url("shop")
    return f"{here.url('shop')}{'&' if here.query else '?'}{urlencode(kept)}"


def _sale_url(here: Visit, sale_id: int) -> str:
    return f"{here.url('shop').partition('?')[0]}?cycle={sale_id}"


def _sections(here: Visit, found: Found, left: Mapping[int, Level], stored: Kept) -> list[Section]:
    groups: dict[int, list[Row]] = {}
    for row in found.rows:
        groups.setdefault(row.aisle.id, []).append(row)
    return [
        Section(
            title="" if found.continues and number == 0 else named(rows[0].aisle),
            count=found.per_aisle[aisle_id],
            rows=_rows(here, rows, left, stored),
        )
        for number, (aisle_id, rows) in enumerate(groups.items())
    ]


def basket_of(here: Visit) -> BasketView:
    """Return the visitor's basket of the sale, held against today's offers and stock."""
    assert here.sale is not None and here.snapshot is not None
    return baskets.basket(owner=here.owner, hub_id=here.shop.hub_id, cycle_id=here.sale.id, snapshot=here.snapshot)
