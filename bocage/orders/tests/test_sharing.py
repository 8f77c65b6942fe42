"""What came is shared to the last unit, and nobody gets more than they ordered."""

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bocage.orders.sharing import NotShort, Sharing, batches, share

ORDERED = st.lists(st.integers(0, 40), min_size=1, max_size=12).filter(any)


@st.composite
def shortages(draw, ordered=ORDERED):
    units = draw(ordered)
    return draw(st.integers(0, sum(units) - 1)), units


@given(shortages(), st.sampled_from(Sharing))
def test_the_shares_add_up_to_what_came_and_nobody_gets_more_than_ordered(shortage, rule):
    came, ordered = shortage

    shares = share(came, ordered, rule)

    assert sum(shares) == came
    assert all(0 <= got <= wanted for got, wanted in zip(shares, ordered, strict=True))


@given(shortages())
def test_first_come_cuts_nobody_before_all_who_came_later_go_without(shortage):
    came, ordered = shortage

    shares = share(came, ordered, Sharing.FIRST)

    first_cut = next(place for place, got in enumerate(shares) if got < ordered[place])
    assert shares[first_cut + 1 :] == [0] * (len(ordered) - first_cut - 1)


@given(shortages())
def test_in_proportion_everybody_is_within_one_unit_of_their_exact_part(shortage):
    came, ordered = shortage

    shares = share(came, ordered, Sharing.EVEN)

    total = sum(ordered)
    assert all(abs(got * total - came * units) < total for got, units in zip(shares, ordered, strict=True))


@given(shortages(st.lists(st.integers(0, 6), min_size=1, max_size=6).filter(any)))
def test_no_other_way_cuts_fewer_customers(shortage):
    came, ordered = shortage

    cut = sum(got < units for got, units in zip(share(came, ordered, Sharing.FEWEST), ordered, strict=True))

    missing = sum(ordered) - came
    fewest = next(n for n in range(1, 7) if any(sum(some) >= missing for some in combinations(ordered, n)))
    assert cut == fewest


@pytest.mark.parametrize(
    ("rule", "shares"),
    [
        (Sharing.FIRST, [2, 5, 1, 0]),
        (Sharing.EVEN, [2, 3, 2, 1]),
        (Sharing.FEWEST, [2, 1, 3, 2]),
    ],
)
def test_eight_of_twelve_by_each_rule(rule, shares):
    assert share(8, [2, 5, 3, 2], rule) == shares


def test_of_equal_orders_the_latest_is_cut_first():
    assert share(5, [3, 3], Sharing.FEWEST) == [3, 2]


@pytest.mark.parametrize("came", [-1, 6, 7])
def test_what_is_no_shortage_is_refused(came):
    with pytest.raises(NotShort):
        share(came, [2, 4], Sharing.EVEN)


def test_a_group_buys_by_batches():
    assert batches(21_000, 25_000) == (Fraction(21, 25), 4_000)
    assert batches(50_000, 25_000) == (2, 0)
