import pytest

from bocage.fulfilment.rules import AlreadyHandedOver, OrderIsCancelled, check_packable, is_complete, plain_cell


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
