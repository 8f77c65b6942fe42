"""The accounting page of a book: its months checked and taken away as files, the numbers of its accounts."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import IO, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext, gettext_lazy, gettext_noop
from django.views.decorators.http import require_POST, require_safe

from bocage.commons.cells import guarded
from bocage.commons.money import Money
from bocage.commons.refusals import NotFound, Refused
from bocage.ledger.actions import accounting as actions
from bocage.ledger.forms import MonthsForm, NumbersForm
from bocage.ledger.queries import accounting as books
from bocage.ledger.rules import fec
from bocage.ledger.views import book_of, book_page
from bocage.network.hub_pages import address
from bocage.network.queries.hubs import HubFrame
from bocage.network.requests import HubRequest
from bocage.ui.pages import go, send_file, showing_refusals

FEC, CSV = "fec", "csv"
PROBLEMS = {
    "heading": gettext_lazy("The heading is not the one of the law."),
    "columns": gettext_lazy("There are %(found)s fields instead of 18."),
    "missing": gettext_lazy("%(found)s is blank."),
    "account": gettext_lazy("The account number “%(found)s” does not begin with three digits."),
    "day": gettext_lazy("“%(found)s” is no day."),
    "period": gettext_lazy("The day %(found)s is outside these months."),
    "number": gettext_lazy("“%(found)s” is no number of an entry."),
    "gap": gettext_lazy("The entry %(found)s does not follow the one before it in its journal."),
    "amount": gettext_lazy("“%(found)s” are no amounts."),
    "sides": gettext_lazy("A line has either a debit or a credit: “%(found)s”."),
    "balance": gettext_lazy("The debits and credits of entry %(found)s differ."),
    "totals": gettext_lazy("All debits and all credits differ by %(found)s."),
    "empty": gettext_lazy("There is no entry in these months."),
}


class NoSiren(Refused):
    """A hub without a SIREN asks for the file that is named after it."""

    code = "ledger.no_siren"
    message = gettext_noop("The file carries your SIREN in its name. Write your SIRET into the hub's settings first.")


class NotInEuros(Refused):
    """A book in another currency."""

    code = "ledger.not_in_euros"
    message = gettext_noop(
        "The French file is kept in euros; this hub sells in another currency. Take the CSV instead."
    )


class BreaksRules(Refused):
    """A file that breaks the published rules."""

    code = "ledger.file_breaks_rules"
    message = gettext_noop(
        "The file would break the published rules, so it is not made. The accounting page says where."
    )


@login_required
@require_safe
def accounting(request: HubRequest, slug: str) -> HttpResponse:
    """Show the months one may take away, checked if some are asked for, and the numbers of the accounts."""
    hub = book_of(request, slug)
    kept = books.plan(book_id=hub.id, actor=request.actor)
    return _accounting(request, hub, NumbersForm(numbers=kept.numbers, seen=kept.version))


@login_required
@require_POST
def numbers(request: HubRequest, slug: str) -> HttpResponse:
    """Number the accounts anew."""
    hub = book_of(request, slug)
    kept = books.plan(book_id=hub.id, actor=request.actor)
    form = NumbersForm(request.POST, numbers=kept.numbers, seen=kept.version)
    with showing_refusals(form):
        if form.is_valid():
            actions.number_accounts(
                book_id=hub.id, numbers=form.numbers(), seen=form.cleaned_data["seen"], actor=request.actor,
                now=request.now,
            )  # fmt: skip
            messages.success(request, gettext("Saved."))
            return go(request, reverse("ledger:accounting", args=[hub.slug]))
    return _accounting(request, hub, form, status=422)


@login_required
@require_safe
def accounting_file(request: HubRequest, slug: str, form: str) -> FileResponse:
    """Send the journal of some months: as the file of the tax office, if it breaks none of its rules, or as CSV."""
    hub = book_of(request, slug)
    asked = MonthsForm(request.GET)
    if form not in (FEC, CSV) or not asked.is_valid():
        raise NotFound
    months = _months(request, hub, asked)
    siren = books.siren(book_id=hub.id, actor=request.actor)
    if form == FEC and (refusal := _refusal(hub, siren)):
        raise refusal

    def write(file: IO[bytes]) -> None:
        checker = _write(file, form, request, months)
        if form == FEC and checker.count:
            raise BreaksRules

    if form == FEC:
        name, kind = fec.file_name(siren, months.until), "text/plain"
    else:
        name, kind = f"{hub.slug}-{months.since:%Y-%m}-{months.until:%Y-%m}.csv", "text/csv"
    return send_file(write, name=name, content_type=f"{kind}; charset=utf-8")


def _accounting(request: HubRequest, hub: HubFrame, form: NumbersForm, *, status: int = 200) -> HttpResponse:
    last_month = (localtime(request.now).date().replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    is_asked = "since" in request.GET
    asked = MonthsForm(request.GET if is_asked else None, initial={"since": last_month, "until": last_month})
    checked: dict[str, Any] = {}
    if is_asked and asked.is_valid():
        checked = _checked(request, hub, asked)
    return book_page(
        request, hub, "accounting", status=422 if is_asked and not asked.is_valid() else status,
        asked=asked, form=form, checked=checked,
    )  # fmt: skip


def _checked(request: HubRequest, hub: HubFrame, asked: MonthsForm) -> dict[str, Any]:
    """Write the file of some months to nowhere, and say what its check found."""
    months = _months(request, hub, asked)
    checker = fec.Checker(months.since, months.until)
    for _row in checker.over(_rows(request, months)):
        pass
    query = urlencode({"since": f"{months.since:%Y-%m}", "until": f"{months.until:%Y-%m}"})
    refusal = _refusal(hub, books.siren(book_id=hub.id, actor=request.actor))
    return {
        "checker": checker,
        "debit": Money(int(checker.debit * 100), hub.currency),
        "credit": Money(int(checker.credit * 100), hub.currency),
        "months": months,
        "refusal": refusal and gettext(refusal.message),
        "settings_url": address("shops:profile", slug=hub.slug) if isinstance(refusal, NoSiren) else "",
        "problems": [(one.line, PROBLEMS[one.code] % {"found": one.found}) for one in checker.found],
        "fec_url": reverse("ledger:accounting_file", args=[hub.slug, FEC]) + f"?{query}",
        "csv_url": reverse("ledger:accounting_file", args=[hub.slug, CSV]) + f"?{query}",
    }


def _refusal(hub: HubFrame, siren: str) -> Refused | None:
    if hub.currency != "EUR":
        return NotInEuros()
    return None if siren else NoSiren()


def _months(request: HubRequest, hub: HubFrame, asked: MonthsForm) -> books.Months:
    since, until = asked.cleaned_data["since"], asked.cleaned_data["until"]
    return books.months(book_id=hub.id, since=since, until=until, zone=hub.zone, actor=request.actor)


def _rows(request: HubRequest, months: books.Months) -> Iterable[Sequence[str]]:
    yield fec.COLUMNS
    yield from map(fec.cells, books.lines(months, actor=request.actor))


def _write(file: IO[bytes], form: str, request: HubRequest, months: books.Months) -> fec.Checker:
    """Write the rows of some months into a file, line by line, checking each; return what the check found."""
    checker = fec.Checker(months.since, months.until)
    text = io.TextIOWrapper(file, encoding="utf-8-sig" if form == CSV else "utf-8", newline="", write_through=False)
    if form == CSV:
        table = csv.writer(text, delimiter=";", lineterminator="\r\n")
        table.writerows([guarded(cell) for cell in row] for row in checker.over(_rows(request, months)))
    else:
        text.writelines("\t".join(row) + "\r\n" for row in checker.over(_rows(request, months)))
    text.detach()
    return checker
