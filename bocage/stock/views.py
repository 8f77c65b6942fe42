"""The pages on which stock is counted: all of it in one table, or one variant with what moved lately."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from bocage.network.hub_pages import goods_page, hub_page
from bocage.network.queries.hubs import HubFrame, hub_frame
from bocage.network.requests import HubRequest
from bocage.network.rules import Right
from bocage.stock import actions, queries
from bocage.stock.forms import CountForm
from bocage.ui.pages import go, showing_refusals


@login_required
@require_safe
def stock(request: HubRequest, slug: str) -> HttpResponse:
    """List what the enterprise may sell with its stock, each row with a field to count it."""
    hub = _hub(request, slug)
    text, after = request.GET.get("q", "")[:80], request.GET.get("after", "")[:300]
    found = queries.stock(enterprise_id=hub.id, actor=request.actor, now=request.now, text=text, after=after)
    return goods_page(
        request,
        "stock/list.html",
        hub,
        "stock",
        part="found",
        found=found,
        text=text,
        after=after,
        next_url=f"?{urlencode({'q': text, 'after': found.next})}" if found.next else "",
    )


@login_required
@require_safe
def level(request: HubRequest, slug: str, variant_id: int) -> HttpResponse:
    """Show the stock of one variant; for htmx the panel alone, to stand on the product's page."""
    return _sheet(request, _hub(request, slug), variant_id)


@login_required
@require_POST
def pool(request: HubRequest, slug: str, variant_id: int) -> HttpResponse:
    """Count what the producer has."""
    return _count(request, _hub(request, slug), variant_id, "pool")


@login_required
@require_POST
def own(request: HubRequest, slug: str, variant_id: int) -> HttpResponse:
    """Count what the hub holds itself, or sell from the producer's stock again."""
    return _count(request, _hub(request, slug), variant_id, "own")


def _count(request: HubRequest, hub: HubFrame, variant_id: int, whose: str) -> HttpResponse:
    form = CountForm(request.POST, whose=whose)
    if form.is_valid():
        with showing_refusals(form):
            said = _write(request, hub, variant_id, form)
            if not request.htmx:
                messages.success(request, said)
                return go(request, _way_back(request, hub, variant_id))
            return _answer(request, hub, variant_id, saved=whose, said=said)
    return _answer(request, hub, variant_id, form=form)


def _write(request: HubRequest, hub: HubFrame, variant_id: int, form: CountForm) -> str:
    """Keep what was counted; return what to say of it."""
    who: dict[str, Any] = {"variant_id": variant_id, "actor": request.actor, "now": request.now}
    if form.drops:
        gone = actions.drop_own(hub_id=hub.id, **who)
        kept = gettext("Orders were taken from your own stock, so it stays, at 0. Count again to sell.")
        return gettext("Saved.") if gone else kept
    values = form.cleaned_data
    actions.set_level(
        hub_id=hub.id if form.whose == "own" else None,
        on_hand=values["on_hand"],
        on_demand=values["on_demand"],
        seen=values["seen"],
        **who,
    )
    return gettext("Saved.")


def _answer(
    request: HubRequest, hub: HubFrame, variant_id: int, *, form: CountForm | None = None, **context: Any
) -> HttpResponse:
    """Return the row or the panel that was sent, with what was said of it."""
    if not (request.htmx and "row" in request.POST):
        return _sheet(request, hub, variant_id, form=form, **context)
    sheet = queries.stock_of(variant_id=variant_id, enterprise_id=hub.id, actor=request.actor, now=request.now)
    return hub_page(
        request,
        "stock/row.html",
        hub=hub,
        nav="products",
        status=422 if form else 200,
        row=sheet.row,
        form=form,
        **context,
        text=request.POST.get("q", ""),
        after=request.POST.get("after", ""),
    )


def _sheet(
    request: HubRequest, hub: HubFrame, variant_id: int, *, form: CountForm | None = None, **context: Any
) -> HttpResponse:
    sheet = queries.stock_of(variant_id=variant_id, enterprise_id=hub.id, actor=request.actor, now=request.now)
    status, row = 422 if form else 200, sheet.row
    return hub_page(
        request,
        "stock/level.html",
        part="panel",
        hub=hub,
        nav="products",
        status=status,
        sheet=sheet,
        row=row,
        form=form,
        **context,
    )


def _way_back(request: HubRequest, hub: HubFrame, variant_id: int) -> str:
    if "row" not in request.POST:
        return reverse("stock:level", args=[hub.slug, variant_id])
    kept = {name: request.POST.get(name, "") for name in ("q", "after")}
    asked = urlencode({name: value for name, value in kept.items() if value})
    return f"{reverse('stock:list', args=[hub.slug])}{'?' if asked else ''}{asked}#stock-{variant_id}"


def _hub(request: HubRequest, slug: str) -> HubFrame:
    return hub_frame(slug=slug, right=Right.MANAGE_CATALOGUE, actor=request.actor)
