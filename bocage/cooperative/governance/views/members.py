"""Membership: one's own, asking for it, giving one's vote, and the register for those who keep it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bocage.commons.cells import guarded
from bocage.commons.money import Money
from bocage.commons.refusals import NotFound, Refused
from bocage.cooperative.governance import actions, words
from bocage.cooperative.governance.forms import DelegationForm, JoinForm, SharesForm
from bocage.cooperative.governance.queries import members
from bocage.network import queries as network
from bocage.network.requests import HubRequest
from bocage.network.rules import Right
from bocage.ui.pages import go, page, showing_refusals

either = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def membership(request: HubRequest) -> HttpResponse:
    """Show my memberships, my shares, and the votes that I gave or hold."""
    return _membership(request)


@login_required
@either
def join(request: HubRequest) -> HttpResponse:
    """Ask to become a member."""
    pk = request.instance.pk
    own = [
        (one.id, one.name)
        for one in network.enterprises_of(request.actor)
        if request.actor.may(Right.MANAGE_ENTERPRISE, on=one.id)
    ]
    choices: dict[str, list[tuple[Any, Any]]] = {
        "enterprise_id": [("", gettext("I join myself")), *own],
        "college_id": [(one.id, one.name) for one in members.colleges(pk)],
        "category_id": members.categories(pk),
    }
    form = JoinForm(_posted(request), choices=choices, initial={"name": request.actor.name})
    with showing_refusals(form):
        if form.is_valid():
            actions.apply_for(instance_id=pk, **form.cleaned_data, **_by(request))
            messages.success(request, gettext("Asked. The members elected for it answer you soon."))
            return go(request, reverse("governance:membership"))
    value = Money(members.articles(pk).share_value_minor, request.instance.currency)
    status = 422 if form.errors else 200
    return page(request, "governance/join.html", form=form, value=value, nav_current="commons", status=status)


@login_required
@require_POST
def leaving(request: HubRequest, member_id: int) -> HttpResponse:
    """Leave the cooperative."""
    actions.leave(member_id=member_id, **_by(request))
    messages.success(request, gettext("You have left. What you paid for shares is given back to you."))
    return go(request, reverse("governance:membership"))


@login_required
@require_POST
def delegations(request: HubRequest) -> HttpResponse:
    """Give my vote on a topic to a member of my college."""
    form = _delegation_form(request, request.POST)
    with showing_refusals(form):
        if form.is_valid():
            actions.delegate(instance_id=request.instance.pk, **form.cleaned_data, **_by(request))
            messages.success(request, gettext("Given. You can take it back, or vote yourself, until a vote closes."))
            return go(request, reverse("governance:membership"))
    return _membership(request, form)


@login_required
@require_POST
def taking_back(request: HubRequest, delegation_id: int) -> HttpResponse:
    """Take a vote back."""
    actions.take_back(delegation_id=delegation_id, **_by(request))
    messages.success(request, gettext("Your vote is yours again."))
    return go(request, reverse("governance:membership"))


@login_required
@require_safe
def register(request: HubRequest) -> HttpResponse:
    """Show the registers of members and of shares to those who keep them."""
    there = {"instance_id": request.instance.pk, "actor": request.actor, "now": request.now}
    rows = [(one, words.MEMBER_STATES[one.state]) for one in members.register(**there)]
    return page(
        request,
        "governance/register.html",
        rows=rows,
        candidates=[row for row in rows if row[0].state == "candidate"],
        movements=[(one, words.MOVEMENTS[one.kind]) for one in members.movements(**there)],
        form=SharesForm(),
        paid=sum(one.shares for one, _word in rows),
        nav_current="commons",
    )


@login_required
@require_safe
def register_file(request: HubRequest) -> HttpResponse:
    """Give the register of shares as CSV."""
    rows = members.movements(instance_id=request.instance.pk, actor=request.actor, now=request.now)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(["number", "at", "member", "kind", "shares", "amount_minor", "currency", "words"])
    for one in rows:
        cells = [
            one.number,
            one.at.isoformat(),
            one.member,
            one.kind,
            one.shares,
            one.amount.minor,
            one.amount.currency,
        ]
        writer.writerow([guarded(str(cell)) if isinstance(cell, str) else cell for cell in [*cells, one.words]])
    return HttpResponse(
        text.getvalue().encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="shares.csv"'},
    )


@login_required
@require_POST
def register_act(request: HubRequest, member_id: int, act: str) -> HttpResponse:
    """Admit or decline a candidate; write a line into the register of shares."""
    if act not in REGISTER_ACTS:
        raise NotFound()
    form_class, do = REGISTER_ACTS[act]
    form = form_class(request.POST)
    with showing_refusals(form):
        if form.is_valid():
            do(member_id=member_id, **form.cleaned_data, **_by(request))
            messages.success(request, gettext("Saved."))
            return go(request, reverse("governance:register"))
    messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return go(request, reverse("governance:register"))


REGISTER_ACTS: dict[str, tuple[type[Form], Callable[..., Any]]] = {
    "admission": (Form, actions.admit),
    "declining": (Form, actions.decline),
    "shares": (SharesForm, actions.move_shares),
}


def _membership(request: HubRequest, form: DelegationForm | None = None) -> HttpResponse:
    there = {"instance_id": request.instance.pk, "actor": request.actor}
    rows = members.memberships(**there)
    is_active = any(row.state == "active" for row in rows)
    given = [(one, words.KINDS[one.topic]) for one in members.delegations(**there)] if rows else []
    return page(
        request,
        "governance/membership.html",
        rows=[(row, words.MEMBER_STATES[row.state]) for row in rows],
        given=given,
        form=form or (_delegation_form(request) if is_active else None),
        is_keeper=_is_keeper(request),
        nav_current="commons",
        status=422 if form and form.errors else 200,
    )


def _delegation_form(request: HubRequest, posted: Any = None) -> DelegationForm:
    own = members.own_member(actor=request.actor, instance_id=request.instance.pk)
    return DelegationForm(posted, members=members.colleagues(member=own, instance_id=request.instance.pk))


def _is_keeper(request: HubRequest) -> bool:
    try:
        members.require_keeper(actor=request.actor, instance_id=request.instance.pk, now=request.now)
    except Refused:
        return False
    return True


def _posted(request: HubRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _by(request: HubRequest) -> dict[str, Any]:
    return {"actor": request.actor, "now": request.now}
