"""The calendar of series: weeks, hours on the wall, pauses, and days that were moved by hand."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bocage.order_cycles import rhythm as rhythms
from bocage.order_cycles.rhythm import HandOverTime, Pause, Rhythm, check_rhythm, coming, days_from, stands_for

PARIS = ZoneInfo("Europe/Paris")
FRIDAY, TUESDAY = 4, 1
WEEKLY = Rhythm(
    every_weeks=1,
    starts_on=date(2026, 10, 9),
    opens=time(8),
    closes_after=4,
    closes=time(20),
    hand_over=HandOverTime(2, time(17), time(19)),
)


def test_a_weekly_series_opens_closes_and_hands_over_on_its_days():
    first, second = coming(WEEKLY, PARIS, [], after=datetime(2026, 10, 1, tzinfo=UTC), ahead=2)

    assert (first.opens_at, first.closes_at) == (
        datetime(2026, 10, 9, 8, tzinfo=PARIS),
        datetime(2026, 10, 13, 20, tzinfo=PARIS),
    )
    assert first.hands_over == (datetime(2026, 10, 15, 17, tzinfo=PARIS), datetime(2026, 10, 15, 19, tzinfo=PARIS))
    assert (second.on, first.named_after) == (date(2026, 10, 16), date(2026, 10, 15))


def test_eight_in_the_morning_stays_eight_when_summer_time_ends():
    before, after = coming(WEEKLY, PARIS, [], after=datetime(2026, 10, 20, tzinfo=UTC), ahead=2)

    assert [one.opens_at.astimezone(UTC).hour for one in (before, after)] == [6, 7]
    assert before.closes_at - before.opens_at == timedelta(
        days=4, hours=12
    )  # the wall clock's; 25 October has 25 hours
    assert before.closes_at.astimezone(UTC) - before.opens_at.astimezone(UTC) == timedelta(days=4, hours=13)


def test_months_and_days_are_left_out():
    pauses = [Pause(date(2026, 12, 24), date(2027, 1, 3))]
    rhythm = Rhythm(1, date(2026, 11, 27), time(8), 4, time(20), None, frozenset({1}))

    days = [one.on for one in coming(rhythm, PARIS, pauses, after=datetime(2026, 11, 1, tzinfo=UTC), ahead=5)]

    assert days == [date(2026, 11, 27), *(date(2026, 12, d) for d in (4, 11, 18)), date(2027, 2, 5)]


@pytest.mark.parametrize(
    ("first", "last", "first_at", "last_at", "days"),
    [
        (FRIDAY, TUESDAY, time(8), time(20), 4),
        (FRIDAY, FRIDAY, time(8), time(20), 0),
        (FRIDAY, FRIDAY, time(20), time(8), 7),
        (FRIDAY, FRIDAY, time(8), time(8), 7),
    ],
)
def test_the_next_tuesday_after_friday_is_four_days_later(first, last, first_at, last_at, days):
    assert days_from(first, last, first_at=first_at, last_at=last_at) == days


@pytest.mark.parametrize(
    ("changes", "ahead", "refusal"),
    [
        ({"every_weeks": 0}, 4, rhythms.RhythmNotKnown),
        ({}, 27, rhythms.RhythmNotKnown),
        ({"skip_months": frozenset(range(1, 13))}, 4, rhythms.SeriesNeverSells),
        ({"hand_over": HandOverTime(2, time(19), time(17))}, 4, rhythms.HandOverNeedsBothHours),
    ],
)
def test_what_cannot_be_followed_is_refused(changes, ahead, refusal):
    values = {name: getattr(WEEKLY, name) for name in Rhythm.__dataclass_fields__}
    with pytest.raises(refusal):
        check_rhythm("Vente", Rhythm(**{**values, **changes}), ahead)


def test_a_sale_moved_by_hand_stands_for_the_nearest_day_alone():
    moved = [date(2026, 12, 2)]  # from Friday the 4th to Wednesday

    assert [stands_for(date(2026, 12, day), moved, WEEKLY) for day in (4, 11)] == [True, False]


zones = st.sampled_from(["Europe/Paris", "America/Montreal", "Australia/Lord_Howe", "UTC"]).map(ZoneInfo)
hours = st.times().map(lambda t: t.replace(second=0, microsecond=0))
rhythm_values = st.builds(
    Rhythm,
    every_weeks=st.integers(1, 12),
    starts_on=st.dates(date(2024, 1, 1), date(2030, 1, 1)),
    opens=hours,
    closes_after=st.integers(1, 14),
    closes=hours,
    hand_over=st.none() | st.just(HandOverTime(2, time(17), time(19))),
    skip_months=st.sets(st.integers(1, 12), max_size=11).map(frozenset),
)
moments = st.datetimes(datetime(2023, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC))


@given(rhythm_values, zones, moments, st.integers(1, 8))
def test_coming_sales_are_in_order_on_their_weekday_at_their_hour_and_never_in_a_month_left_out(
    rhythm, zone, after, ahead
):
    found = coming(rhythm, zone, [], after=after, ahead=ahead)

    assert [one.opens_at for one in found] == sorted({one.opens_at for one in found})
    for one in found:
        assert after < one.opens_at < one.closes_at
        assert one.on.weekday() == rhythm.starts_on.weekday() and (one.on - rhythm.starts_on).days >= 0
        assert (one.on - rhythm.starts_on).days % (7 * rhythm.every_weeks) == 0
        assert one.on.month not in rhythm.skip_months
        there = one.opens_at.astimezone(UTC).astimezone(zone)
        is_in_a_gap = there.time() != rhythm.opens
        assert not is_in_a_gap or there - one.opens_at.replace(tzinfo=zone) < timedelta(hours=1)
        assert (one.opens_at.time(), one.closes_at.time()) == (rhythm.opens, rhythm.closes)


@given(rhythm_values, zones, moments, st.integers(1, 5), st.integers(0, 400))
def test_asked_later_the_calendar_says_the_same_of_what_is_still_to_come(rhythm, zone, after, ahead, days):
    later = after + timedelta(days=days)

    first = [one.on for one in coming(rhythm, zone, [], after=after, ahead=ahead + 60) if one.opens_at > later]

    assert [one.on for one in coming(rhythm, zone, [], after=later, ahead=ahead)][: len(first)] == first[:ahead]
