"""The calendar of sales that recur: which days, at which hours of the clock on the wall. No Django, no database.

A day of a series is the day on which a sale opens. Its hours are local: Friday 8 h stays 8 h when summer time ends.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count, islice
from zoneinfo import ZoneInfo

from bocage.commons.refusals import Refused, gettext_noop
from bocage.order_cycles.rules import CycleNeedsAName

WEEK = 7
MOST_WEEKS, MOST_AHEAD = 12, 26
LOOKED_THROUGH = 600  # occurrences: no series pauses longer than that


class SeriesNeverSells(Refused):
    """A pause for every month leaves no sale to make."""

    code = "order_cycles.series_never_sells"
    message = gettext_noop("With all twelve months left out, this series never sells. Leave some months in.")


class RhythmNotKnown(Refused):
    """How often a series sells, or how many sales stand ready, is out of range."""

    code = "order_cycles.rhythm_not_known"
    message = gettext_noop("Sales recur every 1 to 12 weeks, and 1 to 26 of them may stand ready.")


class HandOverNeedsBothHours(Refused):
    """A hand-over of a series has a day, a beginning and an end."""

    code = "order_cycles.hand_over_needs_both_hours"
    message = gettext_noop("Say from when to when goods are handed over, the end after the beginning.")


class PauseEndsBeforeItBegins(Refused):
    """The last day of a pause is its first or later."""

    code = "order_cycles.pause_ends_before_it_begins"
    message = gettext_noop("The last day of the pause must not be before its first.")


@dataclass(frozen=True, slots=True)
class HandOverTime:
    """When all is handed over: so many days after closing, from one hour of the wall clock to another."""

    after_days: int
    starts: time
    ends: time


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How sales recur: every `every_weeks` weeks from `starts_on` on, which is the first opening day.

    A sale opens at `opens`, and closes `closes_after` days later at `closes`; at least a minute later. `hand_over` None
    keeps the hours of the model. Months of `skip_months` (1 to 12) and days in a pause (first, last) are left out.
    """

    every_weeks: int
    starts_on: date
    opens: time
    closes_after: int
    closes: time
    hand_over: HandOverTime | None = None
    skip_months: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Pause:
    """Days on which a series does not sell, both ends included."""

    first_on: date
    last_on: date

    def __contains__(self, day: date) -> bool:
        return self.first_on <= day <= self.last_on


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One sale of a series: its day, its moments, and whether it is left out."""

    on: date
    opens_at: datetime
    closes_at: datetime
    hands_over: tuple[datetime, datetime] | None
    is_left_out: bool

    @property
    def named_after(self) -> date:
        """Return the day that people call the sale by: that of the hand-over, else of the closing."""
        return (self.hands_over[0] if self.hands_over else self.closes_at).date()


def days_from(first: int, last: int, *, first_at: time, last_at: time) -> int:
    """Return how many days after weekday `first` the next weekday `last` comes (0 is Monday), later in any case."""
    days = (last - first) % WEEK
    return WEEK if days == 0 and last_at <= first_at else days


def check_rhythm(name: str, rhythm: Rhythm, ahead: int) -> None:
    """Refuse a series that cannot be followed.

    Raises CycleNeedsAName, RhythmNotKnown, SeriesNeverSells, HandOverNeedsBothHours.
    """
    if not name.strip():
        raise CycleNeedsAName
    if not (1 <= rhythm.every_weeks <= MOST_WEEKS and 1 <= ahead <= MOST_AHEAD):
        raise RhythmNotKnown
    if len(rhythm.skip_months) == 12:
        raise SeriesNeverSells
    if rhythm.hand_over is not None and rhythm.hand_over.ends <= rhythm.hand_over.starts:
        raise HandOverNeedsBothHours


def occurrences(rhythm: Rhythm, zone: ZoneInfo, pauses: Collection[Pause], *, after: datetime) -> Iterator[Occurrence]:
    """Return the sales that open after a moment, those left out among them, in order and without end."""
    step = timedelta(weeks=rhythm.every_weeks)
    missed = max(0, (after.astimezone(zone).date() - rhythm.starts_on) // step)
    for number in count(missed):
        found = _occurrence(rhythm, zone, rhythm.starts_on + number * step, pauses)
        if found.opens_at > after:
            yield found


def coming(
    rhythm: Rhythm, zone: ZoneInfo, pauses: Collection[Pause], *, after: datetime, ahead: int
) -> list[Occurrence]:
    """Return the next `ahead` sales that open after a moment and are not left out."""
    ahead_of_us = islice(occurrences(rhythm, zone, pauses, after=after), LOOKED_THROUGH)
    return list(islice((one for one in ahead_of_us if not one.is_left_out), ahead))


def stands_for(on: date, kept: Collection[date], rhythm: Rhythm) -> bool:
    """Return whether a sale that somebody changed by hand stands for the day `on`: it is nearer than any other of ours."""
    return any(abs((on - one).days) * 2 < rhythm.every_weeks * WEEK for one in kept)


def _occurrence(rhythm: Rhythm, zone: ZoneInfo, on: date, pauses: Collection[Pause]) -> Occurrence:
    closes_on = on + timedelta(days=rhythm.closes_after)
    hands_over = None
    if rhythm.hand_over is not None:
        day = closes_on + timedelta(days=rhythm.hand_over.after_days)
        hands_over = (
            datetime.combine(day, rhythm.hand_over.starts, zone),
            datetime.combine(day, rhythm.hand_over.ends, zone),
        )
    return Occurrence(
        on=on,
        opens_at=datetime.combine(on, rhythm.opens, zone),
        closes_at=datetime.combine(closes_on, rhythm.closes, zone),
        hands_over=hands_over,
        is_left_out=on.month in rhythm.skip_months or any(on in pause for pause in pauses),
    )
