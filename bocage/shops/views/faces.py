"""How the shop looks, and in which other sites it stands."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from bocage.network.queries.hubs import HubFrame
from bocage.network.requests import HubRequest
from bocage.network.rules.switches import Switch
from bocage.shops import actions
from bocage.shops.faces import face as shown_face
from bocage.shops.forms.faces import FaceForm, LogoForm, SitesForm
from bocage.shops.queries.faces import shop_face
from bocage.shops.rules.faces import PALETTES
from bocage.shops.views.frame import hub_of, posted, settings_page
from bocage.ui.pages import go, showing_refusals


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def face(request: HubRequest, slug: str) -> HttpResponse:
    """Choose colours, menus and a page of one's own; see where the logo and the frame of another site are set."""
    hub = hub_of(request, slug)
    if hub.sells == "none":
        return go(request, reverse("shops:profile", args=[hub.slug]))
    form = FaceForm(posted(request))
    with showing_refusals(form):
        if form.is_bound and form.is_valid():
            actions.set_face(
                hub_id=hub.id,
                label=form.label(),
                page_body=form.cleaned_data["page_body"],
                actor=request.actor,
                now=request.now,
            )
            return _saved(request, hub)
    return _page(request, hub, face=form if form.is_bound else None)


@login_required
@require_POST
def logo(request: HubRequest, slug: str) -> HttpResponse:
    """Show a logo, or take it away."""
    hub = hub_of(request, slug)
    if "remove" in request.POST:
        actions.set_logo(hub_id=hub.id, sent=None, actor=request.actor, now=request.now)
        return _saved(request, hub)
    form = LogoForm(request.POST, request.FILES)
    with showing_refusals(form):
        if form.is_valid():
            actions.set_logo(hub_id=hub.id, sent=form.sent(), actor=request.actor, now=request.now)
            return _saved(request, hub)
    return _page(request, hub, logo=form)


@login_required
@require_POST
def sites(request: HubRequest, slug: str) -> HttpResponse:
    """Say in which other sites the shop may stand."""
    hub = hub_of(request, slug)
    form = SitesForm(request.POST)
    with showing_refusals(form):
        if form.is_valid():
            actions.set_sites(hub_id=hub.id, typed=form.cleaned_data["typed"], actor=request.actor, now=request.now)
            return _saved(request, hub)
    return _page(request, hub, sites=form)


def _page(request: HubRequest, hub: HubFrame, **bound: Any) -> HttpResponse:
    kept = shop_face(hub_id=hub.id, actor=request.actor)
    said = {**asdict(kept.label), "page_body": kept.page_body, "palette": kept.label.palette or PALETTES[0]}
    forms = {
        "face": bound.get("face") or FaceForm(initial=said),
        "logo": bound.get("logo") or LogoForm(),
        "sites": bound.get("sites") or SitesForm(initial={"typed": kept.embed_sites}),
    }
    return settings_page(
        request,
        "shops/face.html",
        hub,
        "face",
        *forms.values(),
        forms=forms,
        kept=shown_face(kept.label, name=hub.name, slug=hub.slug),
        may_be_labelled=request.switches.are_on(Switch.WHITE_LABEL, enterprise_id=hub.id),
        may_be_framed=request.switches.are_on(Switch.EMBEDDED_SHOP, enterprise_id=hub.id),
        snippet=_snippet(hub) if kept.embed_sites else "",
    )


def _snippet(hub: HubFrame) -> str:
    """Return what the hub puts into its own page."""
    url = f"{settings.SITE_URL}/embed/{hub.slug}/"
    look = "width: 100%; height: 900px; border: 0"
    return f'<iframe src="{url}" title="{escape(hub.name)}" style="{look}" loading="lazy"></iframe>'


def _saved(request: HubRequest, hub: HubFrame) -> HttpResponse:
    messages.success(request, gettext("Saved."))
    return go(request, reverse("shops:face", args=[hub.slug]))
