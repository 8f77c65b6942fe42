"""What a hub takes for its work, and its own prices."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bocage.commons.refusals import NotFound
from bocage.network.queries.hubs import HubFrame
from bocage.network.requests import HubRequest
from bocage.pricing import actions as pricing_actions
from bocage.pricing import queries as pricing
from bocage.shops import actions, queries
from bocage.shops.forms.money import CALCULATORS, KINDS, FeeForm, ListingForm
from bocage.shops.views.frame import hub_of, posted, settings_page
from bocage.ui.pages import go, showing_refusals

read_or_post = require_http_methods(["GET", "HEAD", "POST"])
PRICES_SHOWN = 100


@login_required
@require_safe
def fees(request: HubRequest, slug: str) -> HttpResponse:
    """List the fees of the enterprise."""
    hub = hub_of(request, slug)
    rows = pricing.fees_of(enterprise_id=hub.id, actor=request.actor)
    words = {"kinds": dict(KINDS), "calculators": dict(CALCULATORS)}
    return settings_page(request, "shops/fees.html", hub, "fees", fees=rows, **words)


@login_required
@read_or_post
def fee(request: HubRequest, slug: str, fee_id: int | None = None) -> HttpResponse:
    """Add a fee, or change one for all orders to come."""
    hub = hub_of(request, slug)
    kept = _fee(request, hub, fee_id) if fee_id else None
    rates = pricing.tax_rates(country=hub.country)
    form = FeeForm(posted(request), rates=rates, initial=asdict(kept.terms) if kept else {})
    if form.is_valid():
        with showing_refusals(form):
            who: dict[str, Any] = {"terms": form.terms(), "actor": request.actor, "now": request.now}
            if kept:
                pricing_actions.edit_fee(fee_id=kept.id, **who)
            else:
                pricing_actions.add_fee(enterprise_id=hub.id, **who)
            messages.success(request, gettext("Saved."))
            return go(request, reverse("shops:fees", args=[hub.slug]))
    end_url = reverse("shops:end_fee", args=[hub.slug, kept.id]) if kept else ""
    title = kept.terms.name if kept else gettext("New fee")
    return settings_page(request, "shops/charge.html", hub, "fees", form, form=form, title=title, end_url=end_url)


@login_required
@require_POST
def end_fee(request: HubRequest, slug: str, fee_id: int) -> HttpResponse:
    """Stop charging a fee."""
    hub = hub_of(request, slug)
    _fee(request, hub, fee_id)
    pricing_actions.end_fee(fee_id=fee_id, actor=request.actor, now=request.now)
    messages.success(request, gettext("Saved."))
    return go(request, reverse("shops:fees", args=[hub.slug]))


@login_required
@require_safe
def prices(request: HubRequest, slug: str) -> HttpResponse:
    """List what the hub may sell, with its own prices."""
    return _prices(request, hub_of(request, slug))


@login_required
@require_POST
def price(request: HubRequest, slug: str, variant_id: int) -> HttpResponse:
    """Set the hub's own price for one variant, or hide it."""
    hub = hub_of(request, slug)
    form = ListingForm(request.POST)
    if form.is_valid():
        with showing_refusals(form):
            actions.set_listing(
                hub_id=hub.id, variant_id=variant_id, **form.cleaned_data, actor=request.actor, now=request.now
            )
            messages.success(request, gettext("Saved."))
            after = _after(request)
            return go(request, reverse("shops:prices", args=[hub.slug]) + (f"?after={after}" if after else ""))
    return _prices(request, hub, form, variant_id)


def _prices(request: HubRequest, hub: HubFrame, form: ListingForm | None = None, variant_id: int = 0) -> HttpResponse:
    rows = queries.listings(
        hub_id=hub.id, actor=request.actor, now=request.now, after_id=_after(request), limit=PRICES_SHOWN + 20
    )
    whole = [row for row in rows if len(rows) <= PRICES_SHOWN or row.product_id < rows[PRICES_SHOWN].product_id]
    return settings_page(
        request,
        "shops/prices.html",
        hub,
        "prices",
        *([form] if form else []),
        rows=whole,
        next_after=whole[-1].product_id if whole and len(whole) < len(rows) else 0,
        after=_after(request),
        known=queries.known_tags(hub_id=hub.id, actor=request.actor).of_things,
        form=form,
        wrong=variant_id if form else 0,
    )


def _after(request: HubRequest) -> int:
    text = request.POST.get("after") or request.GET.get("after") or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 15 else 0


def _fee(request: HubRequest, hub: HubFrame, fee_id: int) -> pricing.FeeRow:
    found = pricing.fee(fee_id=fee_id, actor=request.actor)
    if found.enterprise_id != hub.id:
        raise NotFound
    return found
