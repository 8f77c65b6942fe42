from itertools import combinations
from math import dist

from hypothesis import given
from hypothesis import strategies as st

from bocage.web.rules import APART, MIDDLE, ROOM, Point, on_map

MALVRAN = Point(48.421, -1.015)


def test_the_centre_stands_on_the_drawn_town_north_is_up_and_east_is_right():
    centre, north, east = on_map([MALVRAN, Point(48.45, -1.015), Point(48.421, -0.97)], MALVRAN)

    assert centre == (round(MIDDLE[0]), round(MIDDLE[1]))
    assert north[0] == centre[0] and north[1] < centre[1]
    assert east[1] == centre[1] and east[0] > centre[0]


def test_both_axes_share_one_scale():
    _, north, east = on_map([MALVRAN, Point(48.421 + 0.04, -1.015), Point(48.421, -1.015 + 0.0603)], MALVRAN)

    assert abs((MIDDLE[1] - north[1]) - (east[0] - MIDDLE[0])) <= 2


points = st.builds(Point, st.floats(48.0, 49.0), st.floats(-1.5, -0.5))


@given(st.lists(points, max_size=12))
def test_every_pin_stays_near_the_part_that_is_always_in_sight(found):
    left, right, top, bottom = ROOM

    for x, y in on_map(found, MALVRAN):
        assert left - 6 * APART <= x <= right + 6 * APART
        assert top - 6 * APART <= y <= bottom + 6 * APART


def test_pins_of_one_town_step_aside_for_each_other():
    placed = on_map([MALVRAN] * 5, MALVRAN)

    assert all(dist(a, b) >= APART - 1.5 for a, b in combinations(placed, 2))
