"""The shop's terms and the profile of its enterprise."""

from __future__ import annotations

from dataclasses import asdict
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from bocage.network.actions.enterprises import Profile, edit_enterprise
from bocage.network.queries.enterprises import enterprise_settings
from bocage.network.requests import HubRequest
from bocage.shops import actions, queries
from bocage.shops.forms import ProfileForm, ShopForm
from bocage.shops.views.frame import hub_of, posted, settings_page
from bocage.ui.pages import go, showing_refusals

read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@read_or_post
def shop(request: HubRequest, slug: str) -> HttpResponse:
    """Set who may enter the shop and what is said there; who does not sell is led to its profile."""
    hub = hub_of(request, slug)
    if hub.sells == "none":
        return go(request, reverse("shops:profile", args=[hub.slug]))
    kept = queries.shop_terms(hub_id=hub.id, actor=request.actor)
    form = ShopForm(posted(request), initial=asdict(kept))
    if form.is_valid():
        with showing_refusals(form):
            actions.edit_shop(hub_id=hub.id, terms=form.terms(), actor=request.actor, now=request.now)
            messages.success(request, gettext("Saved."))
            return go(request, request.path)
    return settings_page(request, "shops/form.html", hub, "shop", form, form=form)


@login_required
@read_or_post
def profile(request: HubRequest, slug: str) -> HttpResponse:
    """Change what the public reads of the enterprise."""
    hub = hub_of(request, slug)
    kept = enterprise_settings(enterprise_id=hub.id, actor=request.actor)
    values = {name: getattr(kept, name, None) or getattr(kept.page, name, "") for name in ProfileForm.base_fields}
    form = ProfileForm(posted(request), initial={**values, "is_vat_liable": kept.is_vat_liable})
    if form.is_valid():
        with showing_refusals(form):
            edit_enterprise(
                enterprise_id=hub.id, changes=cast(Profile, form.cleaned_data), actor=request.actor, now=request.now
            )
            messages.success(request, gettext("Saved."))
            return go(request, request.path)
    return settings_page(request, "shops/form.html", hub, "profile", form, form=form)
