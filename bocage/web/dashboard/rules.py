"""How a week is laid out as a ribbon, and how this sale compares with the one before: pure arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from fractions import Fraction

from bocage.commons.money import Money, round_half_up

DAYS = 7
QUARTERS = 4  # a day has four columns of six hours
COLUMNS = DAYS * QUARTERS


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from the day before today on, in the reader's time zone."""

    days: tuple[date, ...]
    today: date
    zone: tzinfo

    @classmethod
    def around(cls, now: datetime, zone: tzinfo) -> Week:
        """Return the week that begins the day before `now`."""
        today = now.astimezone(zone).date()
        return cls(tuple(today + timedelta(days=shift) for shift in range(-1, DAYS - 1)), today, zone)

    @property
    def start(self) -> datetime:
        return datetime.combine(self.days[0], time(), self.zone)

    @property
    def end(self) -> datetime:
        return datetime.combine(self.days[-1] + timedelta(days=1), time(), self.zone)

    def column(self, moment: datetime) -> int:
        """Return which of the 28 columns, from 1, a moment lies in; before and after lie at the ends."""
        here = moment.astimezone(self.zone)
        column = (here.date() - self.days[0]).days * QUARTERS + here.hour * QUARTERS // 24 + 1
        return max(1, min(COLUMNS, column))


@dataclass(frozen=True, slots=True)
class Span:
    """Something on the ribbon: from a moment to a moment, or a moment alone. `width`: columns it needs to be read."""

    what: str
    key: int
    starts_at: datetime
    ends_at: datetime
    width: int = QUARTERS


@dataclass(frozen=True, slots=True)
class Placed:
    """A span in the grid: columns [start, end), one lane, whether it goes on beyond the ribbon."""

    span: Span
    start: int
    end: int
    lane: int
    is_cut_before: bool
    is_cut_after: bool


def lay_out(week: Week, spans: Iterable[Span]) -> list[Placed]:
    """Return the spans that touch the week, each in the first lane where it overlaps nothing; earliest first."""
    free: list[int] = []
    placed = []
    for span in sorted(spans, key=lambda one: (one.starts_at, one.ends_at, one.what, one.key)):
        if span.ends_at < week.start or span.starts_at >= week.end:
            continue
        start, end = _columns(week, span)
        lane = next((number for number, until in enumerate(free) if until <= start), len(free))
        free[lane : lane + 1] = [end]
        placed.append(Placed(span, start, end, lane + 1, span.starts_at < week.start, span.ends_at > week.end))
    return placed


def _columns(week: Week, span: Span) -> tuple[int, int]:
    start = week.column(span.starts_at)
    end = max(week.column(span.ends_at) + 1, start + span.width)
    if end > COLUMNS + 1:
        end, start = COLUMNS + 1, min(start, COLUMNS + 1 - span.width)
    return max(start, 1), end


def running_totals(days: Sequence[date], amounts: dict[date, int]) -> list[int]:
    """Return what had come in by the end of each day, day after day."""
    sums, so_far = [], 0
    for day in days:
        so_far += amounts.get(day, 0)
        sums.append(so_far)
    return sums


@dataclass(frozen=True, slots=True)
class Sold:
    """How much was ordered, in how many orders."""

    amount: Money
    orders: int

    @property
    def basket(self) -> Money:
        """Return the average order, rounded once to the minor unit; nothing when there are none."""
        if not self.orders:
            return Money(0, self.amount.currency)
        return Money(round_half_up(Fraction(self.amount.minor, self.orders)), self.amount.currency)


def change_percent(now: int, before: int) -> int | None:
    """Return by how many percent `now` is above `before`, to the nearest whole; None where there was nothing before."""
    if not before:
        return None
    return round_half_up(Fraction(100 * (now - before), before))
