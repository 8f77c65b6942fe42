"""The page on which a hub makes goods of its own of a farm's."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from bocage.assortment import actions
from bocage.assortment.forms import ResaleForm
from bocage.assortment.views.table import hub_of
from bocage.catalogue import queries as catalogue
from bocage.network.hub_pages import hub_page
from bocage.network.requests import HubRequest
from bocage.pricing import queries as pricing
from bocage.ui.pages import go, showing_refusals


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def resale(request: HubRequest, slug: str, variant_id: int) -> HttpResponse:
    """Sell a farm's goods in another size, as one's own."""
    hub = hub_of(request, slug)
    source = catalogue.resellable(variant_id=variant_id, hub_id=hub.id, actor=request.actor, now=request.now)
    form = ResaleForm(
        request.POST if request.method == "POST" else None,
        source=source,
        products=catalogue.made_of(source_product_id=source.product_id, hub_id=hub.id),
        rates=pricing.tax_rates(country=hub.country),
        language=get_language() or "fr",
    )
    if request.method == "POST" and form.is_valid():
        with showing_refusals(form):
            product_id = actions.resell(
                hub_id=hub.id,
                name=form.cleaned_data["name_of_product"],
                details=form.details(),
                product_id=form.cleaned_data["product_id"],
                on_hand=form.cleaned_data["on_hand"] or 0,
                actor=request.actor,
                now=request.now,
            )
            messages.success(request, gettext("Saved. Put it into an order cycle to sell it."))
            return go(request, reverse("catalogue:product", args=[hub.slug, product_id]))
    return hub_page(
        request,
        "assortment/resale.html",
        hub=hub,
        nav="products",
        status=422 if form.errors else 200,
        source=source,
        form=form,
    )
