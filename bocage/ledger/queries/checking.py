"""Reads whole books, as they stand, for whoever checks, closes or archives them; memory stays flat."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Case, F, Sum, When

from bocage.infra import frozen
from bocage.ledger import keys
from bocage.ledger.models import Account, Closing, Entry, Head, Posting
from bocage.ledger.rules import chain
from bocage.ledger.rules.chain import Finding

AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check of a book found; `postings` counts what was read."""

    book_id: int
    name: str
    entries: int
    postings: int
    closings: int
    findings: tuple[Finding, ...]


def check_books(book_id: int | None = None) -> Iterator[Checked]:
    """Check every book, or one: each entry, posting and closing against the chain, its head and its signatures.

    Whether the database's own guards stand, and whether postings or accounts hang nowhere, is told with the first book.
    """
    heads = Head.objects.order_by("book_id").values_list("book_id", "book__name", "number", "hash")
    strays = _strays()
    known = {row[0] for row in heads}
    lost = Entry.objects.exclude(book_id__in=known).order_by().values_list("book_id", "book__name").distinct()
    books = [*heads, *((book, name, 0, chain.GENESIS) for book, name in lost)]
    for book, name, number, hashed in books:
        if book_id not in (None, book):
            continue
        yield _check(book, name, (number, hashed), strays)
        strays = []


def _check(book: int, name: str, head: tuple[int, str], strays: list[Finding]) -> Checked:
    count = _Count()
    rows = closings_of(book)
    found = [*strays, *chain.check(count.over(entries_of(book)), rows, book=book, head=head, is_signed=keys.is_signed)]
    found += [Finding(row["number"], "closing-changed") for row in rows if not _columns_agree(row)]
    found += [Finding(number, "strange") for number in count.strange]
    return Checked(book, name, count.entries, count.postings, len(rows), tuple(dict.fromkeys(found)))


class _Count:
    """Counts what passes, and notes the entries whose postings are not all of its book and one currency."""

    def __init__(self) -> None:
        self.entries = self.postings = 0
        self.strange: list[int] = []

    def over(self, entries: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for entry in entries:
            self.entries += 1
            self.postings += len(entry["postings"])
            if entry["is_strange"]:
                self.strange.append(entry["number"])
            yield entry


def entries_of(book_id: int, *, first: int = 1, last: int | None = None) -> Iterator[dict[str, Any]]:
    """Return the entries of a book in the order of their numbers, as `rules.chain.check` reads them."""
    columns = ("id", "number", "key", "about", "what", "at", "by", "hash")
    rows = Entry.objects.filter(book_id=book_id, **({} if last is None else {"number__lte": last}))
    rows = rows.filter(number__gte=first) if first > 1 else rows
    after: tuple[int, int] | None = None
    while True:
        part = rows.order_by("number", "id")
        if after is not None:
            part = part.filter(number__gte=after[0]).exclude(number=after[0], id__lte=after[1])
        heads = list(part.values_list(*columns)[:AT_ONCE])
        if not heads:
            return
        yield from _with_postings(book_id, heads)
        after = (heads[-1][1], heads[-1][0])


def _with_postings(book_id: int, heads: list[tuple]) -> Iterator[dict[str, Any]]:
    postings: dict[int, list[tuple]] = {}
    ids = [head[0] for head in heads]
    named = ("entry_id", "account__kind", "account__subject", "amount_minor", "account__currency", "account__book_id")
    for row in _of_entries(ids).values_list(*named).iterator(chunk_size=AT_ONCE):
        postings.setdefault(row[0], []).append(row[1:])
    for pk, number, key, about, what, at, by, hashed in heads:
        sides = postings.get(pk, [])
        currencies, books = {side[3] for side in sides}, {side[4] for side in sides}
        yield {
            "number": number, "key": key, "about": about, "what": what, "at": chain.moment(at) if at else "", "by": by,
            "currency": "+".join(sorted(currencies)), "postings": [side[:3] for side in sides], "hash": hashed,
            "is_strange": len(currencies) != 1 or books != {book_id},
        }  # fmt: skip


def _of_entries(ids: list[int]) -> Any:
    """The postings of entries: by the span of their ids where that holds little else, so that no long list is sent."""
    low, high = min(ids), max(ids)
    if high - low < 4 * len(ids):
        return Posting.objects.filter(entry_id__gte=low, entry_id__lte=high)
    return Posting.objects.filter(entry_id__in=ids)


def closings_of(book_id: int) -> list[dict[str, Any]]:
    """Return the closings of a book, the first one first."""
    return [dict(row) for row in Closing.objects.filter(book_id=book_id).order_by("number", "id").values()]


def _columns_agree(row: dict[str, Any]) -> bool:
    try:
        said = json.loads(row["statement"])
    except ValueError:
        return False
    own = (row["number"], row["kind"], row["period"], row["last"], chain.moment(row["at"]))
    return own == (said["number"], said["kind"], said["period"], said["last"], said["closed_at"])


def _strays() -> list[Finding]:
    """Find what no walk along a chain meets: postings, accounts and closings that belong nowhere, guards taken away."""
    found = [Finding(0, "guards")] if frozen.missing() else []
    lonely = [
        "SELECT 1 FROM ledger_posting p LEFT JOIN ledger_entry e ON e.id = p.entry_id WHERE e.id IS NULL LIMIT 1",
        "SELECT 1 FROM ledger_posting p LEFT JOIN ledger_account a ON a.id = p.account_id WHERE a.id IS NULL LIMIT 1",
        "SELECT 1 FROM ledger_closing c LEFT JOIN ledger_head h ON h.book_id = c.book_id WHERE h.book_id IS NULL LIMIT 1",
    ]
    with connection.cursor() as cursor:
        for sql in lonely:
            cursor.execute(sql)
            found += [Finding(0, "orphan")] if cursor.fetchone() else []
    unused = Account.objects.exclude(id__in=Posting.objects.values("account_id")).exists()
    return [*found, *([Finding(0, "orphan")] if unused else [])]


def sums_between(*, book_id: int, first: int, last: int) -> chain.Totals:
    """Return what the entries from number `first` to `last` add up to, as a closing says it, in one query."""
    rows = Posting.objects.filter(entry__book_id=book_id, entry__number__gte=first, entry__number__lte=last)
    parts = ("account__currency", "entry__what", "account__kind", "account__subject")
    summed = rows.values_list(*parts).annotate(
        debit=Sum(Case(When(amount_minor__gt=0, then=F("amount_minor")), default=0)),
        credit=Sum(Case(When(amount_minor__lt=0, then=-F("amount_minor")), default=0)),
    )
    totals: chain.Totals = {}
    for currency, what, kind, subject, debit, credit in summed:
        key = (currency, what, kind, subject if kind in chain.BY_SUBJECT else "")
        sums = totals.setdefault(key, [0, 0])
        sums[0] += debit
        sums[1] += credit
    return totals
