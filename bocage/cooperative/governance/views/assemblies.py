"""Assemblies: their call, who was there, their minutes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bocage.commons.refusals import NotFound
from bocage.cooperative.governance import actions
from bocage.cooperative.governance.forms import AssemblyForm, MinutesForm, PresenceForm
from bocage.cooperative.governance.printing import minutes_pdf
from bocage.cooperative.governance.queries import assemblies as queries
from bocage.cooperative.governance.queries.committees import OFFICE, sits_on
from bocage.cooperative.governance.rules.refusals import OfficeOnly
from bocage.network.requests import HubRequest
from bocage.ui import formats
from bocage.ui.pages import go, page, showing_refusals

either = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@either
def call(request: HubRequest) -> HttpResponse:
    """Call the members to an assembly."""
    if not sits_on(OFFICE, actor=request.actor, instance_id=request.instance.pk, now=request.now):
        raise OfficeOnly()
    form = AssemblyForm(request.POST if request.method == "POST" else None)
    with showing_refusals(form):
        if form.is_valid():
            pk = actions.call_assembly(instance_id=request.instance.pk, **form.cleaned_data, **_by(request))
            return go(request, reverse("governance:assembly", args=[pk]))
    status = 422 if form.errors else 200
    return page(request, "governance/call.html", form=form, nav_current="commons", status=status)


@require_safe
def assembly(request: HubRequest, assembly_id: int) -> HttpResponse:
    """Show an assembly: agenda, quorum, minutes."""
    return _page(request, assembly_id)


@require_safe
def minutes(request: HubRequest, assembly_id: int) -> HttpResponse:
    """Give the signed minutes as PDF."""
    found = _found(request, assembly_id)
    if found.signed_at is None:
        raise NotFound()
    labels = {
        "agenda": gettext("Agenda"), "minutes": gettext("Minutes"), "page": gettext("Page"),
        "quorum": _quorum(found), "signed": gettext("Signed by %(chair)s, chair, and %(secretary)s, secretary, on %(day)s.")
        % {"chair": found.chair, "secretary": found.secretary, "day": formats.day(found.signed_at)},
        "hash": gettext("Hash of these minutes"), "previous": gettext("Hash of the minutes before"),
    }  # fmt: skip
    body = minutes_pdf(found, request.instance.name, formats.day_hour(found.starts_at), get_language() or "fr", labels)
    name = f"minutes-{found.number}.pdf"
    return HttpResponse(
        body, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


@login_required
@require_POST
def presence(request: HubRequest, assembly_id: int) -> HttpResponse:
    """Note who is there."""
    form = PresenceForm(request.POST, members=_found(request, assembly_id).choices)
    with showing_refusals(form):
        if form.is_valid():
            actions.note_presence(assembly_id=assembly_id, **form.cleaned_data, **_by(request))
            messages.success(request, gettext("Saved."))
            return go(request, reverse("governance:assembly", args=[assembly_id]))
    return _page(request, assembly_id, presence=form)


@login_required
@require_POST
def signing(request: HubRequest, assembly_id: int) -> HttpResponse:
    """Sign the minutes, once."""
    form = MinutesForm(request.POST)
    with showing_refusals(form):
        if form.is_valid():
            actions.sign_minutes(assembly_id=assembly_id, **form.cleaned_data, **_by(request))
            messages.success(request, gettext("Signed. Nothing in these minutes changes any more."))
            return go(request, reverse("governance:assembly", args=[assembly_id]))
    return _page(request, assembly_id, signing=form)


def _page(request: HubRequest, assembly_id: int, **given: Any) -> HttpResponse:
    found = _found(request, assembly_id)
    shown = {"presence": PresenceForm(members=found.choices), "signing": MinutesForm(), **given}
    status = 422 if given else 200
    return page(
        request, "governance/assembly.html", found=found, quorum=_quorum(found), forms=shown, nav_current="commons",
        status=status,
    )  # fmt: skip


def _quorum(found: queries.AssemblyPage) -> str:
    return gettext("%(there)s members there, %(represented)s represented, of %(members)s.") % {
        "there": found.there, "represented": found.represented, "members": found.members,
    }  # fmt: skip


def _found(request: HubRequest, assembly_id: int) -> queries.AssemblyPage:
    return queries.assembly_page(
        instance_id=request.instance.pk, assembly_id=assembly_id, actor=request.actor, now=request.now
    )


def _by(request: HubRequest) -> dict[str, Any]:
    return {"actor": request.actor, "now": request.now}
