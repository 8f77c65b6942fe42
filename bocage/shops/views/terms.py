"""The shop's terms and the profile of its enterprise."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from bocage.network.actions.enterprises import Profile, edit_enterprise
from bocage.network.actions.texts import publish_text
from bocage.network.queries.enterprises import EnterpriseSettings, enterprise_settings
from bocage.network.queries.hubs import HubFrame
from bocage.network.queries.texts import current_texts
from bocage.network.requests import HubRequest
from bocage.shops import actions, queries
from bocage.shops.forms.terms import PhotoForm, ProfileForm, ShopForm, TermsForm
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
    """Change what the public reads of the enterprise, and what stands on its papers."""
    hub = hub_of(request, slug)
    kept = enterprise_settings(enterprise_id=hub.id, actor=request.actor)
    form = _profile_form(request, kept, posted(request))
    with showing_refusals(form):
        if form.is_valid():
            changes = {name: value for name, value in form.cleaned_data.items() if name != "slug" or value != hub.slug}
            edit_enterprise(enterprise_id=hub.id, changes=cast(Profile, changes), actor=request.actor, now=request.now)
            messages.success(request, gettext("Saved."))
            return go(request, reverse("shops:profile", args=[changes.get("slug", hub.slug)]))
    return _profile(request, hub, kept, form, PhotoForm())


@login_required
@require_POST
def photo(request: HubRequest, slug: str) -> HttpResponse:
    """Show a photo of the enterprise."""
    hub = hub_of(request, slug)
    form = PhotoForm(request.POST, request.FILES)
    with showing_refusals(form):
        if form.is_valid():
            actions.set_photo(enterprise_id=hub.id, sent=form.sent(), actor=request.actor, now=request.now)
            messages.success(request, gettext("Saved."))
            return go(request, reverse("shops:profile", args=[hub.slug]))
    kept = enterprise_settings(enterprise_id=hub.id, actor=request.actor)
    return _profile(request, hub, kept, _profile_form(request, kept), form)


@login_required
@read_or_post
def terms(request: HubRequest, slug: str) -> HttpResponse:
    """Publish the next version of the hub's terms of sale."""
    hub = hub_of(request, slug)
    current = next(
        (text for text in current_texts(instance_id=request.instance.pk, hub_id=hub.id) if text.is_hub), None
    )
    form = TermsForm(posted(request), initial={"title": current.title, "body": current.body} if current else None)
    if form.is_valid():
        publish_text(
            instance_id=request.instance.pk,
            enterprise_id=hub.id,
            **form.cleaned_data,
            actor=request.actor,
            now=request.now,
        )
        messages.success(request, gettext("Published. Customers accept this version from now on."))
        return go(request, request.path)
    return settings_page(request, "shops/terms.html", hub, "terms", form, form=form, current=current)


def _profile_form(request: HubRequest, kept: EnterpriseSettings, data: Any = None) -> ProfileForm:
    decides = request.actor.is_steward or request.actor.person_id == kept.owner_id
    return ProfileForm(data, initial={name: _value(kept, name) for name in ProfileForm.base_fields}, decides=decides)


def _profile(
    request: HubRequest, hub: HubFrame, kept: EnterpriseSettings, form: ProfileForm, photo: PhotoForm
) -> HttpResponse:
    titles = (
        gettext("Who you are"),
        gettext("What you do"),
        gettext("How to reach you"),
        gettext("Where you are"),
        gettext("On papers"),
    )
    return settings_page(
        request,
        "shops/profile.html",
        hub,
        "profile",
        form,
        photo,
        form=form,
        photo=photo,
        parts=list(zip(titles, form.parts(), strict=True)),
        has_picture=bool(kept.page.picture),
    )


def _value(kept: EnterpriseSettings, name: str) -> Any:
    return getattr(kept if hasattr(kept, name) else kept.page, name)
