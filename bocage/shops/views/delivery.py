"""Where and how a hub hands over."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bocage.commons.refusals import NotFound
from bocage.network.queries.hubs import HubFrame
from bocage.network.requests import HubRequest
from bocage.pricing import queries as pricing
from bocage.shops import actions, queries
from bocage.shops.forms.delivery import MethodForm, PointForm
from bocage.shops.views.frame import hub_of, posted, settings_page
from bocage.ui.fields import propose_tags
from bocage.ui.pages import go, showing_refusals

read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def delivery(request: HubRequest, slug: str) -> HttpResponse:
    """List the ways to get orders and the pickup points."""
    return _list(request, hub_of(request, slug))


@login_required
@read_or_post
def point(request: HubRequest, slug: str, point_id: int | None = None) -> HttpResponse:
    """Add a pickup point, or correct one."""
    hub = hub_of(request, slug)
    kept = _point(request, hub, point_id) if point_id else None
    form = PointForm(posted(request), initial=asdict(kept.details) if kept else {})
    if form.is_valid():
        with showing_refusals(form):
            who: dict[str, Any] = {"details": form.details(), "actor": request.actor, "now": request.now}
            if kept:
                actions.edit_pickup_point(point_id=kept.id, **who)
            else:
                actions.add_pickup_point(hub_id=hub.id, **who)
            return _done(request, hub)
    end_url = reverse("shops:end_point", args=[hub.slug, kept.id]) if kept else ""
    title = kept.details.name if kept else gettext("New pickup point")
    return settings_page(request, "shops/form.html", hub, "delivery", form, form=form, title=title, end_url=end_url)


@login_required
@require_POST
def end_point(request: HubRequest, slug: str, point_id: int) -> HttpResponse:
    """Stop handing over at a place."""
    hub = hub_of(request, slug)
    _point(request, hub, point_id)
    refused = Form(request.POST)
    with showing_refusals(refused):
        actions.end_pickup_point(point_id=point_id, actor=request.actor, now=request.now)
        return _done(request, hub)
    return _list(request, hub, refused)


@login_required
@read_or_post
def method(request: HubRequest, slug: str, method_id: int | None = None) -> HttpResponse:
    """Add a way to get orders, or change one."""
    hub = hub_of(request, slug)
    kept = _method(request, hub, method_id) if method_id else None
    form = MethodForm(
        posted(request),
        rates=pricing.tax_rates(country=hub.country),
        points=queries.pickup_points(hub_id=hub.id, actor=request.actor),
        initial=asdict(kept.details) if kept else {"kind": "pickup"},
    )
    propose_tags(form, "tags", queries.known_tags(hub_id=hub.id, actor=request.actor).of_things)
    if form.is_valid():
        with showing_refusals(form):
            position = kept.details.position if kept else 99
            who: dict[str, Any] = {"details": form.details(position), "actor": request.actor, "now": request.now}
            if kept:
                actions.edit_delivery_method(method_id=kept.id, **who)
            else:
                actions.add_delivery_method(hub_id=hub.id, **who)
            return _done(request, hub)
    end_url = reverse("shops:end_method", args=[hub.slug, kept.id]) if kept else ""
    title = kept.details.name if kept else gettext("New way to get orders")
    return settings_page(request, "shops/charge.html", hub, "delivery", form, form=form, title=title, end_url=end_url)


@login_required
@require_POST
def end_method(request: HubRequest, slug: str, method_id: int) -> HttpResponse:
    """Stop offering a way to get orders."""
    hub = hub_of(request, slug)
    _method(request, hub, method_id)
    actions.end_delivery_method(method_id=method_id, actor=request.actor, now=request.now)
    return _done(request, hub)


def _list(request: HubRequest, hub: HubFrame, *refused: Form) -> HttpResponse:
    return settings_page(
        request,
        "shops/delivery.html",
        hub,
        "delivery",
        *refused,
        refused=refused[0] if refused else None,
        methods=queries.delivery_methods(hub_id=hub.id, actor=request.actor),
        points=queries.pickup_points(hub_id=hub.id, actor=request.actor),
    )


def _done(request: HubRequest, hub: HubFrame) -> HttpResponse:
    messages.success(request, gettext("Saved."))
    return go(request, reverse("shops:delivery", args=[hub.slug]))


def _point(request: HubRequest, hub: HubFrame, point_id: int) -> queries.PointRow:
    found = queries.pickup_point(point_id=point_id, actor=request.actor)
    if found.hub_id != hub.id:
        raise NotFound
    return found


def _method(request: HubRequest, hub: HubFrame, method_id: int) -> queries.MethodRow:
    found = queries.delivery_method(method_id=method_id, actor=request.actor)
    if found.hub_id != hub.id:
        raise NotFound
    return found
