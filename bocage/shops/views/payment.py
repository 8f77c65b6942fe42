"""How customers pay a hub."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bocage.commons.refusals import NotFound
from bocage.network.queries.hubs import HubFrame
from bocage.network.requests import HubRequest
from bocage.payments import queries as payments
from bocage.shops import actions, queries
from bocage.shops.forms.payment import PAYMENT_KINDS, PaymentForm
from bocage.shops.views.frame import hub_of, posted, settings_page
from bocage.ui.fields import propose_tags
from bocage.ui.pages import go, showing_refusals

read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def payment(request: HubRequest, slug: str) -> HttpResponse:
    """List the ways to pay."""
    hub = hub_of(request, slug)
    rows = payments.payment_methods(hub_id=hub.id, actor=request.actor)
    return settings_page(request, "shops/payment.html", hub, "payment", rows=rows, kinds=dict(PAYMENT_KINDS))


@login_required
@read_or_post
def payment_method(request: HubRequest, slug: str, method_id: int | None = None) -> HttpResponse:
    """Add a way to pay, or change one."""
    hub = hub_of(request, slug)
    kept = _method(request, hub, method_id) if method_id else None
    form = PaymentForm(
        posted(request),
        initial={"kind": kept.kind, "name": kept.name, "instructions": kept.instructions, "tags": kept.tags}
        if kept
        else {"kind": "on_site"},
    )
    propose_tags(form, "tags", queries.known_tags(hub_id=hub.id, actor=request.actor).of_things)
    with showing_refusals(form):
        if form.is_valid():
            actions.save_payment_method(
                hub_id=hub.id, method_id=method_id, **form.cleaned_data, actor=request.actor, now=request.now
            )
            return _done(request, hub)
    end_url = reverse("shops:end_payment_method", args=[hub.slug, kept.id]) if kept else ""
    title = kept.name if kept else gettext("New way to pay")
    return settings_page(request, "shops/form.html", hub, "payment", form, form=form, title=title, end_url=end_url)


@login_required
@require_POST
def end_payment_method(request: HubRequest, slug: str, method_id: int) -> HttpResponse:
    """Stop offering a way to pay."""
    hub = hub_of(request, slug)
    actions.end_payment_method(hub_id=hub.id, method_id=method_id, actor=request.actor, now=request.now)
    return _done(request, hub)


def _method(request: HubRequest, hub: HubFrame, method_id: int) -> payments.MethodRow:
    rows = payments.payment_methods(hub_id=hub.id, actor=request.actor)
    found = next((row for row in rows if row.id == method_id), None)
    if found is None:
        raise NotFound
    return found


def _done(request: HubRequest, hub: HubFrame) -> HttpResponse:
    messages.success(request, gettext("Saved."))
    return go(request, reverse("shops:payment", args=[hub.slug]))
