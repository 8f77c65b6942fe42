"""Money: exact, never mixed, rounded once."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bocage.commons.money import CurrencyMismatch, Money, parse_minor, plain, round_half_up, share_out, total

cents = st.integers(-(10**12), 10**12)
fractions = st.fractions(max_denominator=10**6)


def test_amounts_add_subtract_and_multiply_exactly():
    price = Money(1250, "EUR")

    assert price + Money(5) - Money(255) == Money(1000)
    assert price * 3 == 3 * price == Money(3750)
    assert (-price, abs(-price), bool(Money(0))) == (Money(-1250), price, False)


def test_amounts_compare_by_value():
    assert Money(1) < Money(2) <= Money(2)
    assert Money(3) > Money(2) >= Money(2)


@pytest.mark.parametrize("mix", [lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a < b, lambda a, b: a >= b])
def test_two_currencies_never_mix(mix):
    with pytest.raises(CurrencyMismatch):
        mix(Money(1, "EUR"), Money(1, "CHF"))


@pytest.mark.parametrize("minor", [1.0, "1", True, Fraction(1)])
def test_only_whole_minor_units_make_an_amount(minor):
    with pytest.raises(TypeError):
        Money(minor)


def test_an_amount_is_multiplied_by_whole_numbers_only():
    with pytest.raises(TypeError):
        Money(1) * 0.5


def test_a_rate_is_applied_exactly_and_rounded_once():
    assert Money(105).times(Fraction(5, 100)) == Money(5)
    assert Money(110).times(Fraction(5, 100)) == Money(6)


@pytest.mark.parametrize(
    ("exact", "whole"), [("1/2", 1), ("-1/2", -1), ("3/2", 2), ("5/2", 3), ("249/100", 2), ("0", 0)]
)
def test_halves_go_away_from_zero(exact, whole):
    assert round_half_up(Fraction(exact)) == whole


@given(fractions)
def test_rounding_is_symmetric(exact):
    assert round_half_up(-exact) == -round_half_up(exact)


@given(fractions)
def test_rounding_moves_by_at_most_a_half(exact):
    assert abs(round_half_up(exact) - exact) <= Fraction(1, 2)


@given(st.lists(cents))
def test_a_total_is_the_sum_of_its_parts(minors):
    assert total([Money(minor, "CHF") for minor in minors], "CHF") == Money(sum(minors), "CHF")


@given(cents, st.lists(st.integers(0, 10**6), min_size=1).filter(any))
def test_sharing_out_loses_no_cent(minor, weights):
    assert total(share_out(Money(minor), weights)) == Money(minor)


@given(cents, st.lists(st.integers(0, 10**6), min_size=1).filter(any))
def test_each_share_is_within_a_cent_of_its_exact_part(minor, weights):
    parts = share_out(Money(minor), weights)

    assert all(abs(part.minor - Fraction(minor * w, sum(weights))) < 1 for part, w in zip(parts, weights, strict=True))


def test_left_over_cents_go_to_the_largest_remainders_first_come_first_served():
    assert share_out(Money(100), [1, 1, 1]) == [Money(34), Money(33), Money(33)]
    assert share_out(Money(-10), [1, 2, 0]) == [Money(-3), Money(-7), Money(0)]


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1]])
def test_there_is_no_sharing_out_among_nobody(weights):
    with pytest.raises(ValueError, match="weights"):
        share_out(Money(1), weights)


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("12,5", 1250),
        ("12.50", 1250),
        ("1 234,56 €", 123456),
        ("1\u202f234,56\u00a0€", 123456),
        ("-3", -300),
        ("−3", -300),
        ("+3", 300),
        (",5", 50),
        ("3,", 300),
    ],
)
def test_amounts_are_read_as_people_type_them(typed, minor):
    assert parse_minor(typed) == minor


@pytest.mark.parametrize("typed", ["", " ", "€", ".", "1,234", "1.2.3", "12e3", "abc", "--3", "٣", "1" * 13])
def test_anything_else_is_no_amount(typed):
    with pytest.raises(ValueError, match="not an amount"):
        parse_minor(typed)


def test_a_currency_without_cents_takes_none():
    assert parse_minor("1200", "JPY") == 1200
    with pytest.raises(ValueError, match="not an amount"):
        parse_minor("12,5", "JPY")


@given(cents)
def test_what_is_written_can_be_read_again(minor):
    sign, size = "-" if minor < 0 else "", abs(minor)

    assert parse_minor(f"{sign}{size // 100:,}".replace(",", "\u00a0") + f",{size % 100:02d} €") == minor


def test_programs_read_an_amount_with_all_its_decimals_and_no_others():
    told = [
        plain(Money(minor, currency)) for minor, currency in [(1250, "EUR"), (-5, "EUR"), (0, "CHF"), (-1200, "JPY")]
    ]

    assert told == ["12.50", "-0.05", "0.00", "-1200"]
