"""How customers pay a hub."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.network.queries.hubs import HubFrame
from bocage.network.requests import HubRequest
from bocage.payments import queries as payments
from bocage.pricing import queries as pricing
from bocage.shops import actions, queries
from bocage.shops.forms.payment import PAYMENT_KINDS, DebtsForm, PaymentForm
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
    return _payment_page(request, hub, rows, DebtsForm(initial=_debts(request, hub)))


@login_required
@require_POST
def carried_debts(request: HubRequest, slug: str) -> HttpResponse:
    """Say up to which amount what is left to pay goes with the next order."""
    hub = hub_of(request, slug)
    form = DebtsForm(request.POST)
    if form.is_valid():
        up_to = Money(form.cleaned_data["up_to"] or 0, hub.currency)
        actions.carry_debts(hub_id=hub.id, up_to=up_to, actor=request.actor)
        return _done(request, hub)
    rows = payments.payment_methods(hub_id=hub.id, actor=request.actor)
    return _payment_page(request, hub, rows, form)


def _payment_page(request: HubRequest, hub: HubFrame, rows: list[payments.MethodRow], form: DebtsForm) -> HttpResponse:
    kinds = dict(PAYMENT_KINDS)
    return settings_page(
        request, "shops/payment.html", hub, "payment", form, rows=rows, kinds=kinds, debts=form,
        has_charged_card=any(row.kind == "card" and (row.charge_minor or row.charge_millionths) for row in rows),
    )  # fmt: skip


def _debts(request: HubRequest, hub: HubFrame) -> dict[str, int | None]:
    return {"up_to": queries.carried_debts(hub_id=hub.id, actor=request.actor) or None}


@login_required
@read_or_post
def payment_method(request: HubRequest, slug: str, method_id: int | None = None) -> HttpResponse:
    """Add a way to pay, or change one."""
    hub = hub_of(request, slug)
    kept = _method(request, hub, method_id) if method_id else None
    form = PaymentForm(
        posted(request),
        rates=pricing.tax_rates(country=hub.country),
        initial=_written(kept) if kept else {"kind": "on_site"},
    )
    propose_tags(form, "tags", queries.known_tags(hub_id=hub.id, actor=request.actor).of_things)
    with showing_refusals(form):
        if form.is_valid():
            actions.save_payment_method(
                hub_id=hub.id, method_id=method_id, **form.said(), actor=request.actor, now=request.now
            )
            return _done(request, hub)
    end_url = reverse("shops:end_payment_method", args=[hub.slug, kept.id]) if kept else ""
    title = kept.name if kept else gettext("New way to pay")
    return settings_page(
        request, "shops/payment_method.html", hub, "payment", form, form=form, title=title, end_url=end_url
    )


@login_required
@require_POST
def end_payment_method(request: HubRequest, slug: str, method_id: int) -> HttpResponse:
    """Stop offering a way to pay."""
    hub = hub_of(request, slug)
    actions.end_payment_method(hub_id=hub.id, method_id=method_id, actor=request.actor, now=request.now)
    return _done(request, hub)


def _written(kept: payments.MethodRow) -> dict[str, Any]:
    names = ("kind", "name", "instructions", "tags", "charge_tax_id")
    shown: dict[str, Any] = {name: getattr(kept, name) for name in names}
    return shown | {"charge_minor": kept.charge_minor or None, "charge_millionths": kept.charge_millionths or None}


def _method(request: HubRequest, hub: HubFrame, method_id: int) -> payments.MethodRow:
    rows = payments.payment_methods(hub_id=hub.id, actor=request.actor)
    found = next((row for row in rows if row.id == method_id), None)
    if found is None:
        raise NotFound
    return found


def _done(request: HubRequest, hub: HubFrame) -> HttpResponse:
    messages.success(request, gettext("Saved."))
    return go(request, reverse("shops:payment", args=[hub.slug]))
