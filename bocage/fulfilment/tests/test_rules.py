import pytest
from hypothesis import given
from hypothesis import strategies as st

from bocage.fulfilment.grouping import around, cut
from bocage.fulfilment.rules import (
    AlreadyHandedOver,
    OrderIsCancelled,
    check_packable,
    is_called,
    is_complete,
    plain_cell,
)


def test_a_basket_is_complete_once_every_line_is_ticked():
    assert [is_complete([1, 2], ticked) for ticked in ([], [1], [1, 2], [1, 2, 9])] == [False, False, True, True]


def test_an_empty_basket_is_never_complete():
    assert is_complete([], []) is False


def test_a_cancelled_order_is_not_packed():
    with pytest.raises(OrderIsCancelled):
        check_packable(ref="R7K2M9", is_cancelled=True, is_handed_over=False)


def test_what_was_handed_over_is_not_packed_again():
    with pytest.raises(AlreadyHandedOver):
        check_packable(ref="R7K2M9", is_cancelled=False, is_handed_over=True)


@pytest.mark.parametrize("typed", ["=1+1", "+33 6", "-2+3", "-2\n=1", "@cmd", "\t=1", "\r=1"])
def test_no_cell_begins_like_a_formula(typed):
    assert plain_cell(typed) == f"'{typed}"


@pytest.mark.parametrize("cell", ["Poireaux", "", "-3,50", "12.00", -250, 3.5, None])
def test_other_cells_stay_as_they_are(cell):
    assert plain_cell(cell) == cell


@pytest.mark.parametrize(
    ("text", "is_meant"),
    [("12", True), ("012", True), ("1", False), ("helene", True), ("LE BIHAN", True), ("k2m9", True), ("erwan", False)],
)
def test_a_crate_is_called_by_its_number_or_a_part_of_its_name_or_order(text, is_meant):
    assert is_called(text, number=12, name="Hélène Le Bihan", ref="R7K2M9") is is_meant


@given(st.integers(0, 40), st.integers(1, 9))
def test_pages_of_a_list_hold_each_row_once_in_its_order(length, limit):
    rows, seen, after = [f"R{number}" for number in range(length)], [], ""
    while True:
        page = cut(rows, str, after=after, limit=limit)
        seen += page.rows
        assert (page.total, page.shown <= limit) == (length, True)
        if not (after := page.next):
            break

    assert seen == rows


@given(st.integers(1, 40), st.integers(1, 9), st.data())
def test_neighbours_hold_the_row_itself_and_as_many_as_may_be(length, limit, data):
    here = data.draw(st.integers(0, length - 1))

    near = around(range(length), here, limit=limit)

    assert here in near
    assert len(near) == min(limit, length)
