"""Groups: their public pages, their owners' form, and what an enterprise says to being asked."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bocage.commons.refusals import Forbidden
from bocage.network import actions, queries
from bocage.network.actions.groups import GroupDetails
from bocage.network.forms import GroupForm
from bocage.network.hub_pages import address, settings_page
from bocage.network.queries.hubs import hub_frame
from bocage.network.requests import HubRequest
from bocage.network.rules import Right
from bocage.ui.pages import go, page, showing_refusals

either = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def groups(request: HubRequest) -> HttpResponse:
    """List the groups."""
    rows = queries.groups(instance_id=request.instance.pk)
    own = (
        queries.groups(instance_id=request.instance.pk, owner_id=request.actor.person_id)
        if request.actor.person_id
        else []
    )
    return page(request, "network/groups.html", rows=rows, own=own, nav_current="farms")


@require_safe
def group(request: HubRequest, slug: str) -> HttpResponse:
    """Show a group: its story, its farms, its shops."""
    found = _group(request, slug)
    text = request.GET.get("q", "").strip()
    rows = [
        (one, address("web:farm", slug=one.slug), address("shopfront:shop", slug=one.slug)) for one in found.members
    ]
    known = {one.id for one in (*found.members, *found.asked)}
    near = queries.find_enterprises(instance_id=request.instance.pk, text=text) if found.is_own and text else []
    answer = page(
        request,
        "network/group.html",
        group=found,
        producers=[row for row in rows if row[0].is_producer],
        shops=[row for row in rows if row[0].sells != "none"],
        others=[row for row in rows if not row[0].is_producer and row[0].sells == "none"],
        q=text,
        found=[side for side in near if side.id not in known],
        nav_current="farms",
    )
    if not found.is_listed:
        answer["X-Robots-Tag"] = "noindex"
    return answer


@login_required
@either
def new_group(request: HubRequest) -> HttpResponse:
    """Found a group."""
    form = GroupForm(_posted(request))
    with showing_refusals(form):
        if form.is_valid():
            details = GroupDetails(**form.cleaned_data)
            slug = actions.found_group(instance_id=request.instance.pk, details=details, **_by(request))
            return go(request, reverse("network:group", args=[slug]))
    return _form(request, form)


@login_required
@either
def edit_group(request: HubRequest, slug: str) -> HttpResponse:
    """Change what a group says of itself."""
    found = _group(request, slug)
    if not found.is_own:
        raise Forbidden()
    form = GroupForm(_posted(request), initial=asdict(found))
    if form.is_valid():
        actions.edit_group(group_id=found.id, details=GroupDetails(**form.cleaned_data), **_by(request))
        return _done(request, slug, gettext("Saved."))
    return _form(request, form, found.name)


@login_required
@require_POST
def group_asking(request: HubRequest, slug: str, enterprise_id: int) -> HttpResponse:
    """Ask an enterprise into one's group."""
    actions.ask_into_group(group_id=_group(request, slug).id, enterprise_id=enterprise_id, **_by(request))
    return _done(request, slug, gettext("Asked. It appears once somebody who manages it accepts."))


@login_required
@require_POST
def group_removal(request: HubRequest, slug: str, enterprise_id: int) -> HttpResponse:
    """Take an enterprise out of one's group."""
    actions.leave_group(group_id=_group(request, slug).id, enterprise_id=enterprise_id, **_by(request))
    return _done(request, slug, gettext("Saved."))


@login_required
@require_safe
def belongings(request: HubRequest, slug: str) -> HttpResponse:
    """Show to which groups an enterprise belongs, and which ask it."""
    hub = hub_frame(slug=slug, right=Right.MANAGE_ENTERPRISE, actor=request.actor)
    rows = queries.belongings(enterprise_id=hub.id, actor=request.actor)
    return settings_page(request, "network/belongings.html", hub, "groups", rows=rows)


@login_required
@require_POST
def joining(request: HubRequest, slug: str, group_id: int) -> HttpResponse:
    """Join a group that asked."""
    hub = hub_frame(slug=slug, right=Right.MANAGE_ENTERPRISE, actor=request.actor)
    actions.join_group(group_id=group_id, enterprise_id=hub.id, **_by(request))
    return go(request, reverse("network:belongings", args=[slug]))


@login_required
@require_POST
def leaving(request: HubRequest, slug: str, group_id: int) -> HttpResponse:
    """Leave a group, or say no to it."""
    hub = hub_frame(slug=slug, right=Right.MANAGE_ENTERPRISE, actor=request.actor)
    actions.leave_group(group_id=group_id, enterprise_id=hub.id, **_by(request))
    return go(request, reverse("network:belongings", args=[slug]))


def _group(request: HubRequest, slug: str) -> queries.GroupPage:
    return queries.group_page(instance_id=request.instance.pk, slug=slug, actor=request.actor)


def _form(request: HubRequest, form: GroupForm, name: str = "") -> HttpResponse:
    status = 422 if form.errors else 200
    return page(request, "network/group_form.html", form=form, name=name, nav_current="farms", status=status)


def _done(request: HubRequest, slug: str, words: str) -> HttpResponse:
    messages.success(request, words)
    return go(request, reverse("network:group", args=[slug]))


def _posted(request: HubRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _by(request: HubRequest) -> dict[str, Any]:
    return {"actor": request.actor, "now": request.now}
