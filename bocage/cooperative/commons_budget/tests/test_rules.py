"""Self-financing, break-even, reserves: the worked examples 11 to 13, and what must not be shown."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bocage.commons.money import round_half_up
from bocage.cooperative.commons_budget.rules.periods import Movement, Quarter, month_after, quarter_of, summed
from bocage.cooperative.commons_budget.rules.ratios import (
    BreakEven,
    concentration,
    coverage,
    kept_of,
    middle,
    months_until,
    reserve_months,
)


def test_contributions_pay_45_percent_and_with_services_55():
    assert coverage(5_400_000, 12_000_000) == Fraction(45, 100)
    assert coverage(5_400_000, 12_000_000, services=1_200_000) == Fraction(55, 100)
    assert coverage(5_400_000, 0) is None


def test_the_turnover_that_would_carry_everything():
    even = BreakEven(12_000_000, 0, 1_200_000, Fraction(30_000), 180, rate=Fraction(1, 100))

    assert even.turnover_needed == 1_080_000_000
    assert BreakEven(12_000_000, 0, 0, Fraction(30_000), 180).turnover_needed is None


def test_385_shops_carry_it_after_26_months_at_three_percent():
    even = BreakEven(fixed=11_352_000, variable=3_600, services=1_200_000, mean=Fraction(30_000), shops=180)

    assert even.shops_needed == 385
    assert even.months_at(Fraction(3, 100)) == 26
    assert even.months_at(Fraction(0)) is None


def test_no_number_of_shops_does_where_each_costs_what_it_brings():
    assert BreakEven(100, 300, 0, Fraction(300), 10).shops_needed is None


def test_enough_shops_are_enough_today_and_none_never_grow():
    assert (months_until(385, 385, Fraction(0)), months_until(0, 1, Fraction(1, 2))) == (0, None)


@given(st.integers(1, 500), st.integers(1, 2000), st.integers(1, 200))
def test_the_months_found_are_the_first_that_do(now, needed, permille):
    growth = 1 + Fraction(permille, 1000)
    months = months_until(now, needed, growth - 1)

    if months is not None and months < 60:
        assert now * growth**months >= needed
        assert months == 0 or now * growth ** (months - 1) < needed


@pytest.mark.parametrize(
    ("surplus", "capital", "legal_reserve", "kept"),
    [
        (2_000_000, 50_000_000, 0, (300_000, 850_000, 1_150_000)),
        (2_000_000, 1_000_000, 900_000, (100_000, 950_000, 1_050_000)),
        (-5, 1_000_000, 0, (0, 0, 0)),
    ],
)
def test_a_scic_keeps_57_and_a_half_percent_until_its_legal_reserve_is_full(surplus, capital, legal_reserve, kept):
    found = kept_of(surplus, capital=capital, legal_reserve=legal_reserve)

    assert (found.legal, found.statutory, found.together) == kept


def test_reserves_in_months_and_the_part_of_the_five_largest():
    assert round_half_up(reserve_months(240_000, 1_200_000) * 10) == 24
    assert concentration([10, 10, 10, 10, 10, 50]) == Fraction(9, 10)


def test_figures_of_fewer_than_five_shops_are_not_shown():
    assert concentration([1, 2, 3, 4]) is None
    assert middle([1, 2, 3, 4]) is None
    assert middle([1, 2, 3, 4, 100]) == 3


def test_kinds_of_income_are_summed_apart_and_capital_is_no_income():
    month = date(2026, 3, 1)
    moved = [
        Movement(month, "cost", "hosting", 100),
        Movement(month, "income", "contribution:7", -40),
        Movement(month, "income", "contribution", -5),
        Movement(month, "income", "grant", -60),
        Movement(month, "funds", "share_capital", -999),
        Movement(month_after(month), "cost", "hosting", 7),
    ]

    sums = summed(moved, month, month_after(month))

    assert (sums.cost, sums.contributions, sums.gap_filled, sums.by_shop) == (100, 45, 60, {7: 40})
    assert dict(sums.funds) == {"share_capital": 999}
    assert sums.result == 5


def test_quarters_follow_each_other_over_the_year():
    assert str(quarter_of(date(2026, 11, 24))) == "2026-Q4"
    assert (Quarter(2026, 1).before, Quarter(2026, 4).until) == (Quarter(2025, 4), date(2027, 1, 1))
