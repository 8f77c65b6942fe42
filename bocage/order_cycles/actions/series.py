"""Sales that recur: plan a series, change it, pause it, end it; and make its coming sales ahead of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date
from django.db import transaction

from bocage.commons.refusals import NotFound
from bocage.infra.locks import lock_row
from bocage.infra.outbox import emit
from bocage.network.rules import SYSTEM, Actor, Right
from bocage.order_cycles.actions import asking
from bocage.order_cycles.actions.copying import fill
from bocage.order_cycles.actions.loading import own_cycle
from bocage.order_cycles.events import SeriesChanged
from bocage.order_cycles.models import HandOver, OrderCycle, Series, SeriesPause
from bocage.order_cycles.queries.series import pauses_of, rhythm_of
from bocage.order_cycles.rhythm import Occurrence, PauseEndsBeforeItBegins, Rhythm, check_rhythm, coming, stands_for


@dataclass(frozen=True, slots=True)
class SeriesTerms:
    """A series as people set it: `name`, where {day} stands for each day; `ahead` sales stand ready."""

    name: str
    rhythm: Rhythm
    ahead: int


@transaction.atomic
def plan_series(*, cycle_id: int, terms: SeriesTerms, actor: Actor, now: datetime) -> int:
    """Let a cycle recur: make the coming ones from it, ahead of time; return the series' id.

    Raises Forbidden and what `check_rhythm` raises. Emits SeriesChanged.
    """
    cycle = own_cycle(cycle_id, actor)
    series = Series(coordinator_id=cycle.coordinator_id, model=cycle, created_at=now)
    _set(series, terms)
    if cycle.opens_at > now:
        _take_in(cycle, series)
    _settle(series, "planned", actor, now)
    return series.pk


@transaction.atomic
def edit_series(*, series_id: int, terms: SeriesTerms, actor: Actor, now: datetime) -> None:
    """Change a series: its coming sales that nobody changed are made anew, all others stay as they are.

    Raises Forbidden and what `check_rhythm` raises. Emits SeriesChanged.
    """
    series = _own(series_id, actor)
    _set(series, terms)
    _settle(series, "changed", actor, now)


@transaction.atomic
def take_as_model(*, cycle_id: int, actor: Actor, now: datetime) -> None:
    """Give the coming sales of a cycle's series its partners, goods, fees and times, where nobody changed them.

    Raises NotFound for a cycle of no series, Forbidden. Emits SeriesChanged.
    """
    cycle = own_cycle(cycle_id, actor)
    series = _own(cycle.series_id or 0, actor)
    series.model, cycle.is_touched = cycle, True
    series.save(update_fields=["model"])
    cycle.save(update_fields=["is_touched"])
    _settle(series, "changed", actor, now)


@transaction.atomic
def pause_series(*, series_id: int, first_on: date, last_on: date, actor: Actor, now: datetime) -> None:
    """Sell nothing on the days of a series from one to another; sales made for them go, unless somebody changed them.

    Raises Forbidden, PauseEndsBeforeItBegins. Emits SeriesChanged.
    """
    series = _own(series_id, actor)
    if last_on < first_on:
        raise PauseEndsBeforeItBegins
    SeriesPause.objects.get_or_create(series=series, first_on=first_on, last_on=last_on)
    _settle(series, "paused", actor, now)


@transaction.atomic
def unpause_series(*, series_id: int, pause_id: int, actor: Actor, now: datetime) -> None:
    """Take a pause back. Raises Forbidden. Emits SeriesChanged."""
    series = _own(series_id, actor)
    SeriesPause.objects.filter(series=series, id=pause_id).delete()
    _settle(series, "resumed", actor, now)


@transaction.atomic
def end_series(*, series_id: int, actor: Actor, now: datetime) -> None:
    """Make no more sales; coming ones that nobody changed go, all others stay. Raises Forbidden. Emits SeriesChanged."""
    series = _own(series_id, actor)
    series.ended_at = now
    series.save(update_fields=["ended_at"])
    unmade = _unmake(series, now)
    _tell(series, "ended", 0, unmade, actor, now)


def make_coming(*, now: datetime) -> int:
    """Make the sales of every series that should stand ready by now; return how many. Safe to repeat."""
    made = 0
    for series_id in Series.objects.filter(ended_at__isnull=True).order_by("id").values_list("id", flat=True):
        with transaction.atomic():
            series = lock_row(Series.objects.select_related("coordinator__instance"), series_id)
            if series is not None and series.ended_at is None and (count := _make(series, now)):
                _tell(series, "made", count, 0, SYSTEM, now)
                made += count
    return made


def _own(series_id: int, actor: Actor) -> Series:
    series = lock_row(Series.objects.select_related("coordinator__instance"), series_id)
    if series is None or series.ended_at is not None:
        raise NotFound
    actor.require(Right.MANAGE_CYCLES, on=series.coordinator_id)
    return series


def _set(series: Series, terms: SeriesTerms) -> None:
    check_rhythm(terms.name, terms.rhythm, terms.ahead)
    rhythm, hand_over = terms.rhythm, terms.rhythm.hand_over
    series.name, series.ahead = terms.name.strip(), terms.ahead
    series.every_weeks, series.starts_on = rhythm.every_weeks, rhythm.starts_on
    series.opens, series.closes_after, series.closes = rhythm.opens, rhythm.closes_after, rhythm.closes
    series.hand_over_after = hand_over.after_days if hand_over else None
    series.hand_over_starts = hand_over.starts if hand_over else None
    series.hand_over_ends = hand_over.ends if hand_over else None
    series.skip_months = ",".join(str(month) for month in sorted(rhythm.skip_months))
    series.save()


def _take_in(cycle: OrderCycle, series: Series) -> None:
    """Let the cycle that a series starts from stand for its own day, as it is."""
    zone = ZoneInfo(cycle.coordinator.instance.timezone)
    cycle.series, cycle.series_on, cycle.is_touched = series, cycle.opens_at.astimezone(zone).date(), True
    cycle.save(update_fields=["series", "series_on", "is_touched"])


def _settle(series: Series, what: str, actor: Actor, now: datetime) -> None:
    unmade = _unmake(series, now)
    _tell(series, what, _make(series, now), unmade, actor, now)


def _unmake(series: Series, now: datetime) -> int:
    """Take back the coming sales that nobody changed."""
    rows = OrderCycle.objects.filter(series=series, opens_at__gt=now, is_touched=False)
    count = rows.count()
    rows.delete()
    return count


def _make(series: Series, now: datetime) -> int:
    model = OrderCycle.objects.select_related("coordinator__instance").filter(id=series.model_id or 0).first()
    if model is None or not asking.may_plan(series.coordinator_id, now):
        return 0
    rhythm, zone = rhythm_of(series), ZoneInfo(series.coordinator.instance.timezone)
    since = now.astimezone(zone).date() - timedelta(weeks=rhythm.every_weeks)
    standing = OrderCycle.objects.filter(series=series, series_on__gte=since).values_list("series_on", flat=True)
    kept = [on for on in standing if on is not None]
    due = coming(rhythm, zone, pauses_of(series.pk), after=now, ahead=series.ahead)
    new = [one for one in due if not stands_for(one.on, kept, rhythm)]
    for one in new:
        _make_one(series, model, one, now)
    return len(new)


def _make_one(series: Series, model: OrderCycle, one: Occurrence, now: datetime) -> None:
    language = series.coordinator.instance.language
    day = format_date(one.named_after, "EEEE d MMMM", language).replace(" 1 ", " 1er " if language == "fr" else " 1 ")
    cycle = OrderCycle(
        name=series.name.replace("{day}", day)[:120],
        opens_at=one.opens_at,
        closes_at=one.closes_at,
        series=series,
        series_on=one.on,
    )
    fill(cycle, model, now)
    if one.hands_over is not None:
        starts_at, ends_at = one.hands_over
        HandOver.objects.filter(exchange__cycle=cycle).update(starts_at=starts_at, ends_at=ends_at)


def _tell(series: Series, what: str, made: int, unmade: int, actor: Actor, now: datetime) -> None:
    fact = SeriesChanged(series.pk, series.coordinator_id, what=what, made=made, unmade=unmade)
    emit(fact, by=actor, at=now)
