"""Decisions: the list, one proposal, and what members do on its way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bocage.commons.refusals import NotFound, gettext_noop
from bocage.cooperative.governance import actions, words
from bocage.cooperative.governance.forms import OpeningForm, ProposalForm, TextForm, WordsForm
from bocage.cooperative.governance.queries import decisions, members
from bocage.network.requests import HubRequest
from bocage.ui.pages import go, page, showing_refusals

either = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def house(request: HubRequest) -> HttpResponse:
    """Show what can be voted now, what is discussed, what was decided, when members meet."""
    there = {"instance_id": request.instance.pk}
    rows = [_told(one) for one in decisions.proposals(**there)]
    return page(
        request,
        "governance/house.html",
        votes=[row for row in rows if row["row"].state == "vote"],
        coming=[row for row in rows if row["row"].state in ("draft", "discussion", "frozen")],
        decided=[row for row in rows if row["row"].state in ("decided", "applied", "reviewed")],
        assemblies=decisions.assemblies(**there),
        colleges=members.colleges(request.instance.pk),
        mine=members.memberships(actor=request.actor, **there),
        nav_current="commons",
    )


@login_required
@either
def propose(request: HubRequest) -> HttpResponse:
    """Write a proposal."""
    members.own_member(actor=request.actor, instance_id=request.instance.pk)
    form = ProposalForm(_posted(request))
    with showing_refusals(form):
        if form.is_valid():
            said = form.cleaned_data
            number = actions.propose(
                instance_id=request.instance.pk, kind=said["kind"], title=said["title"], body=said["body"],
                method=said["method"], options=said["options"], budget_minor=said["budget"], **_by(request),
            )  # fmt: skip
            messages.success(request, gettext("Written. Other members can support it now."))
            return go(request, reverse("governance:proposal", args=[number]))
    return page(
        request, "governance/propose.html", form=form, nav_current="commons", status=422 if form.errors else 200
    )


@require_safe
def proposal(request: HubRequest, number: int) -> HttpResponse:
    """Show a proposal: its text, what was said, where it stands."""
    return _page(request, number)


@login_required
@require_POST
def act(request: HubRequest, number: int, act: str) -> HttpResponse:
    """Do a step of a proposal's path: support, secret, remark, text, freezing, opening, withdrawal, outcome, review."""
    found = decisions.proposal_page(
        instance_id=request.instance.pk, number=number, actor=request.actor, now=request.now
    )
    if act not in ACTS:
        raise NotFound()
    form_class, do, done = ACTS[act]
    form: Any = form_class(request.POST) if form_class else OpeningForm({})
    with showing_refusals(form):
        if form_class is None or form.is_valid():
            said = form.cleaned_data if form_class else {}
            do(proposal_id=found.row.id, **_renamed(act, said), **_by(request))
            messages.success(request, gettext(done))
            return go(request, reverse("governance:proposal", args=[number]))
    return _page(request, number, act, form)


def _renamed(act: str, said: dict[str, Any]) -> dict[str, Any]:
    return {"outcome": said["body"]} if act in ("outcome", "review") else said


Act = tuple[Any, Callable[..., Any], str]
ACTS: dict[str, Act] = {
    "support": (None, actions.support, gettext_noop("You carry this proposal.")),
    "secret": (None, actions.ask_secret, gettext_noop("Noted. A tenth of the members makes a vote secret.")),
    "remark": (WordsForm, actions.remark, gettext_noop("Said.")),
    "text": (TextForm, actions.change_text, gettext_noop("Changed. Everybody reads both versions.")),
    "freezing": (None, actions.freeze, gettext_noop("The text is frozen. The vote can be opened.")),
    "opening": (OpeningForm, actions.open_vote, gettext_noop("The vote is open.")),
    "withdrawal": (None, actions.withdraw, gettext_noop("Withdrawn.")),
    "outcome": (WordsForm, actions.apply_decision, gettext_noop("Saved.")),
    "review": (WordsForm, actions.review, gettext_noop("Saved.")),
}


def _page(request: HubRequest, number: int, act: str = "", form: Any = None) -> HttpResponse:
    found = decisions.proposal_page(
        instance_id=request.instance.pk, number=number, actor=request.actor, now=request.now
    )
    week = request.now + timedelta(days=8)
    forms = {
        "remark": WordsForm(),
        "text": TextForm(initial={"body": found.text.body}),
        "opening": OpeningForm(initial={"closes_at": week.replace(minute=0, second=0)}),
        "outcome": WordsForm(),
    }
    if act in forms and form is not None:
        forms[act] = form
    refusal = [str(one) for one in form.non_field_errors()] if form is not None else []
    return page(
        request,
        "governance/proposal.html",
        found=found,
        row=found.row,
        told=_told(found.row),
        options=[(one, found.answers.get(one.code, [])) for one in found.options],
        votes=[(one, words.REASONS.get(one.reason, "")) for one in found.votes],
        rule=words.RULES[found.row.method],
        method=words.METHODS[found.row.method],
        steps=_steps(found),
        forms=forms,
        refusal=refusal,
        nav_current="commons",
        status=422 if form is not None else 200,
    )


def _steps(found: decisions.ProposalPage) -> list[dict[str, Any]]:
    """The path of a proposal as a line of moments."""
    names = ["draft", "discussion", "frozen", "vote", "decided", "applied", "reviewed"]
    here = names.index(found.row.state) if found.row.state in names else -1
    states = ["done" if place < here else "now" if place == here else "later" for place in range(len(names))]
    return [{"label": words.STATES[name], "state": state} for name, state in zip(names, states, strict=True)]


def _told(row: decisions.ProposalRow) -> dict[str, Any]:
    return {
        "row": row,
        "kind": words.KINDS[row.kind],
        "state": words.STATES[row.state],
        "reason": words.REASONS.get(row.reason, ""),
    }


def _posted(request: HubRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _by(request: HubRequest) -> dict[str, Any]:
    return {"actor": request.actor, "now": request.now}
