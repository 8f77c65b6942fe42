"""Instances, what they propose and vote, what was decided: for everybody; voting for ours is for its stewards."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from bocage.cooperative.federation.actions import deciding
from bocage.cooperative.federation.forms import KEYS, VoteForm, asked
from bocage.cooperative.federation.queries import feeds, proposals
from bocage.cooperative.federation.words import CHOICES, STATES
from bocage.network.requests import HubRequest
from bocage.ui.pages import go, page, showing_refusals


@require_safe
def instances(request: HubRequest) -> HttpResponse:
    """List the instances of the federation, how far we know the feed of each, and what was decided."""
    return page(
        request, "federation/instances.html", nav_current="commons", peers=feeds.peers(), decided=proposals.decided(),
        open=[(pk, year, STATES[state]) for pk, year, state in proposals.proposals(now=request.now)], head=feeds.head(),
    )  # fmt: skip


@require_safe
def decision(request: HubRequest, year: int) -> HttpResponse:
    """Send what was decided for a year, to the byte."""
    text, hashed = proposals.decision(year=year)
    headers = {"Content-Disposition": f'attachment; filename="sharing-{year}.json"', "X-Hash": hashed}
    return HttpResponse(text.encode(), content_type="application/json", headers=headers)


@require_safe
def proposal(request: HubRequest, proposal_id: int) -> HttpResponse:
    """Show a proposal and how its vote stands."""
    return _proposal(request, proposal_id, VoteForm())


@login_required
@require_POST
def vote(request: HubRequest, proposal_id: int) -> HttpResponse:
    """Vote for our instance."""
    form = VoteForm(request.POST)
    with showing_refusals(form):
        if form.is_valid():
            deciding.vote(
                proposal_id=proposal_id, choice=form.cleaned_data["choice"], actor=request.actor, now=request.now
            )
            messages.success(request, gettext("Voted. You may change it until the vote closes."))
            return go(request, reverse("federation:proposal", args=[proposal_id]))
    return _proposal(request, proposal_id, form)


def _proposal(request: HubRequest, proposal_id: int, form: VoteForm) -> HttpResponse:
    found = proposals.proposal(proposal_id=proposal_id, now=request.now)
    simulator = f"{reverse('federation:sharing')}?{urlencode(asked(found.pot.minor, found.terms))}"
    return page(
        request, "federation/proposal.html", status=422 if form.errors else 200, nav_current="commons", found=found,
        state=STATES[found.state], key=KEYS[found.terms.key], form=form, simulator=simulator,
        votes=[(CHOICES.get(row.choice, ""), row) for row in found.votes], may_vote=request.actor.is_steward,
    )  # fmt: skip
