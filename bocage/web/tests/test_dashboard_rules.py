from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bocage.commons.money import Money
from bocage.web.dashboard.rules import Placed, Sold, Span, Week, change_percent, lay_out, running_totals

NOW = datetime(2026, 6, 16, 9, 0, tzinfo=UTC)
WEEK = Week.around(NOW, ZoneInfo("Europe/Paris"))


def span(start: float, end: float, *, key: int = 0, width: int = 1) -> Span:
    """From so many days after the ribbon's first midnight to so many."""
    return Span("sale", key, WEEK.start + timedelta(days=start), WEEK.start + timedelta(days=end), width)


def test_the_week_begins_the_day_before_today_in_the_readers_zone():
    assert (WEEK.days[0], WEEK.today, WEEK.days[-1]) == (date(2026, 6, 15), date(2026, 6, 16), date(2026, 6, 21))


def test_a_moment_late_in_the_evening_belongs_to_the_next_day_of_the_zone():
    late = datetime(2026, 6, 15, 22, 30, tzinfo=UTC)

    assert WEEK.column(late) == 5


def test_spans_that_overlap_lie_in_lanes_of_their_own():
    first, second, third = span(0, 2, key=1), span(1, 3, key=2), span(4, 5, key=3)

    placed = lay_out(WEEK, [third, second, first])

    assert [(one.span.key, one.lane) for one in placed] == [(1, 1), (2, 2), (3, 1)]


def test_what_lies_outside_the_week_is_left_out_and_what_goes_beyond_is_cut():
    before, beyond, after = span(-3, -1), span(-2, 9), span(8, 9)

    assert lay_out(WEEK, [before, beyond, after]) == [Placed(beyond, 1, 29, 1, True, True)]


def test_a_short_moment_at_the_end_of_the_week_keeps_its_width_inside():
    (placed,) = lay_out(WEEK, [span(6.9, 6.95, width=4)])

    assert (placed.start, placed.end) == (25, 29)


def test_running_totals_carry_over_days_without_orders():
    days = [date(2026, 6, day) for day in (1, 2, 3)]

    assert running_totals(days, {days[0]: 5, days[2]: 7}) == [5, 5, 12]


def test_the_average_basket_is_rounded_once():
    assert [Sold(Money(amount), orders).basket for amount, orders in ((1000, 3), (1001, 2), (0, 0))] == [
        Money(333),
        Money(501),
        Money(0),
    ]


def test_a_change_is_given_in_whole_percents_and_not_from_nothing():
    assert [change_percent(now, before) for now, before in ((109, 100), (50, 200), (5, 0))] == [9, -75, None]
