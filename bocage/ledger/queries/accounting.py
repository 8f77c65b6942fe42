"""A book as accountants take it: its plan of accounts, its postings for some months as numbered lines."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count

from bocage.ledger.models import AccountPlan, Closing, Entry, Posting
from bocage.ledger.rules import accounts, fec
from bocage.ledger.rules.closings import end_of, month_of
from bocage.network.models import Enterprise
from bocage.network.rules import Actor, Right

AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class PlanRow:
    """The numbers a hub wrote last, defaults filled in; version 0 when it never wrote any."""

    version: int
    numbers: dict[str, str]


def plan(*, book_id: int, actor: Actor) -> PlanRow:
    """Return the plan of accounts that holds for open months. Raises Forbidden."""
    actor.require(Right.SEE_BOOKS, on=book_id)
    latest = AccountPlan.objects.filter(book_id=book_id).order_by("-version").first()
    return PlanRow(latest.version if latest else 0, accounts.DEFAULTS | (latest.numbers if latest else {}))


def siren(*, book_id: int, actor: Actor) -> str:
    """Return the SIREN of an enterprise: the first nine digits of its SIRET; '' where it has none. Raises Forbidden."""
    actor.require(Right.SEE_BOOKS, on=book_id)
    digits = "".join(Enterprise.objects.values_list("siret", flat=True).get(id=book_id).split())
    return digits[:9] if len(digits) in (9, 14) and digits.isdecimal() else ""


@dataclass(frozen=True, slots=True)
class Months:
    """Some months of a book: the numbers of their entries, and whether the last of them is closed."""

    book_id: int
    since: date
    until: date
    first: int
    last: int
    is_closed: bool
    zone: str


def months(*, book_id: int, since: date, until: date, zone: str, actor: Actor) -> Months:
    """Return the months from that of `since` to that of `until`, both whole; three queries at most. Raises Forbidden.

    An entry is of the month whose closing holds it; in months that are open, of its own.
    """
    actor.require(Right.SEE_BOOKS, on=book_id)
    start = since.replace(day=1)
    end = (until.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    ends = _ends(book_id)
    before = max((last for month, last, _at in ends if month < month_of(start)), default=0)
    latest = ends[-1] if ends else None
    if latest is None or latest[0] < month_of(start - timedelta(days=1)):  # what came late is of the first open month
        before = _last_before(book_id, start - timedelta(days=1), before, zone)
    is_closed = latest is not None and latest[0] >= month_of(end)
    if is_closed:
        last = max((last for month, last, _at in ends if month <= month_of(end)), default=0)
    else:
        last = _last_before(book_id, end, max(before, latest[1] if latest else 0), zone)
    return Months(book_id, start, end, before + 1, last, is_closed, zone)


def lines(of: Months, *, actor: Actor) -> Iterator[fec.Line]:
    """Return the postings of some months in the order of their entries; five queries, memory flat. Raises Forbidden.

    Entries are numbered by journal from the first one of the book, so that months follow each other without gaps.
    """
    actor.require(Right.SEE_BOOKS, on=of.book_id)
    zone = ZoneInfo(of.zone)
    spans = _Spans(of)
    counts: Counter[str] = Counter()
    earlier = Entry.objects.filter(book_id=of.book_id, number__lt=of.first).order_by()
    for what, count in earlier.values_list("what").annotate(count=Count("id")):
        counts[fec.journal_of(what)] += count
    rows = Posting.objects.filter(
        entry__book_id=of.book_id, entry__number__gte=of.first, entry__number__lte=of.last
    ).order_by("entry__number", "id")
    columns = (
        "entry__number", "entry__what", "entry__about", "entry__at", "account__kind", "account__subject",
        "account__currency", "amount_minor",
    )  # fmt: skip
    current = 0
    for number, what, about, at, kind, subject, currency, amount in rows.values_list(*columns).iterator(AT_ONCE):
        journal = fec.journal_of(what)
        if number != current:
            current = number
            counts[journal] += 1
        own = at.astimezone(zone).date()
        on, numbers = spans.of(number, own)
        account = accounts.numbered(kind, subject, book=of.book_id, plan=numbers)
        yield fec.Line(journal, counts[journal], on, account, about, own, what, amount, currency)


class _Spans:
    """In which month an entry counts, and which plan numbers its accounts."""

    def __init__(self, of: Months) -> None:
        self.ends = _ends(of.book_id)
        self.lasts = [last for _month, last, _at in self.ends]
        self.plans = list(
            AccountPlan.objects.filter(book_id=of.book_id).order_by("version").values_list("at", "numbers")
        )
        self.kept = [self._at(at) for _month, _last, at in self.ends]
        self.open = self.plans[-1][1] if self.plans else {}
        latest = date.fromisoformat(f"{self.ends[-1][0]}-01") if self.ends else None
        self.open_since = (latest + timedelta(days=31)).replace(day=1) if latest else date.min
        self.until = of.until

    def of(self, number: int, own: date) -> tuple[date, accounts.Plan]:
        """Return the day an entry is counted on, its own or the nearest one in its month, and the plan of that month."""
        place = bisect_left(self.lasts, number)
        if place == len(self.ends):
            return min(max(own, self.open_since), self.until), self.open
        start = date.fromisoformat(f"{self.ends[place][0]}-01")
        end = (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        return min(max(own, start), end), self.kept[place]

    def _at(self, closed_at: datetime) -> accounts.Plan:
        return next((numbers for at, numbers in reversed(self.plans) if at < closed_at), {})


def _ends(book_id: int) -> list[tuple[str, int, datetime]]:
    rows = Closing.objects.filter(book_id=book_id, kind=Closing.Kind.MONTH).order_by("number")
    return list(rows.values_list("period", "last", "at"))


def _last_before(book_id: int, day: date, after: int, zone: str) -> int:
    """Return the number of the last entry before the first one of a later day, as a closing would count it."""
    rest = Entry.objects.filter(book_id=book_id, number__gt=after).order_by("number")
    later = rest.filter(at__gte=end_of(day, ZoneInfo(zone))).values_list("number", flat=True).first()
    if later is not None:
        return later - 1
    return rest.order_by("-number").values_list("number", flat=True).first() or after
