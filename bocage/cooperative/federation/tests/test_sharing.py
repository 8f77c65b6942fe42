"""Keys and sharing: the table of twenty instances, the worked examples, and what must hold for all."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bocage.commons.money import Money, parse_minor, round_half_up
from bocage.cooperative.federation.rules import currencies
from bocage.cooperative.federation.rules.keys import (
    USUAL,
    Figures,
    Group,
    ImpossibleTerms,
    Key,
    allocate,
    needed_turnover,
    without_largest,
)
from bocage.cooperative.federation.rules.sharing import quarters, share

POT = 60_000_000
TABLE = list(csv.DictReader((Path(__file__).parent / "instances.csv").read_text("utf-8").splitlines()))


def figures(tariff=Fraction(35, 1000)):
    return [
        Figures(
            row["code"],
            Group(row["group"]),
            parse_minor(row["turnover"]),
            parse_minor(row["turnover"]) * tariff,
        )
        for row in TABLE
    ]


@pytest.mark.parametrize("key", ["K1", "K2", "K3", "K4", "K5", "K6"])
def test_the_table_of_twenty_instances_comes_out_to_the_cent(key):
    expected = {row["code"]: parse_minor(row.get(key, "30000.00")) for row in TABLE}

    allocation = allocate(POT, figures(), USUAL[Key(key)])

    assert {part.figures.code: part.amount_minor for part in allocation.parts} == expected
    assert allocation.uncovered_minor == 0


def test_at_one_percent_the_ability_to_pay_leaves_a_part_uncovered_and_says_what_would_carry_it():
    allocation = allocate(POT, figures(Fraction(1, 100)), USUAL[Key.ABLE])

    assert (allocation.covered_minor, allocation.uncovered_minor) == (23_884_397, 36_115_603)
    assert needed_turnover(POT, Fraction(40, 100), Fraction(1, 100)) == 150_000_000_00
    assert round_half_up(needed_turnover(POT, Fraction(40, 100), Fraction(35, 1000))) == 42_857_142_86
    assert needed_turnover(POT, Fraction(40, 100), Fraction(0)) is None


def test_small_instances_pay_far_too_much_of_their_turnover_under_k3_and_never_much_of_their_income_under_k6():
    worst = {key: allocate(POT, figures(), USUAL[key]).worst for key in (Key.MIXED, Key.SOLIDARY)}

    assert {key: (one.figures.code, round(one.of_turnover * 100)) for key, one in worst.items()} == {
        Key.MIXED: ("I19", 81),
        Key.SOLIDARY: ("I19", 16),
    }
    able = allocate(POT, figures(), USUAL[Key.ABLE])
    assert max(part.of_income for part in able.parts if part.of_income is not None) <= Fraction(40, 100)


@pytest.mark.parametrize(
    ("pot", "weights", "parts"),
    [
        ("100.00", {"A": 1, "B": 1, "C": 1}, ["33.34", "33.33", "33.33"]),
        ("1000.00", {"A": 5, "B": 3, "C": 1}, ["555.56", "333.33", "111.11"]),
        ("600000.01", {"A": 1, "B": 1, "C": 1}, ["200000.01", "200000.00", "200000.00"]),
    ],
)
def test_spare_cents_go_to_the_largest_remainder_then_by_code(pot, weights, parts):
    assert list(share(parse_minor(pot), weights).parts.values()) == [parse_minor(part) for part in parts]


def test_what_is_above_a_cap_is_shared_among_the_others_and_what_none_can_carry_stays_uncovered():
    weights, cap = {"A": 50, "B": 30, "C": 15, "D": 5}, 24_000_000
    able = {"A": 20_000_000, "B": 10_000_000, "C": 3_600_000, "D": 480_000}

    capped = share(POT, weights, dict.fromkeys(weights, cap))
    both = share(POT, weights, {code: min(cap, one) for code, one in able.items()})

    assert list(capped.parts.values()) == [24_000_000, 21_600_000, 10_800_000, 3_600_000]
    assert (list(both.parts.values()), both.uncovered) == (list(able.values()), 25_920_000)


def test_a_year_splits_into_quarters_with_the_spare_cents_first():
    assert quarters(4_712_345) == (1_178_087, 1_178_086, 1_178_086, 1_178_086)


def test_without_any_turnover_the_fixed_part_shares_everything():
    poor = [replace(one, turnover_minor=0) for one in figures()[:3]]

    assert [part.amount_minor for part in allocate(900, poor, USUAL[Key.TURNOVER]).parts] == [300, 300, 300]
    assert allocate(900, [], USUAL[Key.ABLE]).uncovered_minor == 900


def test_parameters_beyond_a_whole_are_refused():
    with pytest.raises(ImpossibleTerms):
        allocate(POT, figures(), replace(USUAL[Key.ABLE], fixed=Fraction(101, 100)))
    with pytest.raises(ImpossibleTerms):
        allocate(-1, figures(), USUAL[Key.EQUAL])


def test_the_largest_instance_can_be_thought_away():
    assert [one.code for one in without_largest(figures())] == [row["code"] for row in TABLE[1:]]


INSTANCES = st.lists(
    st.tuples(st.sampled_from(list(Group)), st.integers(0, 10**11), st.integers(0, 10**9)), min_size=1, max_size=12
).map(lambda rows: [Figures(f"I{n:02}", *row) for n, row in enumerate(rows)])
PARTS = st.integers(0, 100).map(lambda percent: Fraction(percent, 100))
TERMS = st.builds(
    lambda key, fixed, ceiling, ability: replace(USUAL[key], fixed=fixed, ceiling=ceiling, ability=ability),
    st.sampled_from(list(Key)), PARTS, PARTS, PARTS,
)  # fmt: skip


@settings(max_examples=50)
@given(st.integers(0, 10**9), INSTANCES, TERMS, st.randoms(use_true_random=False))
def test_parts_and_what_is_uncovered_make_the_pot_nobody_is_above_its_cap_and_order_means_nothing(
    pot, instances, terms, random
):
    allocation = allocate(pot, instances, terms)
    shuffled = random.sample(instances, len(instances))

    assert sum(part.amount_minor for part in allocation.parts) + allocation.uncovered_minor == pot
    if terms.key in (Key.CAPPED, Key.ABLE):
        assert all(part.amount_minor <= pot * terms.ceiling for part in allocation.parts)
    if terms.key == Key.ABLE:
        assert all(part.amount_minor <= part.figures.income_minor * terms.ability for part in allocation.parts)
    by_code = {part.figures.code: part.amount_minor for part in allocation.parts}
    assert {part.figures.code: part.amount_minor for part in allocate(pot, shuffled, terms).parts} == by_code


@settings(max_examples=50)
@given(
    st.integers(0, 10**9),
    INSTANCES,
    st.sampled_from([Key.TURNOVER, Key.MIXED, Key.SOLIDARY]),
    PARTS.filter(lambda f: f < 1),
)
def test_more_turnover_never_pays_less_within_a_group(pot, instances, key, fixed):
    parts = allocate(pot, instances, replace(USUAL[key], fixed=fixed)).parts

    for group in Group:
        same = sorted((part.figures.turnover_minor, part.amount_minor) for part in parts if part.figures.group == group)
        assert all(low[1] <= high[1] for low, high in pairwise(same) if low[0] < high[0])


def test_currencies_are_turned_once_to_their_smallest_unit():
    assert currencies.in_euros(Money(540_000_000, "GBP"), currencies.rate("0.8500")) == Money(635_294_118)
    assert currencies.from_euros(Money(4_712_345), "GBP", currencies.rate("0.8462")) == Money(3_987_586, "GBP")
    assert currencies.from_euros(Money(1_000), "JPY", currencies.rate("161.37")) == Money(1_614, "JPY")


def test_a_year_has_the_mean_of_its_published_rates_and_a_day_without_one_the_last_before_it():
    published = {
        date(2025, 1, 2): Fraction("0.8437"),
        date(2025, 1, 3): Fraction("0.8440"),
        date(2026, 1, 2): Fraction("0.9"),
    }

    assert currencies.yearly_mean(published, 2025) == Fraction("0.8439")  # 0.84385
    assert currencies.rate_of(published, date(2025, 1, 5)) == Fraction("0.8440")
    assert (currencies.yearly_mean(published, 2024), currencies.rate_of(published, date(2024, 1, 5))) == (None, None)
