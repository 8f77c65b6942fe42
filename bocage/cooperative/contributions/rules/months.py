"""Calendar months in the legal time of an instance, and the dates that are counted from them (file 10, 1.2 to 1.7)."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PROPOSED_ON, CLOSED_ON = 3, 10  # days of the month after
CONTESTED_FOR = timedelta(days=7)
NOTICE = timedelta(days=60)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month, named by its first day."""

    first: date

    @classmethod
    def of(cls, day: date) -> Month:
        return cls(day.replace(day=1))

    @property
    def last(self) -> date:
        return self.first.replace(day=monthrange(self.first.year, self.first.month)[1])

    @property
    def next(self) -> Month:
        return Month(self.last + timedelta(days=1))

    @property
    def before(self) -> Month:
        return Month.of(self.first - timedelta(days=1))

    @property
    def days(self) -> int:
        return self.last.day

    @property
    def proposed_on(self) -> date:
        return self.next.first.replace(day=PROPOSED_ON)

    @property
    def closed_on(self) -> date:
        return self.next.first.replace(day=CLOSED_ON)

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the moment at which a day begins where the zone is: 23 or 25 hours before the next, on two of them."""
    return datetime.combine(day, time.min, tzinfo=zone)


def recognised_on(handed_at: datetime | None, closes_at: datetime, zone: ZoneInfo) -> date:
    """Return the day a sale counts: of its hand-over; without one, seven days after the sale closed."""
    if handed_at is not None:
        return handed_at.astimezone(zone).date()
    return closes_at.astimezone(zone).date() + timedelta(days=7)


def plus_months(day: date, months: int) -> date:
    """Return the same day some months later, the last of the month where it has no such day: 31 January + 3 = 30 April."""
    place = day.year * 12 + day.month - 1 + months
    year, month = divmod(place, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def trial_ends_on(first_sale: date | None, months: int) -> date | None:
    """Return the first day that counts; None while nothing was sold."""
    return None if first_sale is None else plus_months(first_sale, months)


def charged_days(month: Month, first_charged: date | None) -> int:
    """Return how many days of a month are out of trial: none while nothing was sold."""
    if first_charged is None or first_charged > month.last:
        return 0
    return (month.last - max(first_charged, month.first)).days + 1


def in_force_on(adopted: date) -> date:
    """Return when a tariff takes effect: the first 1st of a month on or after sixty days from its adoption."""
    soonest = adopted + NOTICE
    return soonest if soonest.day == 1 else Month.of(soonest).next.first
