"""Small figures stay within their field."""

from hypothesis import given
from hypothesis import strategies as st

from bocage.commons.money import Money
from bocage.ui import charts
from bocage.ui.samples import Row


def test_a_curve_goes_from_left_to_right_and_touches_its_lowest_and_highest():
    assert charts.spark_line([1, 3, 2]) == "M0.0 35.0L80.0 3.0L160.0 19.0"


def test_a_curve_of_one_point_is_a_level_line():
    assert charts.spark_line([5]) == "M0 35.0H160"


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=6))
def test_a_bar_fills_its_width_and_hides_no_part(amounts):
    drawn = charts.bar_parts([Row(kind="hub", amount=Money(amount)) for amount in amounts])

    assert min(float(part.width) for part in drawn) >= 8
    assert float(drawn[-1].x) + float(drawn[-1].width) <= 1000.5
