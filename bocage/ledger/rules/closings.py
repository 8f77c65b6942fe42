"""When a day, a month or a year of a book is over, and what its closing says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from bocage.ledger.rules import chain

GRACE = timedelta(hours=1)  # what is being written at midnight is let in; later ones are of the next day


def end_of(day: date, zone: tzinfo) -> datetime:
    """Return the moment at which a day is over where the book is kept."""
    return datetime.combine(day + timedelta(days=1), time(), zone)


def is_over(day: date, zone: tzinfo, now: datetime) -> bool:
    """Return whether a day may be closed."""
    return now >= end_of(day, zone) + GRACE


def day_of_next(at: datetime, last_day: date | None, zone: tzinfo) -> date:
    """Return the day in which the next entry is counted: its own, or, where that is closed, the one after the last."""
    own = at.astimezone(zone).date()
    return own if last_day is None else max(own, last_day + timedelta(days=1))


def month_of(day: date) -> str:
    return f"{day:%Y-%m}"


def year_of(day: date) -> str:
    return f"{day:%Y}"


def statement(
    *, book: int, number: int, kind: str, period: str, first: int, last: int, hash: str,
    totals: Mapping[tuple[str, ...], Sequence[int]], perpetual: Mapping[tuple[str, ...], Sequence[int]], previous: str,
    closed_at: datetime, key: str,
) -> str:  # fmt: skip
    """Return what a closing says, as canonical JSON: the text that is hashed and signed.

    first, last: numbers of entries, last = first − 1 when there was none; hash: that of the last entry; totals and
    perpetual: debit and credit in minor units of the period and of all time; previous: hash of the closing before.
    """
    content: dict[str, Any] = {
        "v": 1, "book": book, "number": number, "kind": kind, "period": period, "first": first, "last": last,
        "entries": last - first + 1, "hash": hash, "totals": chain.as_rows(totals),
        "perpetual": chain.as_rows(perpetual), "previous": previous, "closed_at": chain.moment(closed_at), "key": key,
    }  # fmt: skip
    return chain.canonical(content)
