"""Orders to farms: for the hub, who was told what and who confirmed; for the farm, by its signed link."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bocage.commons.refusals import NotFound
from bocage.fulfilment import actions, queries
from bocage.fulfilment.links import read_key
from bocage.fulfilment.papers import paper, table
from bocage.fulfilment.printing import as_csv, as_pdf
from bocage.fulfilment.queries import SupplierOrderSheet
from bocage.fulfilment.views import barn as barns
from bocage.network.hub_pages import hub_page
from bocage.network.requests import HubRequest
from bocage.network.rules import Right
from bocage.ui.pages import go, page, showing_refusals


@login_required
@require_safe
def orders(request: HubRequest, slug: str) -> HttpResponse:
    """List what each farm was told to bring to a sale, and whether it said yes."""
    return _list(request, barns.barn(request, slug))


@login_required
@require_POST
def telling(request: HubRequest, slug: str) -> HttpResponse:
    """Tell farms now what waits to be told."""
    barn, form = barns.barn(request, slug), Form(request.POST)
    if barn.sale is None:
        raise NotFound()
    with showing_refusals(form):
        count = actions.tell_now(cycle_id=barn.sale.id, actor=request.actor, now=request.now)
        said = ngettext("%(count)s farm was written to.", "%(count)s farms were written to.", count)
        messages.success(request, said % {"count": count})
        return go(request, f"{reverse('supplier_orders:list', args=[slug])}?sale={barn.sale.id}")
    return _list(request, barn, refused=form)


@login_required
@require_safe
def order(request: HubRequest, slug: str, order_id: int) -> HttpResponse:
    """Show a farm's order to the hub."""
    hub, sheet = barns.enter(request, slug), queries.supplier_order(order_id=order_id)
    queries.require_sight(sheet=sheet, hub_id=hub.id, actor=request.actor)
    return hub_page(request, "fulfilment/supplier_order.html", hub=hub, nav="packing", sheet=sheet, paper=paper(sheet))


@login_required
@require_safe
def order_file(request: HubRequest, slug: str, order_id: int, kind: str) -> HttpResponse:
    """Send a farm's order to the hub as a PDF or a table."""
    hub, sheet = barns.enter(request, slug), queries.supplier_order(order_id=order_id)
    queries.require_sight(sheet=sheet, hub_id=hub.id, actor=request.actor)
    return _file(sheet, kind)


@never_cache
@require_safe
def farm_paper(request: HubRequest, key: str) -> HttpResponse:
    """Show a farm its order. Opening it confirms nothing: mail programs open links by themselves."""
    return _paper(request, key)


@require_POST
def confirmation(request: HubRequest, key: str) -> HttpResponse:
    """Note that the farm brings what it was shown."""
    order_id, name = read_key(key)
    form, number = Form(request.POST), request.POST.get("number", "")
    with showing_refusals(form):
        seen = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 0
        actions.confirm(order_id=order_id, number=seen, by=name, now=request.now)
        return go(request, reverse("supplier_orders:paper", args=[key]))
    return _paper(request, key, refused=form)


@require_safe
def farm_file(request: HubRequest, key: str, kind: str) -> HttpResponse:
    """Send a farm its order as a PDF or a table."""
    order_id, _name = read_key(key)
    return _file(queries.supplier_order(order_id=order_id), kind)


def _list(request: HubRequest, barn: barns.Barn, refused: Form | None = None) -> HttpResponse:
    sale = barn.sale
    rows = queries.supplier_orders(hub_id=barn.hub.id, cycle_id=sale.id, actor=request.actor) if sale else []
    return hub_page(
        request,
        "fulfilment/supplier_orders.html",
        hub=barn.hub,
        nav="packing",
        status=422 if refused else 200,
        barn=barn,
        rows=rows,
        confirmed=sum(row.confirmed_at is not None for row in rows),
        is_closed=sale is not None and queries.is_closed(cycle_id=sale.id, now=request.now),
        waits=any(row.is_waiting for row in rows) or not rows,
        may_tell=request.actor.may(Right.MANAGE_ORDERS, on=barn.hub.id),
        refused=refused,
        tabs=barns.tabs(barn.hub.slug, sale),
    )


def _paper(request: HubRequest, key: str, refused: Form | None = None) -> HttpResponse:
    order_id, name = read_key(key)
    sheet = queries.supplier_order(order_id=order_id)
    return page(
        request,
        "fulfilment/farm_paper.html",
        status=422 if refused else 200,
        sheet=sheet,
        paper=paper(sheet),
        key=key,
        name=name,
        refused=refused,
    )


def _file(sheet: SupplierOrderSheet, kind: str) -> HttpResponse:
    words = paper(sheet)
    if kind == "pdf":
        content, media, how = as_pdf("supplier_order", words), "application/pdf", "inline"
    elif kind == "csv":
        content, media, how = as_csv(*table(sheet)), "text/csv; charset=utf-8", "attachment"
    else:
        raise NotFound()
    disposition = f'{how}; filename="{words["file"]}.{kind}"'
    return HttpResponse(content, content_type=media, headers={"Content-Disposition": disposition})
