"""What producers and hubs agree on: proposed, answered, ended; and who may therefore do what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bocage.commons.refusals import Forbidden, NotFound
from bocage.network import actions, queries, sentences
from bocage.network.actions.enterprises import Profile
from bocage.network.forms import AgreementForm, PartnerForm
from bocage.network.hub_pages import settings_page
from bocage.network.queries.hubs import HubFrame, hub_frame
from bocage.network.requests import HubRequest
from bocage.network.rules import Right
from bocage.network.rules.agreements import Act, decide_for_hub
from bocage.ui.pages import go, showing_refusals

either = require_http_methods(["GET", "HEAD", "POST"])
WORKING = ("answer", "waiting", "running", "coming")


@login_required
@require_safe
def agreements(request: HubRequest, slug: str) -> HttpResponse:
    """Show what is agreed, what waits for an answer, and what was."""
    return _list(request, _hub(request, slug))


@login_required
@either
def proposal(request: HubRequest, slug: str, partner: str) -> HttpResponse:
    """Propose an agreement to another enterprise; from what is in force, where there is something."""
    hub = _hub(request, slug)
    them = _partner(request, hub, partner)
    we_produce = hub.is_producer and (them.sells == "any") and request.GET.get("as") != "hub"
    if not we_produce and not them.is_producer:
        raise NotFound()
    form = AgreementForm(request.POST if request.method == "POST" else None, initial=_initial(request, hub, them.id))
    with showing_refusals(form):
        if form.is_valid():
            pair = (hub.id, them.id) if we_produce else (them.id, hub.id)
            actions.propose(
                producer_id=pair[0],
                hub_id=pair[1],
                by_id=hub.id,
                terms=form.terms(),
                starts_at=form.starts_at(),
                ends_at=form.ends_at(),
                **_by(request),
            )
            text = gettext("Your proposal is with %(name)s. Once they accept, it counts.") % {"name": them.name}
            own = request.actor.may(Right.MANAGE_ENTERPRISE, on=them.id) and not request.actor.is_steward
            return _done(request, hub, gettext("It is agreed.") if own else text)
    return settings_page(
        request,
        "network/proposal.html",
        hub,
        "agreements",
        form,
        form=form,
        producer=hub.name if we_produce else them.name,
        seller=them.name if we_produce else hub.name,
        partner=them.name,
    )


@login_required
@require_POST
def acceptance(request: HubRequest, slug: str, agreement_id: int) -> HttpResponse:
    """Accept a proposal."""
    return _answer(request, slug, agreement_id, actions.accept_agreement, gettext("It is agreed."))


@login_required
@require_POST
def refusal(request: HubRequest, slug: str, agreement_id: int) -> HttpResponse:
    """Say no to a proposal."""
    return _answer(request, slug, agreement_id, actions.refuse_agreement, gettext("You said no to this proposal."))


@login_required
@require_POST
def withdrawal(request: HubRequest, slug: str, agreement_id: int) -> HttpResponse:
    """Take one's own proposal back."""
    return _answer(request, slug, agreement_id, actions.withdraw_agreement, gettext("Your proposal is withdrawn."))


@login_required
@require_POST
def end(request: HubRequest, slug: str, agreement_id: int) -> HttpResponse:
    """End an agreement for the future."""
    hub = _hub(request, slug)
    row = _row(request, hub, agreement_id)
    actions.end_agreement(producer_id=row.producer.id, hub_id=row.hub.id, **_by(request))
    return _done(request, hub, gettext("The agreement has ended. Orders already placed stay as they are."))


@login_required
@either
def partner_page(request: HubRequest, slug: str, agreement_id: int) -> HttpResponse:
    """Keep a farm's public page up to date, where the farm lets this hub."""
    hub = _hub(request, slug)
    row = _row(request, hub, agreement_id)
    if row.we_produce or not row.terms.edits_profile or row.stage != "running":
        raise Forbidden(right=Act.EDIT_PROFILE.value)
    kept = queries.enterprise_page(instance_id=request.instance.pk, slug=row.producer.slug, actor=request.actor)
    form = PartnerForm(request.POST if request.method == "POST" else None, initial=asdict(kept))
    with showing_refusals(form):
        if form.is_valid():
            changes = cast(Profile, form.cleaned_data)
            actions.edit_partner(producer_id=row.producer.id, changes=changes, **_by(request))
            return _done(request, hub, gettext("Saved."))
    return settings_page(
        request, "network/partner_page.html", hub, "agreements", form, form=form, partner=row.producer.name
    )


@login_required
@require_safe
def rights(request: HubRequest, slug: str) -> HttpResponse:
    """Show who may do what here, and why: the team by role, partners by agreement."""
    hub = _hub(request, slug)
    team = queries.team_of(enterprise_id=hub.id, actor=request.actor)
    rows = queries.agreements_of(enterprise_id=hub.id, actor=request.actor, at=request.now)
    running = [row for row in rows if row.stage == "running"]
    return settings_page(
        request,
        "network/rights.html",
        hub,
        "agreements",
        team=[(one, sentences.right_words(one.role)) for one in team],
        granted=[(row, _acts(row, request.now)) for row in running if row.we_produce],
        received=[(row, _acts(row, request.now)) for row in running if not row.we_produce],
        is_unpeopled=hub.is_producer and not queries.peopled([hub.id]),
    )


def _acts(row: queries.AgreementRow, now: datetime) -> list[tuple[str, bool, str]]:
    """Return what the hub of an agreement may do and may not, each with the reason."""
    pair = {"producer_id": row.producer.id, "hub_id": row.hub.id}
    decided = [(act, decide_for_hub(act, **pair, deals=[row.deal], at=now)) for act in Act]
    return [(sentences.act_words(act), one.is_allowed, sentences.why_words(one)) for act, one in decided]


def _list(request: HubRequest, hub: HubFrame, refused: Form | None = None) -> HttpResponse:
    rows = queries.agreements_of(enterprise_id=hub.id, actor=request.actor, at=request.now)
    shown = [(row, sentences.clauses(row.terms), *sentences.stage_words(row.stage)) for row in rows]
    text = request.GET.get("q", "").strip()
    known = {row.partner.id for row in rows if row.stage in WORKING}
    found = queries.possible_partners(enterprise_id=hub.id, text=text, actor=request.actor, limit=12)
    return settings_page(
        request,
        "network/agreements.html",
        hub,
        "agreements",
        *([refused] if refused else []),
        refused=refused,
        working=[one for one in shown if one[0].stage in WORKING],
        past=[one for one in shown if one[0].stage not in WORKING],
        q=text,
        found=[side for side in found if side.id not in known],
    )


def _answer(request: HubRequest, slug: str, agreement_id: int, action: Callable[..., None], words: str) -> HttpResponse:
    hub, refused = _hub(request, slug), Form(request.POST)
    _row(request, hub, agreement_id)
    with showing_refusals(refused):
        action(agreement_id=agreement_id, **_by(request))
        return _done(request, hub, words)
    return _list(request, hub, refused)


def _initial(request: HubRequest, hub: HubFrame, partner_id: int) -> dict[str, Any]:
    rows = queries.agreements_of(enterprise_id=hub.id, actor=request.actor, at=request.now)
    kept = next((row for row in rows if row.stage == "running" and row.partner.id == partner_id), None)
    today = {"starts_on": timezone.localdate(request.now)}
    return {**today, **asdict(kept.terms)} if kept else today


def _partner(request: HubRequest, hub: HubFrame, slug: str) -> queries.EnterprisePage:
    them = queries.enterprise_page(instance_id=request.instance.pk, slug=slug, actor=request.actor)
    if them.id == hub.id:
        raise NotFound()
    return them


def _row(request: HubRequest, hub: HubFrame, agreement_id: int) -> queries.AgreementRow:
    return queries.agreement(agreement_id=agreement_id, enterprise_id=hub.id, actor=request.actor, at=request.now)


def _hub(request: HubRequest, slug: str) -> HubFrame:
    return hub_frame(slug=slug, right=Right.MANAGE_ENTERPRISE, actor=request.actor)


def _by(request: HubRequest) -> dict[str, Any]:
    return {"actor": request.actor, "now": request.now}


def _done(request: HubRequest, hub: HubFrame, words: str) -> HttpResponse:
    messages.success(request, words)
    return go(request, reverse("network:agreements", args=[hub.slug]))
