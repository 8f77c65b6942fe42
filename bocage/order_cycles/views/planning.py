"""Cycles from the first to the last day: list, plan, date, open, close, reopen, copy, delete."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bocage.network.hub_pages import hub_page
from bocage.network.requests import HubRequest
from bocage.order_cycles import actions, queries
from bocage.order_cycles.forms import CycleForm, ReopenForm
from bocage.order_cycles.rules import State
from bocage.order_cycles.views.editor import carry_out, desk, hub_of, plain, show, week_later
from bocage.order_cycles.views.series import said
from bocage.ui.pages import go, showing_refusals

SHOWN = 30


@login_required
@require_safe
def cycles(request: HubRequest, slug: str) -> HttpResponse:
    """List the enterprise's cycles: open, coming, closed."""
    hub = hub_of(request, slug)
    before = _moment(request.GET.get("before", ""))
    text = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    rows = queries.cycles_of(
        hub_id=hub.id, actor=request.actor, now=request.now, text=text, before=before, limit=SHOWN + 1
    )
    shown = rows[:SHOWN]
    groups = [
        (State.OPEN, sorted((r for r in shown if r.state is State.OPEN), key=lambda r: r.closes_at)),
        (State.UPCOMING, sorted((r for r in shown if r.state is State.UPCOMING), key=lambda r: r.opens_at)),
        (State.CLOSED, [r for r in shown if r.state is State.CLOSED]),
    ]
    return hub_page(
        request,
        "order_cycles/list.html",
        hub=hub,
        nav="cycles",
        groups=[group for group in groups if group[1]],
        hub_id=hub.id,
        series=[(row, said(row.rhythm)) for row in queries.series_of(coordinator_id=hub.id, actor=request.actor)],
        sells=hub.sells != "none",
        text=text,
        before=before,
        next_before=shown[-1].closes_at.isoformat() if len(rows) > SHOWN else "",
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_cycle(request: HubRequest, slug: str) -> HttpResponse:
    """Plan a new cycle."""
    hub = hub_of(request, slug)
    form = CycleForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with showing_refusals(form):
            cycle_id = actions.create_cycle(
                coordinator_id=hub.id, **form.cleaned_data, actor=request.actor, now=request.now
            )
            return go(request, reverse("order_cycles:cycle", args=[hub.slug, cycle_id]))
    status = 422 if form.errors else 200
    return hub_page(request, "order_cycles/new.html", hub=hub, nav="cycles", form=form, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cycle(request: HubRequest, slug: str, cycle_id: int) -> HttpResponse:
    """Show a cycle in its editor; change its name and dates."""
    at = desk(request, slug, cycle_id)
    if request.method != "POST":
        return show(request, at)
    form = CycleForm(request.POST)

    def act() -> None:
        typed = form.cleaned_data
        dates = {name: _to_the_second(typed[name], getattr(at.sheet, name)) for name in ("opens_at", "closes_at")}
        actions.edit_cycle(cycle_id=cycle_id, name=typed["name"], **dates, actor=request.actor, now=request.now)
        messages.success(request, gettext("Saved."))

    return carry_out(request, at, "dates", form, act)


@login_required
@require_POST
def opening(request: HubRequest, slug: str, cycle_id: int) -> HttpResponse:
    """Open a coming cycle at once."""

    def act() -> None:
        actions.open_now(cycle_id=cycle_id, actor=request.actor, now=request.now)
        messages.success(request, gettext("It is open."))

    return carry_out(request, desk(request, slug, cycle_id), "plain", plain(request), act)


@login_required
@require_POST
def closing(request: HubRequest, slug: str, cycle_id: int) -> HttpResponse:
    """Close an open cycle at once."""

    def act() -> None:
        actions.close_now(cycle_id=cycle_id, actor=request.actor, now=request.now)
        messages.success(request, gettext("It is closed."))

    return carry_out(request, desk(request, slug, cycle_id), "plain", plain(request), act)


@login_required
@require_POST
def reopening(request: HubRequest, slug: str, cycle_id: int) -> HttpResponse:
    """Take orders again in a closed cycle."""
    form = ReopenForm(request.POST)

    def act() -> None:
        actions.reopen(cycle_id=cycle_id, **form.cleaned_data, actor=request.actor, now=request.now)
        messages.success(request, gettext("It is open again."))

    return carry_out(request, desk(request, slug, cycle_id), "reopening", form, act)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: HubRequest, slug: str, cycle_id: int) -> HttpResponse:
    """Plan a cycle like another one."""
    at = desk(request, slug, cycle_id)
    form = CycleForm(request.POST if request.method == "POST" else None, initial=week_later(at.sheet))
    if form.is_valid():
        with showing_refusals(form):
            new_id = actions.copy_cycle(cycle_id=cycle_id, **form.cleaned_data, actor=request.actor, now=request.now)
            messages.success(request, gettext("Copied: look at the dates of the hand-overs."))
            return go(request, reverse("order_cycles:cycle", args=[at.hub.slug, new_id]))
    status = 422 if form.errors else 200
    return hub_page(
        request, "order_cycles/new.html", hub=at.hub, nav="cycles", form=form, original=at.sheet, status=status
    )


@login_required
@require_POST
def deletion(request: HubRequest, slug: str, cycle_id: int) -> HttpResponse:
    """Delete a cycle that nobody ordered in."""
    at, form = desk(request, slug, cycle_id), plain(request)
    with showing_refusals(form):
        actions.delete_cycle(cycle_id=cycle_id, actor=request.actor, now=request.now)
        messages.success(request, gettext("Deleted."))
        return go(request, reverse("order_cycles:list", args=[at.hub.slug]))
    return show(request, at, plain=form)


def _to_the_second(typed: datetime, kept: datetime) -> datetime:
    """Return a typed moment, or the kept one where the form showed it: forms know minutes, "close now" does not."""
    return kept if typed == kept.replace(second=0, microsecond=0) else typed


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is not None and is_aware(moment) else None
