"""Sales that recur, for those who run them: the series of a hub, and one with its coming days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from zoneinfo import ZoneInfo

from bocage.commons.refusals import NotFound
from bocage.network.rules import Actor, Right
from bocage.order_cycles.models import OrderCycle, Series, SeriesPause
from bocage.order_cycles.rhythm import HandOverTime, Occurrence, Pause, Rhythm, occurrences, stands_for

SHOWN = 14


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """A series in a list."""

    id: int
    name: str
    rhythm: Rhythm
    ahead: int


@dataclass(frozen=True, slots=True)
class PauseRow:
    """A pause that may be taken back."""

    id: int
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class ComingDay:
    """A coming day of a series: the cycle that stands ready for it (`cycle_id`), not yet, or left out."""

    occurrence: Occurrence
    cycle_id: int | None
    cycle: str
    is_touched: bool


@dataclass(frozen=True, slots=True)
class SeriesSheet:
    """A series as a whole, with its coming days."""

    id: int
    name: str
    coordinator_id: int
    rhythm: Rhythm
    ahead: int
    model_id: int | None
    model: str
    pauses: tuple[PauseRow, ...]
    days: tuple[ComingDay, ...]


def series_of(*, coordinator_id: int, actor: Actor) -> list[SeriesRow]:
    """Return the running series of an enterprise by name, in one query. Raises Forbidden."""
    actor.require(Right.MANAGE_CYCLES, on=coordinator_id)
    rows = Series.objects.filter(coordinator_id=coordinator_id, ended_at__isnull=True).order_by("name", "id")
    return [SeriesRow(row.pk, row.name, rhythm_of(row), row.ahead) for row in rows]


def series_sheet(*, series_id: int, actor: Actor, now: datetime) -> SeriesSheet:
    """Return a running series with its coming days, in three queries. Raises NotFound, Forbidden."""
    series = (
        Series.objects.select_related("coordinator__instance", "model")
        .filter(id=series_id, ended_at__isnull=True)
        .first()
    )
    if series is None:
        raise NotFound
    actor.require(Right.MANAGE_CYCLES, on=series.coordinator_id)
    pauses = [PauseRow(row.pk, row.first_on, row.last_on) for row in _pauses(series.pk)]
    return SeriesSheet(
        id=series.pk,
        name=series.name,
        coordinator_id=series.coordinator_id,
        rhythm=rhythm_of(series),
        ahead=series.ahead,
        model_id=series.model_id,
        model=series.model.name if series.model else "",
        pauses=tuple(pauses),
        days=tuple(_days(series, pauses, now)),
    )


def rhythm_of(series: Series) -> Rhythm:
    """Return the rhythm that a series keeps."""
    hand_over = None
    if series.hand_over_after is not None and series.hand_over_starts and series.hand_over_ends:
        hand_over = HandOverTime(series.hand_over_after, series.hand_over_starts, series.hand_over_ends)
    return Rhythm(
        every_weeks=series.every_weeks,
        starts_on=series.starts_on,
        opens=series.opens,
        closes_after=series.closes_after,
        closes=series.closes,
        hand_over=hand_over,
        skip_months=frozenset(int(month) for month in series.skip_months.split(",") if month),
    )


def pauses_of(series_id: int) -> list[Pause]:
    """Return the days on which a series does not sell."""
    return [Pause(row.first_on, row.last_on) for row in _pauses(series_id)]


def _pauses(series_id: int) -> Iterable[SeriesPause]:
    return SeriesPause.objects.filter(series_id=series_id).order_by("first_on", "id")


def _days(series: Series, pauses: list[PauseRow], now: datetime) -> list[ComingDay]:
    """The coming days of the calendar, and the cycles that stand for them: those made, and those moved by hand."""
    rhythm, zone = rhythm_of(series), ZoneInfo(series.coordinator.instance.timezone)
    made = list(
        OrderCycle.objects.filter(series=series, opens_at__gt=now, series_on__isnull=False).order_by("opens_at")
    )
    planned = occurrences(rhythm, zone, [Pause(p.first_on, p.last_on) for p in pauses], after=now)
    found = []
    for one in islice(planned, SHOWN):
        cycle = next((c for c in made if c.series_on and stands_for(one.on, [c.series_on], rhythm)), None)
        found.append(
            ComingDay(one, cycle.pk if cycle else None, cycle.name if cycle else "", bool(cycle and cycle.is_touched))
        )
    return found
