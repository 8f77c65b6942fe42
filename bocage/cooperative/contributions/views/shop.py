"""A shop's contribution: its months line by line, its plan, what it gives freely."""

from __future__ import annotations

import csv as tables
import re
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bocage.commons.refusals import NotFound, Refused
from bocage.cooperative.contributions import wording
from bocage.cooperative.contributions.actions import asking, plans
from bocage.cooperative.contributions.forms import FreeForm, InstalmentForm, SolidarityForm
from bocage.cooperative.contributions.queries import pages
from bocage.cooperative.contributions.rules.months import Month
from bocage.network.hub_pages import address, hub_page
from bocage.network.queries.hubs import HubFrame, hub_frame
from bocage.network.requests import HubRequest
from bocage.network.rules import Right
from bocage.ui import formats
from bocage.ui.pages import go, say, showing_refusals

either = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def live(request: HubRequest, slug: str) -> HttpResponse:
    """Show the present month as it stands today."""
    return _month(request, slug, None)


@login_required
@require_safe
def statement(request: HubRequest, slug: str, month: str) -> HttpResponse:
    """Show a month: proposed, or as it was closed."""
    return _month(request, slug, _read(month))


@login_required
@require_POST
def ask(request: HubRequest, slug: str, month: str, order_id: int) -> HttpResponse:
    """Ask to look at a line again."""
    hub = _hub(request, slug)
    found = pages.month_page(shop_id=hub.id, month=_read(month), actor=request.actor, now=request.now)
    if found is None or found.id is None:
        raise NotFound()
    try:
        asking.contest(
            statement_id=found.id, order_id=order_id, words=request.POST.get("words", ""), actor=request.actor,
            now=request.now,
        )  # fmt: skip
        messages.success(request, gettext("Thank you. The line is left off until somebody has looked at it."))
    except NotFound:
        raise
    except Refused as refusal:
        messages.error(request, say(refusal))
    return go(request, reverse("contributions:statement", args=[slug, month]))


@login_required
@either
def plan(request: HubRequest, slug: str) -> HttpResponse:
    """Choose how to contribute, from the next month on, by accepting its text."""
    hub = _hub(request, slug)
    if request.method == "POST":
        version, text_hash = request.POST.get("version", ""), request.POST.get("text", "")
        try:
            since = plans.choose_plan(
                shop_id=hub.id, version_id=int(version) if version.isdecimal() and len(version) < 18 else 0,
                text_hash=text_hash, actor=request.actor, now=request.now,
            )  # fmt: skip
            day = formats.day(since, request.now)
            messages.success(request, gettext("Chosen. It holds from %(day)s on.") % {"day": day})
            return go(request, reverse("contributions:plan", args=[slug]))
        except NotFound:
            raise
        except Refused as refusal:
            messages.error(request, say(refusal))
    offered = pages.offers(shop_id=hub.id, actor=request.actor, now=request.now)
    return _page(
        request, "contributions/plan.html", hub, "plan",
        offers=[(one, wording.PLANS.get(one.code, one.code)) for one in offered],
        may_choose=request.actor.may(Right.MANAGE_ENTERPRISE, on=hub.id),
    )  # fmt: skip


@login_required
@either
def free(request: HubRequest, slug: str) -> HttpResponse:
    """Give a free amount: suggestions beside an empty field."""
    hub = _hub(request, slug)
    found = pages.free_page(shop_id=hub.id, actor=request.actor, now=request.now)
    initial: dict[str, Any] = {"is_standing": found.is_standing}
    if found.last is not None:
        initial["amount"] = found.last.minor
    form = FreeForm(request.POST if request.method == "POST" else None, initial=initial)
    with showing_refusals(form):
        if form.is_valid():
            plans.pledge(
                shop_id=hub.id, amount_minor=form.cleaned_data["amount"], is_standing=form.cleaned_data["is_standing"],
                actor=request.actor, now=request.now,
            )  # fmt: skip
            messages.success(request, gettext("Noted. Thank you for whatever you give."))
            return go(request, request.path)
    return _page(request, "contributions/free.html", hub, "free", form, form=form, found=found)


@login_required
@either
def solidarity(request: HubRequest, slug: str) -> HttpResponse:
    """Ask the committee to pay less for a while."""
    hub = _hub(request, slug)
    form = SolidarityForm(request.POST if request.method == "POST" else None)
    with showing_refusals(form):
        if form.is_valid():
            asking.ask_solidarity(shop_id=hub.id, **form.cleaned_data, actor=request.actor, now=request.now)
            messages.success(
                request, gettext("Your request has reached the committee. Nothing changes for you meanwhile.")
            )
            return go(request, request.path)
    found = pages.standing(shop_id=hub.id, actor=request.actor, now=request.now)
    return _page(request, "contributions/solidarity.html", hub, "solidarity", form, form=form, standing=found)


@login_required
@require_POST
def instalments(request: HubRequest, slug: str, bill_id: int) -> HttpResponse:
    """Pay an invoice bit by bit, by one click."""
    hub, form = _hub(request, slug), InstalmentForm(request.POST)
    if not any(one.id == bill_id for one in pages.open_bills(shop_id=hub.id, actor=request.actor)):
        raise NotFound()
    if form.is_valid():
        asking.agree_instalments(
            bill_id=bill_id, count=form.cleaned_data["count"], actor=request.actor, now=request.now
        )
        messages.success(request, gettext("Agreed. Pay each part on its day, and nobody writes to you about it."))
    return go(request, reverse("contributions:live", args=[slug]))


@login_required
@require_safe
def csv(request: HubRequest, slug: str, month: str) -> HttpResponse:
    """Send a month's lines as a table for programs: amounts with a point, days as 2026-05-31."""
    hub = _hub(request, slug)
    found = pages.month_page(shop_id=hub.id, month=_read(month), actor=request.actor, now=request.now)
    if found is None:
        raise NotFound()
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="contribution-{slug}-{month}.csv"'
    table = tables.writer(answer)
    table.writerow(["day", "order", "kind", "net", "counts", "why"])
    for line in [*found.counted, *found.apart]:
        counts = "no" if line.why else "yes"
        table.writerow([line.on.isoformat(), line.ref, line.kind, _plain(line.net.minor), counts, line.why])
    for name in ("sales", "carry_in", "base", "net", "tax", "total"):
        table.writerow(["", "", name, _plain(getattr(found, name).minor), "", ""])
    return answer


@login_required
@require_safe
def pdf(request: HubRequest, slug: str, number: str) -> HttpResponse:
    """Send the invoice of a contribution as it was issued."""
    hub = _hub(request, slug)
    paper = pages.paper_of(shop_id=hub.id, number=number, actor=request.actor)
    headers = {"Content-Disposition": f'inline; filename="{paper.name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(paper.pdf, content_type="application/pdf", headers=headers)


def _month(request: HubRequest, slug: str, month: Month | None) -> HttpResponse:
    hub = _hub(request, slug)
    found = pages.month_page(shop_id=hub.id, month=month, actor=request.actor, now=request.now)
    if found is None:
        return _page(
            request, "contributions/none.html", hub, "live",
            offers=pages.offers(shop_id=hub.id, actor=request.actor, now=request.now),
        )  # fmt: skip
    state, tone = wording.STATES[found.state]
    return _page(
        request, "contributions/statement.html", hub, "live", found=found, state=state, tone=tone,
        counted=[_told(slug, line) for line in found.counted], apart=[_told(slug, line) for line in found.apart],
        plan_words=wording.PLANS.get(found.plan, found.plan),
        months=[(row, *wording.STATES[row.state]) for row in pages.months_of(shop_id=hub.id, actor=request.actor)],
        bills=pages.open_bills(shop_id=hub.id, actor=request.actor),
        standing=pages.standing(shop_id=hub.id, actor=request.actor, now=request.now),
        instalments=InstalmentForm(), key=f"{found.month.first:%Y-%m}",
        may_ask=request.actor.may(Right.MANAGE_ENTERPRISE, on=hub.id),
    )  # fmt: skip


def _told(slug: str, line: pages.LineRow) -> dict[str, Any]:
    url = address("orders:show", slug=slug, ref=line.ref) if line.ref else ""
    return {"line": line, "kind": wording.KINDS[line.kind], "why": wording.WHY.get(line.why, ""), "url": url}


def _page(request: HubRequest, template: str, hub: HubFrame, tab: str, *forms: Any, **context: Any) -> HttpResponse:
    rows = [
        ("live", gettext("Statement"), "live"),
        ("plan", gettext("How you contribute"), "plan"),
        ("free", gettext("Free amount"), "free"),
        ("solidarity", gettext("If it is hard"), "solidarity"),
    ]
    tabs = [
        {"key": key, "label": words, "url": reverse(f"contributions:{name}", args=[hub.slug])}
        for key, words, name in rows
    ]
    status = 422 if any(form.errors for form in forms) else 200
    return hub_page(request, template, hub=hub, nav="contribution", status=status, tabs=tabs, tab=tab, **context)


def _hub(request: HubRequest, slug: str) -> HubFrame:
    return hub_frame(slug=slug, right=Right.SEE_BOOKS, actor=request.actor)


def _read(month: str) -> Month:
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", month):
        raise NotFound()
    return Month(date.fromisoformat(f"{month}-01"))


def _plain(minor: int) -> str:
    sign = "-" if minor < 0 else ""
    return f"{sign}{abs(minor) // 100}.{abs(minor) % 100:02d}"
