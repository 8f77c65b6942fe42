"""Who runs an enterprise: its owner, its team, who reads its mail, who is invited."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from bocage.network import actions, queries
from bocage.network.forms import ROLE_WORDS, InviteForm, RoleForm
from bocage.network.hub_pages import settings_page
from bocage.network.queries.hubs import HubFrame, hub_frame
from bocage.network.requests import HubRequest
from bocage.network.rules import Right
from bocage.ui.pages import go, showing_refusals

either = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@either
def team(request: HubRequest, slug: str) -> HttpResponse:
    """Show the team, and invite somebody into it."""
    hub = _hub(request, slug)
    form = InviteForm(request.POST if request.method == "POST" else None)
    with showing_refusals(form):
        if form.is_valid():
            actions.invite(enterprise_id=hub.id, **form.cleaned_data, **_by(request))
            text = gettext("An invitation is on its way to %(email)s.") % {"email": form.cleaned_data["email"]}
            return _done(request, hub, text)
    return _team(request, hub, form)


@login_required
@require_POST
def withdrawal(request: HubRequest, slug: str, invitation_id: int) -> HttpResponse:
    """Take an invitation back."""
    hub = _hub(request, slug)
    actions.withdraw_invitation(invitation_id=invitation_id, enterprise_id=hub.id, **_by(request))
    return _done(request, hub, gettext("The invitation is withdrawn. Its link no longer works."))


@login_required
@require_POST
def role(request: HubRequest, slug: str, person_id: int) -> HttpResponse:
    """Give somebody of the team another role."""
    hub, form = _hub(request, slug), RoleForm(request.POST)
    with showing_refusals(form):
        if form.is_valid():
            actions.change_role(enterprise_id=hub.id, person_id=person_id, **form.cleaned_data, **_by(request))
            return _done(request, hub, gettext("Saved."))
    return _team(request, hub, InviteForm(), form)


@login_required
@require_POST
def removal(request: HubRequest, slug: str, person_id: int) -> HttpResponse:
    """End somebody's work here; one's own too."""
    hub, form = _hub(request, slug), Form(request.POST)
    with showing_refusals(form):
        actions.take_role(enterprise_id=hub.id, person_id=person_id, **_by(request))
        if person_id == request.actor.person_id:
            messages.success(request, gettext("You have left the team."))
            return go(request, reverse("network:account"))
        return _done(request, hub, gettext("They are no longer in the team."))
    return _team(request, hub, InviteForm(), form)


@login_required
@require_POST
def contacts(request: HubRequest, slug: str) -> HttpResponse:
    """Say who reads the enterprise's mail."""
    hub = _hub(request, slug)
    chosen = [int(text) for text in request.POST.getlist("person") if text.isascii() and text.isdigit()]
    actions.choose_contacts(enterprise_id=hub.id, person_ids=chosen, **_by(request))
    return _done(request, hub, gettext("Saved."))


@login_required
@require_POST
def owner(request: HubRequest, slug: str) -> HttpResponse:
    """Hand the enterprise over to one of its managers."""
    hub, form = _hub(request, slug), Form(request.POST)
    heir = request.POST.get("person", "")
    with showing_refusals(form):
        heir_id = int(heir) if heir.isascii() and heir.isdigit() else 0
        actions.hand_over(enterprise_id=hub.id, person_id=heir_id, **_by(request))
        return _done(request, hub, gettext("The enterprise has a new owner."))
    return _team(request, hub, InviteForm(), form)


def _team(request: HubRequest, hub: HubFrame, form: Form, refused: Form | None = None) -> HttpResponse:
    people = queries.team_of(enterprise_id=hub.id, actor=request.actor)
    return settings_page(
        request,
        "network/team.html",
        hub,
        "team",
        form,
        *([refused] if refused else []),
        form=form,
        refused=refused,
        people=people,
        roles=ROLE_WORDS,
        invitations=queries.invitations_of(enterprise_id=hub.id, actor=request.actor, now=request.now),
        me=request.actor.person_id,
        heirs=[one for one in people if one.role == "manager" and not one.is_owner]
        if _decides(request, people)
        else [],
    )


def _decides(request: HubRequest, people: list[queries.TeamRow]) -> bool:
    return request.actor.is_steward or any(one.is_owner and one.person_id == request.actor.person_id for one in people)


def _hub(request: HubRequest, slug: str) -> HubFrame:
    return hub_frame(slug=slug, right=Right.MANAGE_ENTERPRISE, actor=request.actor)


def _by(request: HubRequest) -> dict[str, Any]:
    return {"actor": request.actor, "now": request.now}


def _done(request: HubRequest, hub: HubFrame, words: str) -> HttpResponse:
    messages.success(request, words)
    return go(request, reverse("network:team", args=[hub.slug]))
