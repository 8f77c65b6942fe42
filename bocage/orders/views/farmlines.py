"""A farm's page of what was ordered of it: read always, changed cell by cell where the hub allows it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.network.hub_pages import hub_page
from bocage.network.queries.hubs import HubFrame, hub_frame
from bocage.network.requests import HubRequest
from bocage.network.rules import Right
from bocage.orders import actions
from bocage.orders.actions import LineValue
from bocage.orders.forms import AddForm, LineForm, typed_weight
from bocage.orders.queries import farmlines
from bocage.orders.queries.linesheet import SheetLine
from bocage.ui.pages import go, showing_refusals


@login_required
@require_safe
def lines(request: HubRequest, slug: str) -> HttpResponse:
    """List what was ordered of a farm in a hub's sale, goods by goods."""
    farm, given = _farm(request, slug), request.GET
    sales = farmlines.farm_sales(farm_id=farm.id, actor=request.actor)
    sale = next((one for one in sales if one.key == given.get("sale")), sales[0] if sales else None)
    if sale is None:
        return hub_page(request, "orders/farm/lines.html", hub=farm, nav="orders", sale=None)
    typed = given.get("start", "")
    start = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0
    found = farmlines.farm_sheet(
        farm_id=farm.id, hub_id=sale.hub_id, cycle_id=sale.cycle_id, actor=request.actor, start=start
    )
    return hub_page(
        request,
        "orders/farm/lines.html",
        part="found",
        hub=farm,
        nav="orders",
        sales=sales,
        sale=sale,
        found=found,
        first_url=f"?sale={sale.key}" if start else "",
        next_url=f"?sale={sale.key}&start={found.next}" if found.next else "",
        **_access(request, farm, sale.hub_id),
    )


@login_required
@require_POST
def line(request: HubRequest, slug: str, line_id: int) -> HttpResponse:
    """Save one line of a farm's goods; answer with its row, the totals of its goods and the way back."""
    farm, form = _farm(request, slug), LineForm(request.POST)
    with showing_refusals(form):
        if form.is_valid():
            seen, gone = form.seen(), form.wanted().quantity == 0
            was = farmlines.farm_line(farm_id=farm.id, line_id=line_id, actor=request.actor) if gone else None
            actions.set_farm_line(
                farm_id=farm.id,
                line_id=line_id,
                wanted=form.wanted(),
                seen=seen,
                actor=request.actor,
                now=request.now,
            )
            if was is not None:
                return _gone(request, farm, *was)
            return _row(request, farm, line_id, was=None if {"undo", "keep"} & set(request.POST) else seen)
    return _row(request, farm, line_id, form=form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def products(request: HubRequest, slug: str, hub_id: int, ref: str) -> HttpResponse:
    """Put more goods of the farm into an order that holds some of them."""
    farm = _farm(request, slug)
    order = farmlines.farm_order(farm_id=farm.id, hub_id=hub_id, ref=ref, actor=request.actor, now=request.now)
    form = AddForm(request.POST or None)
    with showing_refusals(form):
        if form.is_bound and form.is_valid():
            actions.add_farm_line(
                farm_id=farm.id,
                hub_id=hub_id,
                ref=ref,
                variant_id=form.cleaned_data["variant"],
                quantity=form.cleaned_data["quantity"],
                actor=request.actor,
                now=request.now,
            )
            messages.success(request, gettext("Added. The hub and the customer read who did it."))
            return go(request, f"{reverse('orders:farm_lines', args=[slug])}?sale={order.cycle_id}-{hub_id}")
    return hub_page(
        request,
        "orders/farm/add.html",
        status=422 if form.errors else 200,
        hub=farm,
        nav="orders",
        order=order,
        form=form,
        **_access(request, farm, hub_id),
    )


def _gone(request: HubRequest, farm: HubFrame, cycle_id: int, hub_id: int, row: SheetLine) -> HttpResponse:
    """Answer for a line that was taken out, with the totals of what is left of its goods."""
    if not request.htmx:
        messages.success(request, gettext("Taken out, back in stock."))
        return go(request, f"{reverse('orders:farm_lines', args=[farm.slug])}?sale={cycle_id}-{hub_id}")
    goods = None
    with suppress(NotFound):  # nobody orders it any more
        goods = farmlines.farm_goods(
            farm_id=farm.id, hub_id=hub_id, cycle_id=cycle_id, variant_id=row.variant_id, actor=request.actor
        )
    return hub_page(
        request,
        "orders/hub/line_gone.html",
        hub=farm,
        nav="orders",
        line=row,
        goods=goods,
        **_access(request, farm, hub_id),
    )


def _row(
    request: HubRequest, farm: HubFrame, line_id: int, *, form: LineForm | None = None, was: LineValue | None = None
) -> HttpResponse:
    cycle_id, hub_id, row = farmlines.farm_line(farm_id=farm.id, line_id=line_id, actor=request.actor)
    if not request.htmx:
        for errors in (form.errors if form else {}).values():
            messages.error(request, " ".join(map(str, errors)))
        if form is None:
            messages.success(request, gettext("Saved."))
        query = urlencode({"sale": f"{cycle_id}-{hub_id}"})
        return go(request, f"{reverse('orders:farm_lines', args=[farm.slug])}?{query}#line-{line_id}")
    price = None if was is None or was.price_minor is None else Money(was.price_minor, farm.currency)
    return hub_page(
        request,
        "orders/hub/line_saved.html",
        hub=farm,
        nav="orders",
        status=422 if form else 200,
        line=row,
        goods=farmlines.farm_goods(
            farm_id=farm.id, hub_id=hub_id, cycle_id=cycle_id, variant_id=row.variant_id, actor=request.actor
        ),
        form=form,
        was=was,
        was_weight=typed_weight(was.final_weight_g) if was else "",
        was_price=price,
        is_conflict=form is not None and form.is_conflict(),
        said=not form,
        **_access(request, farm, hub_id),
    )


def _access(request: HubRequest, farm: HubFrame, hub_id: int) -> dict[str, Any]:
    """What the rows of a farm's page offer: fields where the hub allows them and this person may."""
    access, edits = farmlines.access_of(hub_id=hub_id), request.actor.may(Right.MANAGE_ORDERS, on=farm.id)
    return {
        "access": access,
        "selling_hub": hub_id,
        "is_farm": True,
        "may_edit": edits and access.edits_lines,
        "may_add": edits and access.adds_lines,
        "may_price": edits and access.edits_prices,
        "may_manage": False,
    }


def _farm(request: HubRequest, slug: str) -> HubFrame:
    return hub_frame(slug=slug, right=Right.SEE_ORDERS, actor=request.actor)
