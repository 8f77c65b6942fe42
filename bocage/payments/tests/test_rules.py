"""What is heard of an attempt adds up to the same, in whatever order and however often it is heard."""

from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bocage.payments.rules import CHARGE, ENDED, OPEN, REFUND, SUCCEEDED, WRITTEN, join

STATES = st.sampled_from([WRITTEN, OPEN, ENDED, SUCCEEDED])
KINDS = st.sampled_from([CHARGE, REFUND])


@given(KINDS, st.lists(STATES, min_size=1), st.randoms())
def test_the_order_and_the_number_of_sayings_do_not_matter(kind, said, random):
    told = said * 2
    random.shuffle(told)

    assert reduce(lambda one, other: join(kind, one, other), told) == reduce(
        lambda one, other: join(kind, one, other), said
    )


@pytest.mark.parametrize("other", [WRITTEN, OPEN, ENDED, SUCCEEDED])
def test_a_charge_that_succeeded_stays_so(other):
    assert join(CHARGE, SUCCEEDED, other) == SUCCEEDED


def test_a_refund_that_the_bank_sends_back_did_not_happen():
    assert join(REFUND, SUCCEEDED, ENDED) == ENDED
