"""Sales that recur: plan a series from a cycle, look at its coming days, change, pause, end it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BaseForm
from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from bocage.commons.refusals import NotFound
from bocage.network.hub_pages import hub_page
from bocage.network.queries.hubs import HubFrame
from bocage.network.requests import HubRequest
from bocage.order_cycles import actions, queries
from bocage.order_cycles.forms import PauseForm, SeriesForm
from bocage.order_cycles.queries import CycleSheet, SeriesSheet
from bocage.order_cycles.rhythm import Rhythm
from bocage.order_cycles.views.editor import desk, hub_of, plain
from bocage.ui import formats
from bocage.ui.pages import go, showing_refusals


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def repeat(request: HubRequest, slug: str, cycle_id: int) -> HttpResponse:
    """Let a cycle recur."""
    at = desk(request, slug, cycle_id)
    form = SeriesForm(request.POST if request.method == "POST" else None, initial=_as_now(at.sheet))
    if form.is_valid():
        with showing_refusals(form):
            series_id = actions.plan_series(cycle_id=cycle_id, terms=form.terms(), actor=request.actor, now=request.now)
            messages.success(request, gettext("Planned: the coming order cycles stand ready."))
            return go(request, reverse("order_cycles:series", args=[at.hub.slug, series_id]))
    status = 422 if form.errors else 200
    return hub_page(
        request, "order_cycles/repeat.html", hub=at.hub, nav="cycles", form=form, original=at.sheet, status=status
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def series(request: HubRequest, slug: str, series_id: int) -> HttpResponse:
    """Show a series with its coming days; change it."""
    hub, sheet = _desk(request, slug, series_id)
    if request.method != "POST":
        return _show(request, hub, sheet)
    form = SeriesForm(request.POST)

    def act() -> None:
        actions.edit_series(series_id=series_id, terms=form.terms(), actor=request.actor, now=request.now)
        messages.success(request, gettext("Saved. Coming order cycles that nobody had changed were made anew."))

    return _carry_out(request, hub, sheet, "form", form, act)


@login_required
@require_POST
def pauses(request: HubRequest, slug: str, series_id: int) -> HttpResponse:
    """Leave some days out."""
    hub, sheet = _desk(request, slug, series_id)
    form = PauseForm(request.POST)

    def act() -> None:
        first_on = form.cleaned_data["first_on"]
        last_on = form.cleaned_data["last_on"] or first_on
        actions.pause_series(
            series_id=series_id, first_on=first_on, last_on=last_on, actor=request.actor, now=request.now
        )
        messages.success(request, gettext("Saved."))

    return _carry_out(request, hub, sheet, "pause", form, act)


@login_required
@require_POST
def pause_removal(request: HubRequest, slug: str, series_id: int, pause_id: int) -> HttpResponse:
    """Take a pause back."""
    hub, sheet = _desk(request, slug, series_id)

    def act() -> None:
        actions.unpause_series(series_id=series_id, pause_id=pause_id, actor=request.actor, now=request.now)
        messages.success(request, gettext("Saved."))

    return _carry_out(request, hub, sheet, "plain", plain(request), act)


@login_required
@require_POST
def series_end(request: HubRequest, slug: str, series_id: int) -> HttpResponse:
    """Make no more sales."""
    hub, _sheet = _desk(request, slug, series_id)
    actions.end_series(series_id=series_id, actor=request.actor, now=request.now)
    messages.success(request, gettext("The series has ended."))
    return go(request, reverse("order_cycles:list", args=[hub.slug]))


@login_required
@require_POST
def model(request: HubRequest, slug: str, cycle_id: int) -> HttpResponse:
    """Make the coming sales of its series like this one."""
    at = desk(request, slug, cycle_id)
    actions.take_as_model(cycle_id=cycle_id, actor=request.actor, now=request.now)
    messages.success(request, gettext("Saved. Coming order cycles that nobody had changed were made anew."))
    return go(request, at.url)


def _desk(request: HubRequest, slug: str, series_id: int) -> tuple[HubFrame, SeriesSheet]:
    hub = hub_of(request, slug)
    sheet = queries.series_sheet(series_id=series_id, actor=request.actor, now=request.now)
    if sheet.coordinator_id != hub.id:
        raise NotFound
    return hub, sheet


def _carry_out(
    request: HubRequest, hub: HubFrame, sheet: SeriesSheet, name: str, form: BaseForm, act: Callable[[], None]
) -> HttpResponse:
    if form.is_valid():
        with showing_refusals(form):
            act()
            return go(request, reverse("order_cycles:series", args=[hub.slug, sheet.id]))
    return _show(request, hub, sheet, **{name: form})


def _show(request: HubRequest, hub: HubFrame, sheet: SeriesSheet, **refused: BaseForm) -> HttpResponse:
    typed = SeriesForm.as_typed(sheet.name, sheet.rhythm, sheet.ahead)
    forms: dict[str, Any] = {"form": SeriesForm(initial=typed), "pause": PauseForm(), **refused}
    return hub_page(
        request,
        "order_cycles/series.html",
        hub=hub,
        nav="cycles",
        status=422 if refused else 200,
        series=sheet,
        sentence=said(sheet.rhythm),
        refused=next(iter(refused.values()), None),
        **forms,
    )


def said(rhythm: Rhythm) -> str:
    """Return a rhythm as a sentence: every week, opens Friday at 8 am, closes Tuesday at 8 pm …"""
    week, clock = formats.weekdays(), formats.clock
    first = rhythm.starts_on.weekday()
    closing = (first + rhythm.closes_after) % 7
    often = (
        gettext("Every week")
        if rhythm.every_weeks == 1
        else ngettext("Every %(n)s week", "Every %(n)s weeks", rhythm.every_weeks) % {"n": rhythm.every_weeks}
    )
    parts = [
        often,
        gettext("opens %(day)s at %(hour)s") % {"day": week[first], "hour": clock(rhythm.opens)},
        gettext("closes %(day)s at %(hour)s") % {"day": week[closing], "hour": clock(rhythm.closes)},
    ]
    if rhythm.hand_over is not None:
        day = week[(closing + rhythm.hand_over.after_days) % 7]
        hours = {"day": day, "from": clock(rhythm.hand_over.starts), "to": clock(rhythm.hand_over.ends)}
        parts.append(gettext("handed over %(day)s, %(from)s – %(to)s") % hours)
    if rhythm.skip_months:
        names = formats.months()
        months = ", ".join(names[month - 1] for month in sorted(rhythm.skip_months))
        parts.append(gettext("not in %(months)s") % {"months": months})
    return f"{', '.join(parts)}."


def _as_now(sheet: CycleSheet) -> dict[str, Any]:
    """Return the rhythm that a cycle suggests: the same days and hours, every week."""
    opens, closes = localtime(sheet.opens_at), localtime(sheet.closes_at)
    return {
        "name": gettext("Sale of {day}"),
        "every_weeks": 1,
        "from_on": opens.date(),
        "opens_day": opens.weekday(),
        "opens": opens.time(),
        "closes_day": closes.weekday(),
        "closes": closes.time(),
        "ahead": 4,
    }
