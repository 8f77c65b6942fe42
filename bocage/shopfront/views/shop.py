"""The shop of a hub: its products, its farms, who it is, and one product in full."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.network.queries.groups import groups_of
from bocage.network.requests import HubRequest
from bocage.orders.explaining import explain_offer
from bocage.shopfront.pictures import picture_url
from bocage.shopfront.queries import baskets, products, shops
from bocage.shopfront.queries.baskets import Kept
from bocage.shopfront.queries.snapshots import Found, Row, Snapshot, search
from bocage.shopfront.views.drawers import drawer
from bocage.shopfront.views.frames import Choice, filtered_url, frame
from bocage.shopfront.views.hours import hand_over
from bocage.shopfront.views.rows import Share, named, rows_html, shares, words_of
from bocage.shopfront.views.stencils import Stencil, fill, stencil
from bocage.shopfront.views.visits import Visit, visit
from bocage.shops.queries.faces import page_body
from bocage.stock.queries import levels
from bocage.stock.rules import Level
from bocage.ui.pages import page

FILTERS = ("q", "aisle", "trait", "farm")
DRAWER = "\x1fdrawer\x1f"


@dataclass(frozen=True, slots=True)
class Section:
    """The shown rows of one aisle; no heading where the page before already said it. `mark` is where its rows go."""

    title: str
    count: int
    items: tuple[Row, ...]
    mark: SafeString


@require_safe
def show(request: HubRequest, slug: str) -> HttpResponse:
    """Show what a hub sells now, by aisle, filtered and searched; or when it sells again.

    The page is cut once as a stencil and filled per visitor: with rows, basket and tokens.
    """
    here = visit(request, slug)
    if here.sale is None or here.snapshot is None:
        return _shut(request, here)
    asked = {name: request.GET.get(name, "")[:80] for name in FILTERS}
    after = request.GET.get("after", "")
    part = ("more" if after else "offers") if request.headers.get("HX-Target") in ("offers", "more") else ""
    cut: Stencil[list[Section]] = stencil(request, here, part, lambda: _list(request, here, asked, after, part))
    shown = [row.id for section in cut.about for row in section.items]
    stored = baskets.kept(owner=here.owner, hub_id=here.shop.hub_id, cycle_id=here.selling.id)
    left = levels(hub_id=here.shop.hub_id, variant_ids={*shown, *stored.lines})
    fills: dict[str, str] = {section.mark: _rows(here, section.items, left, stored) for section in cut.about}
    if not part:
        fills[DRAWER] = drawer(here, stored, left)
    return fill(request, cut.text, fills)


@require_safe
def farms(request: HubRequest, slug: str) -> HttpResponse:
    """Show the farms whose goods the hub sells in this sale."""
    here = visit(request, slug)
    found = here.snapshot.farms if here.snapshot else []
    rows = [(farm, picture_url(farm.picture), filtered_url(here, {"farm": farm.slug})) for farm in found]
    return page(request, "shopfront/farms.html", **frame(request, here, "farms"), farms=rows)


@require_safe
def about(request: HubRequest, slug: str) -> HttpResponse:
    """Show who the hub is, in its own words."""
    here = visit(request, slug)
    groups = [] if here.shop.label.hides_groups else groups_of(here.shop.hub_id)
    return page(request, "shopfront/about.html", **frame(request, here, "about"), groups=groups)


@require_safe
def own(request: HubRequest, slug: str) -> HttpResponse:
    """Show the page that the hub wrote under a title of its own. Raises NotFound where there is none."""
    here = visit(request, slug)
    if not here.shop.label.page_title:
        raise NotFound()
    return page(request, "shopfront/own.html", **frame(request, here, "own"), body=page_body(here.shop.hub_id))


@require_safe
def contact(request: HubRequest, slug: str) -> HttpResponse:
    """Show how to reach the hub and where it hands over."""
    here = visit(request, slug)
    rows = [hand_over(choice) for choice in here.snapshot.deliveries] if here.snapshot else []
    return page(request, "shopfront/contact.html", **frame(request, here, "contact"), hand_overs=rows)


@require_safe
def product(request: HubRequest, slug: str, product_id: int) -> HttpResponse:
    """Show one product of the sale: its sizes, who made it and where, who earns what."""
    here = visit(request, slug)
    if here.sale is None or here.snapshot is None:
        return _shut(request, here)
    rows = [row for row in here.offered.rows if row.offer.product_id == product_id]
    sheet = products.sheet(product_id, sold=bool(rows))
    stored = baskets.kept(owner=here.owner, hub_id=here.shop.hub_id, cycle_id=here.selling.id)
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
        aisle=Choice(named(aisle), filtered_url(here, {"aisle": aisle.slug}), False),
        sizes=_rows(here, rows, left, stored),
        splits=[_split(here.offered, row) for row in rows],
        explained=[(words_of(row, here.offered.price(row).total)["size"], explain_offer(row.offer)) for row in rows],
        drawer=drawer(here, stored, left),
    )


def _split(snapshot: Snapshot, row: Row) -> tuple[str, list[Share], Money]:
    price = snapshot.price(row).total
    return words_of(row, price)["size"], shares(snapshot, row), price


def _rows(here: Visit, rows: Sequence[Row], left: Mapping[int, Level], stored: Kept) -> SafeString:
    held = {variant_id: asked for variant_id, (asked, _) in stored.lines.items()}
    return mark_safe(rows_html(here, rows, left, held))


def _list(
    request: HubRequest, here: Visit, asked: dict[str, str], after: str, part: str
) -> tuple[str, dict[str, Any], list[Section]]:
    """What is searched for, as the template, its context and the sections whose rows are filled in later."""
    found = search(
        here.offered,
        text=asked["q"],
        aisle=asked["aisle"],
        trait=asked["trait"],
        farm=asked["farm"],
        after=int(after) if after.isascii() and after.isdigit() and len(after) < 19 else None,
    )
    sections = _sections(found)
    context = {
        **frame(request, here, "products"),
        **_filters(here, asked),
        "sections": sections,
        "found": found,
        "shown": found.before + len(found.rows),
        "more_url": filtered_url(here, {**asked, "after": str(found.next)}) if found.next else "",
        "drawer": mark_safe(DRAWER),
    }
    return f"shopfront/shop.html#{part}" if part else "shopfront/shop.html", context, sections


def _sections(found: Found) -> list[Section]:
    groups: dict[int, list[Row]] = {}
    for row in found.rows:
        groups.setdefault(row.aisle.id, []).append(row)
    return [
        Section(
            title="" if found.continues and number == 0 else named(rows[0].aisle),
            count=found.per_aisle[aisle_id],
            items=tuple(rows),
            mark=mark_safe(f"\x1frows{number}\x1f"),
        )
        for number, (aisle_id, rows) in enumerate(groups.items())
    ]


def _shut(request: HubRequest, here: Visit) -> HttpResponse:
    """Say why nothing is for sale: members only, or between two sales."""
    pause = shops.pause(hub_id=here.shop.hub_id, sight=here.sight, now=here.now)
    context = frame(request, here, "products")
    return page(request, "shopfront/shut.html", **context, pause=pause, status=200 if here.may_enter else 403)


def _filters(here: Visit, asked: dict[str, str]) -> dict[str, Any]:
    everything = Choice(
        gettext("Everything"), filtered_url(here, {**asked, "aisle": ""}), not asked["aisle"], picture_url("")
    )
    aisles = [
        Choice(
            label=named(one),
            url=filtered_url(here, {**asked, "aisle": one.slug}),
            current=one.slug == asked["aisle"],
            picture=picture_url(one.picture),
        )
        for one in here.offered.aisles
    ]
    return {
        "asked": asked,
        "aisles": [everything, *aisles],
        "traits": [(one.slug, named(one)) for one in here.offered.traits],
        "farms": [(one.slug, one.name) for one in here.offered.farms],
        "is_filtered": any(asked.values()),
    }
