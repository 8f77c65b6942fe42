"""The treasurer's pages: bookings, budget, grants, publications."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bocage.commons.refusals import NotFound
from bocage.cooperative.commons_budget import actions, queries
from bocage.cooperative.commons_budget.forms import BookingForm, GrantForm, ReversalForm, YearForm
from bocage.cooperative.commons_budget.queries import keeping
from bocage.cooperative.commons_budget.queries.accounts import TreasuryRow
from bocage.cooperative.commons_budget.rules.periods import FIRST_DAY, month_after
from bocage.cooperative.commons_budget.words import CATEGORIES, KINDS
from bocage.network.hub_pages import hub_page
from bocage.network.queries.hubs import hub_frame
from bocage.network.requests import HubRequest
from bocage.network.rules import Right
from bocage.ui.pages import go, showing_refusals

either = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@either
def bookings(request: HubRequest, slug: str) -> HttpResponse:
    """List what was booked, the newest first; book something."""
    treasury = keeping.treasury_at(slug=slug, actor=request.actor)
    grants, shops = keeping.choices(treasury, actor=request.actor)
    form = BookingForm(_posted(request), grants=grants, shops=shops, initial={"on": localtime(request.now).date()})
    with showing_refusals(form):
        if form.is_valid():
            actions.book(
                treasury_id=treasury.id, new=form.booking(), actor=request.actor, now=request.now, key=form.key()
            )
            return _saved(request, "bookings", slug, gettext("Booked."))
    before = request.GET.get("before", "")
    found = keeping.bookings(
        treasury, before=int(before) if before.isdecimal() and len(before) < 18 else None, actor=request.actor
    )
    rows = [(KINDS[row.kind], CATEGORIES[row.category], row) for row in found.rows]
    return _page(request, "bookings", slug, form, form=form, rows=rows, found=found)


@login_required
@either
def reversal(request: HubRequest, slug: str, booking_id: int) -> HttpResponse:
    """Take a booking back, with the reason."""
    treasury = keeping.treasury_at(slug=slug, actor=request.actor)
    row = keeping.booking(treasury, booking_id, actor=request.actor)
    form = ReversalForm(_posted(request))
    with showing_refusals(form):
        if form.is_valid():
            actions.reverse(
                booking_id=booking_id, on=localtime(request.now).date(), actor=request.actor, now=request.now,
                **form.cleaned_data,
            )  # fmt: skip
            return _saved(request, "bookings", slug, gettext("Taken back."))
    return _page(request, "reversal", slug, form, form=form, row=row, category=CATEGORIES[row.category])


@login_required
@either
def budget(request: HubRequest, slug: str, year: int) -> HttpResponse:
    """Set what is planned for a year."""
    treasury = keeping.treasury_at(slug=slug, actor=request.actor)
    this_year = localtime(request.now).year
    if not FIRST_DAY.year <= year <= this_year + 1:
        raise NotFound
    form = YearForm(_posted(request), kept=keeping.year_of(treasury, year, actor=request.actor))
    with showing_refusals(form):
        if form.is_valid():
            actions.plan_year(
                treasury_id=treasury.id, year=year, lines=form.lines(), decision=form.cleaned_data["decision"],
                expected=form.expected(), actor=request.actor,
            )  # fmt: skip
            messages.success(request, gettext("Saved."))
            return go(request, reverse("commons_budget:budget", args=[slug, year]))
    return _page(request, "budget", slug, form, form=form, year=year, years=range(this_year + 1, this_year - 3, -1))


@login_required
@either
def grants(request: HubRequest, slug: str) -> HttpResponse:
    """List grants, gifts and prizes; write another one down."""
    treasury = keeping.treasury_at(slug=slug, actor=request.actor)
    form = GrantForm(_posted(request))
    with showing_refusals(form):
        if form.is_valid():
            actions.add_grant(treasury_id=treasury.id, actor=request.actor, **form.cleaned_data)
            return _saved(request, "grants", slug, gettext("Saved."))
    rows = keeping.grants(treasury, actor=request.actor)
    return _page(request, "grants", slug, form, form=form, rows=[(CATEGORIES[row.kind], row) for row in rows])


@login_required
@require_safe
def publications(request: HubRequest, slug: str) -> HttpResponse:
    """List what was published, and offer the next quarter once it is over."""
    treasury = keeping.treasury_at(slug=slug, actor=request.actor)
    return _publications(request, slug, treasury)


@login_required
@require_POST
def publish(request: HubRequest, slug: str) -> HttpResponse:
    """Publish the next quarter."""
    treasury = keeping.treasury_at(slug=slug, actor=request.actor)
    quarter = keeping.to_publish(treasury, localtime(request.now).date(), actor=request.actor)
    if quarter is not None:
        actions.publish(treasury_id=treasury.id, quarter=quarter, actor=request.actor, now=request.now)
        messages.success(request, gettext("Published: everybody reads it now, and nobody changes it any more."))
    return go(request, reverse("commons_budget:publications", args=[slug]))


def _publications(request: HubRequest, slug: str, treasury: TreasuryRow) -> HttpResponse:
    quarter = keeping.to_publish(treasury, localtime(request.now).date(), actor=request.actor)
    preview = queries.accounts(treasury, since=quarter.since, until=quarter.until) if quarter else None
    return _page(request, "publications", slug, rows=queries.published(treasury), quarter=quarter, preview=preview)


def _page(request: HubRequest, shown: str, slug: str, *forms: Any, **context: Any) -> HttpResponse:
    hub = hub_frame(slug=slug, right=Right.SEE_BOOKS, actor=request.actor)
    year = month_after(localtime(request.now).date(), 0).year
    tabs = [
        ("bookings", gettext("Bookings"), reverse("commons_budget:bookings", args=[slug])),
        ("budget", gettext("Budget"), reverse("commons_budget:budget", args=[slug, year])),
        ("grants", gettext("Grants and gifts"), reverse("commons_budget:grants", args=[slug])),
        ("publications", gettext("Publications"), reverse("commons_budget:publications", args=[slug])),
        ("ledger", gettext("Books"), reverse("ledger:journal", args=[slug])),
    ]
    return hub_page(
        request, f"commons_budget/{shown}.html", hub=hub, nav="books",
        tabs=[{"key": key, "label": words, "url": url} for key, words, url in tabs],
        tab="bookings" if shown == "reversal" else shown,
        status=422 if any(form.errors for form in forms) else 200, **context,
    )  # fmt: skip


def _saved(request: HubRequest, name: str, slug: str, words: str) -> HttpResponse:
    messages.success(request, words)
    return go(request, reverse(f"commons_budget:{name}", args=[slug]))


def _posted(request: HubRequest) -> Any:
    return request.POST if request.method == "POST" else None
