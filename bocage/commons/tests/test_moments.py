"""Periods: half-open, and open-ended ones."""

from datetime import UTC, datetime, timedelta

from bocage.commons.moments import Period

START = datetime(2026, 6, 16, 9, 0, tzinfo=UTC)
END = START + timedelta(days=2)
INSTANT = timedelta(microseconds=1)


def test_a_period_has_its_start_and_not_its_end():
    period = Period(START, END)

    assert [moment in period for moment in (START - INSTANT, START, END - INSTANT, END)] == [False, True, True, False]


def test_a_period_without_end_never_ends():
    assert START + timedelta(days=10_000) in Period(START, None)
    assert START - INSTANT not in Period(START, None)


def test_an_empty_period_has_no_moment():
    assert START not in Period(START, START)
