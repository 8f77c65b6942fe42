"""A hub's own account with a payment service, into which its customers pay by card."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from bocage.commons.refusals import Refused
from bocage.network.queries.hubs import HubFrame
from bocage.network.requests import HubRequest
from bocage.payments.providers import ready
from bocage.payments.queries.attempts import account
from bocage.payments.rules import Connecting
from bocage.shops import actions
from bocage.shops.views.frame import hub_of, posted, settings_page
from bocage.ui.pages import go, showing_refusals

NAMES = {"stripe": "Stripe", "demobank": "Banque de démonstration"}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def online(request: HubRequest, slug: str) -> HttpResponse:
    """Show the hub's account, and connect one."""
    hub = hub_of(request, slug)
    form = ConnectForm(posted(request))
    with showing_refusals(form):
        if form.is_bound and form.is_valid():
            next_url = actions.connect_account(
                provider=form.cleaned_data["provider"], wish=_wish(request, hub), actor=request.actor, now=request.now
            )
            if next_url:
                return _page(request, hub, form, next_url)
            messages.success(request, gettext("Connected. Now add “by card” to the ways to pay."))
            return go(request, reverse("shops:online", args=[hub.slug]))
    return _page(request, hub, form)


@login_required
@require_http_methods(["GET", "HEAD"])
def online_return(request: HubRequest, slug: str) -> HttpResponse:
    """Come back from the payment service: ask it whether the account takes money by now."""
    hub = hub_of(request, slug)
    try:
        actions.ask_account(hub_id=hub.id, actor=request.actor)
    except Refused as refusal:
        messages.error(request, gettext(refusal.message) % refusal.values)
    return go(request, reverse("shops:online", args=[hub.slug]))


@login_required
@require_POST
def online_end(request: HubRequest, slug: str) -> HttpResponse:
    """Disconnect the account."""
    hub = hub_of(request, slug)
    actions.disconnect_account(hub_id=hub.id, actor=request.actor, now=request.now)
    messages.success(request, gettext("Disconnected. What was paid stays where it is."))
    return go(request, reverse("shops:online", args=[hub.slug]))


class ConnectForm(forms.Form):
    """Which payment service."""

    provider = forms.SlugField(max_length=16)


def _wish(request: HubRequest, hub: HubFrame) -> Connecting:
    back = request.build_absolute_uri(reverse("shops:online_return", args=[hub.slug]))
    return Connecting(hub.id, hub.name, request.actor.email, hub.country, back)


def _page(request: HubRequest, hub: HubFrame, form: ConnectForm, next_url: str = "") -> HttpResponse:
    found = account(hub_id=hub.id, actor=request.actor)
    return settings_page(
        request,
        "shops/online.html",
        hub,
        "payment",
        form,
        form=form,
        account=found,
        service=NAMES.get(found.provider, found.provider) if found else "",
        services=[(name, NAMES.get(name, name)) for name in ready()],
        next_url=next_url,
    )
