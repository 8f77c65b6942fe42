"""Hand-over by place, goods by product and by farm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from bocage.commons.money import total
from bocage.commons.refusals import NotFound
from bocage.commons.searching import fold
from bocage.fulfilment import queries
from bocage.fulfilment.grouping import by_farm, by_place, cut, holding
from bocage.fulfilment.queries import ForWhom, ProductRow, ProductTotal, SupplierRow
from bocage.fulfilment.views import barn as barns
from bocage.network.hub_pages import hub_page
from bocage.network.requests import HubRequest
from bocage.network.rules import Right
from bocage.ui.pages import page

PRODUCTS = 40  # on one page
CRATES = 30  # of a product in the list of all
ALL_CRATES = 500  # of a product alone, on one page


@login_required
@require_safe
def hand_over_list(request: HubRequest, slug: str) -> HttpResponse:
    """List who comes to fetch what, by place; find somebody by name, crate or order number."""
    barn = barns.barn(request, slug)
    found = barns.find(request, barn)
    rows = queries.baskets(hub_id=barn.hub.id, crates=found.crates.rows, actor=request.actor)
    return hub_page(
        request,
        "fulfilment/hand_over.html",
        part="found",
        hub=barn.hub,
        nav="packing",
        barn=barn,
        found=found,
        places=holding(found.everywhere, rows),
        may_pack=request.actor.may(Right.PACK, on=barn.hub.id),
        tabs=barns.tabs(slug, barn.sale),
        here=request.get_full_path(),
    )


@login_required
@require_safe
def products(request: HubRequest, slug: str) -> HttpResponse:
    """Show what goes into which crate, by farm and product; one product alone with all its crates, page by page."""
    barn = barns.barn(request, slug)
    alone = request.GET.get("product", "")
    if alone:
        return _one_product(request, barn, alone)
    text = barns.searched(request)
    wanted = [row for row in product_totals(request, barn) if _is_meant(row, text)]
    after = request.GET.get("after", "")[:20]
    page = cut(wanted, lambda row: str(row.variant_id), after=after, limit=PRODUCTS)
    here = {"sale": barn.sale.id if barn.sale else "", "text": text}
    return _products(
        request,
        barn,
        page.rows,
        into_crates(request, barn, page.rows, each=CRATES),
        text=text,
        shown=page.shown,
        total=page.total,
        next_url=barns.asked(here, after=page.next) if page.next else "",
        first_url=barns.asked(here) if after else "",
    )


def _one_product(request: HubRequest, barn: barns.Barn, alone: str) -> HttpResponse:
    row = next((row for row in product_totals(request, barn) if str(row.variant_id) == alone), None)
    if row is None:
        raise NotFound()
    after = request.GET.get("after", "")
    start = int(after) if after.isdecimal() and len(after) < 10 else 0
    who = into_crates(request, barn, [row], each=ALL_CRATES + 1, after=start)
    crates = who.get(row.variant_id, [])[:ALL_CRATES]
    here = {"sale": barn.sale.id if barn.sale else "", "product": alone}
    return _products(
        request,
        barn,
        [row],
        {row.variant_id: crates},
        alone=row,
        shown=len(crates),
        total=row.crates,
        next_url=barns.asked(here, after=crates[-1].crate) if len(who.get(row.variant_id, [])) > ALL_CRATES else "",
        first_url=barns.asked(here) if start else "",
    )


def _products(
    request: HubRequest,
    barn: barns.Barn,
    rows: Sequence[ProductTotal],
    who: dict[int, list[ForWhom]],
    **context: Any,
) -> HttpResponse:
    goods = [{"row": row, "producer": row.producer, "who": who.get(row.variant_id, [])} for row in rows]
    return hub_page(
        request,
        "fulfilment/products.html",
        part="found",
        hub=barn.hub,
        nav="packing",
        barn=barn,
        farms=by_farm(goods, lambda good: good["producer"]),
        tabs=barns.tabs(barn.hub.slug, barn.sale),
        **context,
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
        places=[(place, [(row, lines.get(row.order_id, [])) for row in place.crates]) for place in by_place(rows)],
    )


def product_totals(request: HubRequest, barn: barns.Barn) -> list[ProductTotal]:
    """Return the goods by product of the sale looked at, in brief; none before the first order."""
    if barn.sale is None:
        return []
    return queries.product_totals(hub_id=barn.hub.id, cycle_id=barn.sale.id, actor=request.actor)


def into_crates(
    request: HubRequest, barn: barns.Barn, rows: Sequence[ProductTotal], *, each: int, after: int = 0
) -> dict[int, list[ForWhom]]:
    """Return into which crates these products go, `each` at most."""
    if barn.sale is None:
        return {}
    ids = [row.variant_id for row in rows]
    return queries.into_crates(
        hub_id=barn.hub.id, cycle_id=barn.sale.id, variant_ids=ids, each=each, after=after, actor=request.actor
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


def _is_meant(row: ProductTotal, text: str) -> bool:
    return fold(text) in fold(f"{row.product_name} {row.variant_name} {row.producer}")
