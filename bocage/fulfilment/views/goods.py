"""Hand-over by place, goods by product and by farm."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from bocage.commons.money import total
from bocage.fulfilment import queries
from bocage.fulfilment.grouping import by_farm
from bocage.fulfilment.queries import BasketRow, ProductRow, SupplierRow
from bocage.fulfilment.views import barn as barns
from bocage.network.hub_pages import hub_page
from bocage.network.requests import HubRequest
from bocage.network.rules import Right
from bocage.ui.pages import page


@login_required
@require_safe
def hand_over_list(request: HubRequest, slug: str) -> HttpResponse:
    """List who comes to fetch what, by place; find somebody by name, crate or order number."""
    barn = barns.barn(request, slug)
    text = request.GET.get("text", "").replace("\x00", "").strip()[:80]
    rows = barns.baskets_of(request, barn)
    found = [row for row in rows if _matches(row, text)]
    return hub_page(
        request,
        "fulfilment/hand_over.html",
        part="found",
        hub=barn.hub,
        nav="packing",
        barn=barn,
        text=text,
        places=barns.by_place(found),
        total=len(rows),
        handed=sum(row.handed_over_at is not None for row in rows),
        may_pack=request.actor.may(Right.PACK, on=barn.hub.id),
        tabs=barns.tabs(slug, barn.sale),
        here=request.get_full_path(),
    )


@login_required
@require_safe
def products(request: HubRequest, slug: str) -> HttpResponse:
    """Show what goes into which crate, by farm and product."""
    barn = barns.barn(request, slug)
    rows = product_rows(request, barn)
    return hub_page(
        request,
        "fulfilment/products.html",
        hub=barn.hub,
        nav="packing",
        barn=barn,
        farms=by_farm(rows, lambda row: row.producer),
        tabs=barns.tabs(slug, barn.sale),
    )


@login_required
@require_safe
def suppliers(request: HubRequest, slug: str) -> HttpResponse:
    """Show what each farm brings and what it comes to."""
    barn = barns.barn(request, slug)
    rows = supplier_rows(request, barn)
    return hub_page(
        request,
        "fulfilment/suppliers.html",
        hub=barn.hub,
        nav="packing",
        barn=barn,
        farms=by_farm(rows, lambda row: row.producer),
        items=sum(row.quantity for row in rows),
        goods=total(row.goods for row in rows),
        tabs=barns.tabs(slug, barn.sale),
    )


@login_required
@require_safe
def sheets(request: HubRequest, slug: str) -> HttpResponse:
    """Show all baskets of a sale as sheets to print, one after the other."""
    barn = barns.barn(request, slug)
    rows = barns.baskets_of(request, barn)
    lines = queries.basket_lines(hub_id=barn.hub.id, order_ids=[row.order_id for row in rows], actor=request.actor)
    return page(
        request,
        "fulfilment/sheets.html",
        hub=barn.hub,
        barn=barn,
        places=[
            (place, [(row, lines.get(row.order_id, [])) for row in place.baskets]) for place in barns.by_place(rows)
        ],
    )


def product_rows(request: HubRequest, barn: barns.Barn) -> list[ProductRow]:
    """Return the goods by product of the sale looked at; none before the first order."""
    if barn.sale is None:
        return []
    return queries.products(hub_id=barn.hub.id, cycle_id=barn.sale.id, actor=request.actor)


def supplier_rows(request: HubRequest, barn: barns.Barn) -> list[SupplierRow]:
    """Return what each farm brings to the sale looked at; nothing before the first order."""
    if barn.sale is None:
        return []
    return queries.suppliers(hub_id=barn.hub.id, cycle_id=barn.sale.id, actor=request.actor)


def _matches(row: BasketRow, text: str) -> bool:
    """A short number is a crate's; anything else is a part of a name or of an order's reference."""
    if text.isdecimal() and len(text) < 4:
        return int(text) == row.crate
    return text.lower() in f"{row.name} {row.ref}".lower()
