from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bocage.order_cycles import rules
from bocage.order_cycles.rules import State, Window

MONDAY, WEDNESDAY = datetime(2026, 10, 5, 6, tzinfo=UTC), datetime(2026, 10, 7, 18, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (MONDAY - MINUTE, State.UPCOMING),
        (MONDAY, State.OPEN),
        (WEDNESDAY - MINUTE, State.OPEN),
        (WEDNESDAY, State.CLOSED),
    ],
)
def test_a_cycle_is_open_from_its_opening_up_to_its_closing(now, state):
    assert rules.state(MONDAY, WEDNESDAY, now) is state


def test_a_cycle_has_a_name_and_some_time():
    with pytest.raises(rules.CycleNeedsAName):
        rules.check_cycle(" ", MONDAY, WEDNESDAY)
    with pytest.raises(rules.CycleClosesBeforeItOpens):
        rules.check_cycle("S41", MONDAY, MONDAY)


def test_each_method_hands_over_once_and_ends_after_it_starts():
    methods = {1: "À la halle"}
    fine = Window(1, MONDAY, WEDNESDAY)
    rules.check_windows([fine], methods)

    with pytest.raises(rules.MethodNotOfThisHub):
        rules.check_windows([fine, fine], methods)
    with pytest.raises(rules.MethodNotOfThisHub):
        rules.check_windows([Window(2, MONDAY, WEDNESDAY)], methods)
    with pytest.raises(rules.HandOverEndsBeforeItStarts):
        rules.check_windows([Window(1, MONDAY, MONDAY)], methods)


def test_a_week_later_is_the_same_hour_on_the_wall_when_summer_time_ends():
    old, new = datetime(2026, 10, 20, 18, tzinfo=UTC), datetime(2026, 10, 27, 19, tzinfo=UTC)
    by = rules.wall_distance(old, new, PARIS)

    assert by == timedelta(days=7)
    assert rules.moved(datetime(2026, 10, 23, 15, tzinfo=UTC), by, PARIS) == datetime(2026, 10, 30, 16, tzinfo=UTC)
