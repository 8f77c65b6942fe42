"""Founding an enterprise, in three short pages: what, where, who."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from bocage.commons.refusals import Refused
from bocage.network import actions, founding, queries
from bocage.network.forms import SHAPES, WhatForm, WhereForm, WhoForm
from bocage.network.hub_pages import address
from bocage.network.requests import HubRequest
from bocage.ui.pages import go, page, say, showing_refusals

either = require_http_methods(["GET", "HEAD", "POST"])
PAGES = ("register", "register_where", "register_who")
PICTURES = {
    "farm": "farm",
    "farm_shop": "cards/farm-shop",
    "both": "cards/market-garden",
    "hub": "cards/depot",
    "buying_group": "basket",
    "profile": "cards/fields",
}


@login_required
@either
def what(request: HubRequest) -> HttpResponse:
    """Ask what is founded and how it is called."""
    form = WhatForm(_posted(request), initial=founding.draft(request.session))
    if form.is_valid():
        return _next(request, form, "register_where")
    chosen = form["shape"].value()
    shapes = [(key, words, more, PICTURES[key], key == chosen) for key, words, more in SHAPES]
    return _page(request, 1, form, shapes=shapes)


@login_required
@either
def where(request: HubRequest) -> HttpResponse:
    """Ask where it is."""
    said = founding.draft(request.session)
    if "shape" not in said:
        return go(request, reverse("network:register"))
    form = WhereForm(_posted(request), initial={"country": request.instance.country, **said})
    if form.is_valid():
        return _next(request, form, "register_who")
    return _page(request, 2, form)


@login_required
@either
def who(request: HubRequest) -> HttpResponse:
    """Ask whom to reach, found the enterprise, and lead to what is left to do before selling."""
    said = founding.draft(request.session)
    if "town" not in said:
        return go(request, reverse("network:register"))
    terms = queries.current_texts(instance_id=request.instance.pk, to="register")
    known = {"contact_name": request.actor.name, "email": request.actor.email}
    form = WhoForm(_posted(request), has_terms=bool(terms), initial={**known, **said})
    with showing_refusals(form):
        if form.is_valid():
            founding.keep(request.session, form.cleaned_data)
            slug = actions.register(
                instance_id=request.instance.pk,
                profile=founding.profile_of({**said, **form.cleaned_data}, instance_id=request.instance.pk),
                text_ids=[text.id for text in terms],
                actor=request.actor,
                now=request.now,
            )
            founding.forget(request.session)
            messages.success(request, gettext("Welcome! Your page is made. Here is what is left to do."))
            return go(request, address("shops:ready", slug=slug) or reverse("network:team", args=[slug]))
    return _page(request, 3, form)


def _next(request: HubRequest, form: Form, name: str) -> HttpResponse:
    founding.keep(request.session, form.cleaned_data)
    return go(request, reverse(f"network:{name}"))


def _page(request: HubRequest, step: int, form: Form, **context: Any) -> HttpResponse:
    """Show one of the three pages; who may not found one more is told so at once, in place of the form."""
    labels = [gettext("What"), gettext("Where"), gettext("Who")]
    steps = [{"label": words, "url": reverse(f"network:{name}")} for words, name in zip(labels, PAGES, strict=True)]
    return page(
        request,
        "network/register.html",
        form=form,
        step=step,
        steps=steps,
        back=steps[step - 2] if step > 1 else None,
        refusal=_obstacle(request),
        status=422 if form.errors else 200,
        **context,
    )


def _obstacle(request: HubRequest) -> str:
    if request.actor.is_steward:
        return ""
    try:
        queries.check_founder(request.actor.person_id)
    except Refused as refused:
        return say(refused)
    return ""


def _posted(request: HubRequest) -> Any:
    return request.POST if request.method == "POST" else None
