"""Who pays for what, for everybody."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from bocage.commons.refusals import NotFound
from bocage.cooperative.commons_budget import charts, papers, queries
from bocage.cooperative.commons_budget.queries import Accounts
from bocage.cooperative.commons_budget.queries.accounts import TreasuryRow, publication
from bocage.cooperative.commons_budget.queries.statements import content
from bocage.cooperative.commons_budget.rules.periods import FIRST_DAY, month_after
from bocage.cooperative.commons_budget.words import CATEGORIES, GROWTHS, SOURCES
from bocage.ledger.rules.chain import canonical, hash_of
from bocage.network.requests import HubRequest
from bocage.network.rules import Right
from bocage.ui import formats
from bocage.ui.pages import page


@require_safe
def commons(request: HubRequest) -> HttpResponse:
    """Say who pays for what: in the last twelve full months, or in a year that is asked for."""
    treasury = queries.treasury_of(instance_id=request.instance.pk)
    found = _found(request, treasury) if treasury else None
    if found is None or treasury is None or not (found.total or found.sums.income):
        return page(request, "commons_budget/before.html", nav_current="commons")
    return page(
        request,
        "commons_budget/commons.html",
        nav_current="commons",
        found=found,
        period=_period(found),
        asked=request.GET.get("year", ""),
        years=[str(year) for year in queries.years_of(treasury)],
        squares=charts.squares(found.sources),
        sources=[(SOURCES[one.key], one) for one in found.sources],
        costs=[(CATEGORIES[one.category], one) for one in found.costs],
        income=[(CATEGORIES[kind], amount) for kind, amount in found.income],
        funds=[(CATEGORIES[kind], amount) for kind, amount in found.funds],
        growths=[(GROWTHS[one.name], one) for one in (found.break_even.growths if found.break_even else ())],
        columns=charts.columns(found),
        published=queries.published(treasury),
        keeps=request.actor.may(Right.SEE_BOOKS, on=treasury.book_id),
    )


@require_safe
def commons_file(request: HubRequest, form: str) -> HttpResponse:
    """Send the same as CSV, JSON or a printable report."""
    treasury = queries.treasury_of(instance_id=request.instance.pk)
    if treasury is None:
        raise NotFound
    found = _found(request, treasury)
    name = f"{found.since:%Y-%m}-{month_after(found.until, -1):%Y-%m}"
    if form == "csv":
        return _file(papers.as_csv(found), f"accounts-{name}.csv", "text/csv; charset=utf-8")
    if form == "json":
        return _file(canonical(content(found)).encode(), f"accounts-{name}.json", "application/json")
    if form == "pdf":
        pdf = papers.as_pdf(found, instance=request.instance.name, period=_period(found))
        return _file(pdf, f"accounts-{name}.pdf", "application/pdf", how="inline")
    raise NotFound


@require_safe
def published(request: HubRequest, period: str) -> HttpResponse:
    """Send what was published of a quarter, to the byte; its hash is SHA-256 of these bytes."""
    treasury = queries.treasury_of(instance_id=request.instance.pk)
    kept = publication(treasury, period) if treasury else None
    if kept is None:
        raise NotFound
    return _file(kept[0].encode(), f"accounts-{period}.json", "application/json")


def _found(request: HubRequest, treasury: TreasuryRow) -> Accounts:
    asked, month = request.GET.get("year", ""), _this_month(request)
    if asked.isdecimal() and asked.isascii() and FIRST_DAY.year <= int(asked) <= month.year:
        since = date(int(asked), 1, 1)
        return queries.accounts(
            treasury, since=since, until=min(month_after(since, 12), max(month, month_after(since)))
        )
    return queries.accounts(treasury, since=month_after(month, -12), until=month)


def _this_month(request: HubRequest) -> date:
    return localtime(request.now).date().replace(day=1)


def _period(found: Accounts) -> str:
    last = month_after(found.until, -1)
    if (found.since.month, last.month, found.since.year) == (1, 12, last.year):
        return str(last.year)
    names = formats.months()
    return pgettext("months", "from %(first)s to %(last)s") % {
        "first": f"{names[found.since.month - 1]} {found.since.year}",
        "last": f"{names[last.month - 1]} {last.year}",
    }


def _file(body: bytes, name: str, kind: str, how: str = "attachment") -> HttpResponse:
    headers: dict[str, Any] = {"Content-Disposition": f'{how}; filename="{name}"', "X-Hash": hash_of(body)}
    return HttpResponse(body, content_type=kind, headers=headers)
