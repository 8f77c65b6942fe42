"""Closes days, months and years of books: what was in them, what it adds up to, signed, never reopened."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from bocage.infra.inserts import insert_new
from bocage.ledger import keys
from bocage.ledger.models import Closing, Entry, Head
from bocage.ledger.queries.checking import sums_between
from bocage.ledger.rules import chain, closings

Sums = Mapping[tuple[str, ...], Sequence[int]]


def close_due(*, now: datetime) -> int:
    """Close what is over in every book, an hour after midnight where it is kept; return how many closings there are more.

    A day that had entries, then each month and year, whose entries are those of its days. An entry that is written after
    its day was closed is counted in the next one. Twice is once.
    """
    books = Head.objects.order_by("book_id").values_list("book_id", "book__instance__timezone")
    return sum(close_book(book_id=book_id, zone=ZoneInfo(zone), now=now) for book_id, zone in list(books))


@transaction.atomic
def close_book(*, book_id: int, zone: ZoneInfo, now: datetime) -> int:
    """Close what is over in one book, as `close_due` says."""
    book = _Book(book_id, now)
    before = book.number
    while day := book.next_day(zone, now):
        for month_end in book.months_before(day):
            book.close_month(month_end)
        book.close(Closing.Kind.DAY, day.isoformat(), book.last_before(closings.end_of(day, zone)))
        book.day = day
    today = (now - closings.GRACE).astimezone(zone).date()
    for month_end in book.months_before(today):
        book.close_month(month_end)
    return book.number - before


class _Book:
    """How far a book is closed: the last closing, and of each kind the last entry in it and the sums so far."""

    def __init__(self, book_id: int, now: datetime) -> None:
        self.id, self.now = book_id, now
        self.number, self.hash = 0, chain.GENESIS
        self.last: dict[str, int] = {}
        self.perpetual: dict[str, Sums] = {}
        self.day: date | None = None
        self.month = ""
        rows = Closing.objects.filter(book_id=book_id).order_by("-number")
        if latest := rows.first():
            self.number, self.hash = latest.number, latest.hash
        for kind in Closing.Kind.values:
            if one := rows.filter(kind=kind).first():
                self._remember(one)

    def _remember(self, one: Closing) -> None:
        self.last[one.kind] = one.last
        self.perpetual[one.kind] = chain.as_totals(json.loads(one.statement)["perpetual"])
        if one.kind == Closing.Kind.DAY:
            self.day = date.fromisoformat(one.period)
        if one.kind == Closing.Kind.MONTH:
            self.month = one.period

    def next_day(self, zone: ZoneInfo, now: datetime) -> date | None:
        """Return the day of the first entry that no day has yet, if it is over."""
        entries = Entry.objects.filter(book_id=self.id, number=self.last.get("day", 0) + 1)
        at = entries.values_list("at", flat=True).first()
        if at is None:
            return None
        day = closings.day_of_next(at, self.day, zone)
        return day if closings.is_over(day, zone, now) else None

    def last_before(self, end: datetime) -> int:
        """Return the number of the last entry before the first one of a later day."""
        rest = Entry.objects.filter(book_id=self.id, number__gt=self.last.get("day", 0)).order_by("number")
        later = rest.filter(at__gte=end).values_list("number", flat=True).first()
        if later is not None:
            return later - 1
        return rest.values_list("number", flat=True).last() or self.last.get("day", 0)

    def months_before(self, day: date) -> list[date]:
        """Return the last days of the months that are over before `day` and have no closing yet."""
        if self.day is None:
            return []
        first = self.day.replace(day=1) if not self.month else _next(date.fromisoformat(f"{self.month}-01"))
        found = []
        while _next(first) <= day.replace(day=1):
            found.append(_next(first) - timedelta(days=1))
            first = _next(first)
        return found

    def close_month(self, last_day: date) -> None:
        """Close a month, and with December its year: with the entries of their days."""
        last = self.last.get("day", 0)
        self.close(Closing.Kind.MONTH, closings.month_of(last_day), last)
        self.month = closings.month_of(last_day)
        if last_day.month == 12:
            self.close(Closing.Kind.YEAR, closings.year_of(last_day), last)

    def close(self, kind: str, period: str, last: int) -> None:
        first = self.last.get(kind, 0) + 1
        totals = sums_between(book_id=self.id, first=first, last=last)
        perpetual = chain.plus(self.perpetual.get(kind, {}), totals)
        ended = Entry.objects.values_list("hash", flat=True).filter(book_id=self.id, number=last).first()
        text = closings.statement(
            book=self.id, number=self.number + 1, kind=kind, period=period, first=first, last=last,
            hash=ended or chain.GENESIS, totals=totals, perpetual=perpetual, previous=self.hash, closed_at=self.now,
            key=keys.public(),
        )  # fmt: skip
        hashed = hashlib.sha256(text.encode()).hexdigest()
        row = Closing(
            book_id=self.id, number=self.number + 1, kind=kind, period=period, last=last, statement=text, hash=hashed,
            signature=keys.sign(hashed), at=self.now,
        )  # fmt: skip
        if not insert_new(row):
            raise RuntimeError("somebody else closes this book at the same time")
        self.number, self.hash = row.number, hashed
        self.last[kind], self.perpetual[kind] = last, perpetual


def _next(first_of_month: date) -> date:
    return (first_of_month + timedelta(days=31)).replace(day=1)
