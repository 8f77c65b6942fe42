"""The pages of a book: journal, entry, account, closings; its archives; the public key."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, pgettext
from django.views.decorators.http import require_safe

from bocage.commons.refusals import NotFound
from bocage.ledger import keys
from bocage.ledger.attestation import as_pdf
from bocage.ledger.queries import archive as archives
from bocage.ledger.queries import journal as books
from bocage.ledger.words import account_in_words, what_in_words
from bocage.network.hub_pages import address, hub_page
from bocage.network.queries.hubs import HubFrame, hub_frame
from bocage.network.requests import HubRequest
from bocage.network.rules import Right
from bocage.ui.pages import send_file


@login_required
@require_safe
def journal(request: HubRequest, slug: str) -> HttpResponse:
    """Show the entries of a book, the newest first, and find some of them."""
    hub = book_of(request, slug)
    typed = {
        name: request.GET.get(name, "").replace("\x00", "").strip() for name in ("account", "about", "since", "until")
    }
    asked = books.Asked(
        account_id=_number(typed["account"]),
        about=typed["about"],
        since=_start(typed["since"], hub),
        until=_start(typed["until"], hub, days=1),
    )
    found = books.journal(
        book_id=hub.id, asked=asked, before=_number(request.GET.get("before", "")), actor=request.actor
    )
    accounts, names = books.accounts(book_id=hub.id, actor=request.actor)
    kept = {name: value for name, value in typed.items() if value}
    return book_page(
        request, hub, "journal",
        rows=[_row(row, found.names, hub) for row in found.rows],
        total=found.total,
        typed=typed,
        is_filtered=bool(kept),
        chosen=asked.account_id,
        accounts=[(one.id, _account(one, names)) for one in accounts],
        next_url="?" + urlencode(kept | {"before": str(found.next_before)}) if found.next_before else "",
        first_url="?" + urlencode(kept) if request.GET.get("before") else "",
    )  # fmt: skip


@login_required
@require_safe
def entry(request: HubRequest, slug: str, number: int) -> HttpResponse:
    """Show an entry with its postings and the hash that holds it."""
    hub = book_of(request, slug)
    found = books.entry(book_id=hub.id, number=number, actor=request.actor)
    return book_page(request, hub, "entry", found=found, row=_row(found.row, found.names, hub))


@login_required
@require_safe
def account(request: HubRequest, slug: str, account_id: int) -> HttpResponse:
    """Show what makes the balance of an account, posting by posting."""
    hub = book_of(request, slug)
    after = _number(request.GET.get("after", "")) or 0
    found = books.explain(book_id=hub.id, account_id=account_id, after=after, actor=request.actor)
    steps = [
        {
            "step": one,
            "about": one.about.removeprefix("order:"),
            "what": what_in_words(one.what),
            "url": _order(one.about, hub),
        }
        for one in found.steps
    ]
    return book_page(
        request, hub, "account",
        found=found,
        name=_account(found.account, found.names),
        steps=steps,
        is_begun=bool(after),
        next_url=f"?after={found.next_after}" if found.next_after else "",
        first_url=request.path if after else "",
    )  # fmt: skip


@login_required
@require_safe
def closings(request: HubRequest, slug: str) -> HttpResponse:
    """Show the months and years that are closed, and the archives to take away."""
    hub = book_of(request, slug)
    number, hashed = books.standing(book_id=hub.id, actor=request.actor)
    return book_page(
        request, hub, "closings",
        rows=books.closings(book_id=hub.id, currency=hub.currency, actor=request.actor),
        years=books.years(book_id=hub.id, actor=request.actor),
        number=number,
        hash=hashed,
        key=keys.public(),
    )  # fmt: skip


@login_required
@require_safe
def archive(request: HubRequest, slug: str, year: int) -> FileResponse:
    """Send a year of the book as an archive that checks itself."""
    hub = book_of(request, slug)
    if year not in books.years(book_id=hub.id, actor=request.actor):
        raise NotFound
    write = partial(archives.write_archive, book_id=hub.id, year=year, actor=request.actor)
    return send_file(write, name=f"{slug}-{year}.zip", content_type="application/zip")


@login_required
@require_safe
def attestation(request: HubRequest, slug: str) -> HttpResponse:
    """Send the attestation of till software for this hub, ready to be signed, as a PDF."""
    hub = book_of(request, slug)
    user = books.user_of(book_id=hub.id, actor=request.actor)
    pdf = as_pdf(instance=user.instance, hub=user.name, siret=user.siret, address=user.address)
    name = f'inline; filename="attestation-{slug}.pdf"'
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": name})


@require_safe
def key(request: HttpRequest) -> HttpResponse:
    """Say which public key closings are signed with: Ed25519, hexadecimal."""
    return HttpResponse(f"{keys.public()}\n", content_type="text/plain; charset=utf-8")


def book_of(request: HubRequest, slug: str) -> HubFrame:
    return hub_frame(slug=slug, right=Right.SEE_BOOKS, actor=request.actor)


def book_page(request: HubRequest, hub: HubFrame, shown: str, **context: Any) -> HttpResponse:
    tabs = [
        {"key": "journal", "label": gettext("Journal"), "url": reverse("ledger:journal", args=[hub.slug])},
        {
            "key": "closings",
            "label": gettext("Closings and archives"),
            "url": reverse("ledger:closings", args=[hub.slug]),
        },
        {"key": "accounting", "label": gettext("Accounting"), "url": reverse("ledger:accounting", args=[hub.slug])},
    ]
    return hub_page(request, f"ledger/{shown}.html", hub=hub, nav="books", tabs=tabs, tab=shown, **context)


def _row(row: books.JournalRow, names: books.Names, hub: HubFrame) -> dict[str, Any]:
    sides = [{"side": side, "name": _account(side, names)} for side in row.sides]
    return {
        "row": row,
        "what": what_in_words(row.what),
        "by": _by(row.by),
        "url": _order(row.about, hub),
        "sides": sides,
    }


def _account(one: books.Side | books.AccountRow, names: books.Names) -> str:
    tail = one.subject.rpartition(":")[2]
    customer = names.customers.get(int(tail), "") if tail.isdecimal() else ""
    return account_in_words(one.kind, one.subject, names.enterprises, customer or one.subject)


def _by(label: str) -> str:
    """Say who wrote an entry: the chain keeps no names, only numbers."""
    kind, _, number = label.partition(":")
    if kind == "person":
        return gettext("Person %(number)s") % {"number": number}
    return {"guest": pgettext("who wrote an entry", "Guest"), "system": "Bocage"}.get(kind, label)


def _order(about: str, hub: HubFrame) -> str:
    kind, _, ref = about.partition(":")
    return address("orders:show", slug=hub.slug, ref=ref) if kind == "order" else ""


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 18 else None


def _start(text: str, hub: HubFrame, days: int = 0) -> datetime | None:
    """Return where a day that was typed begins, or the day after it; None for what is no day."""
    try:
        day = date.fromisoformat(text) + timedelta(days=days)
    except (ValueError, OverflowError):
        return None
    return datetime.combine(day, time(), ZoneInfo(hub.zone))
