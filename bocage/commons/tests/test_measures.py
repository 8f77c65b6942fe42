from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bocage.commons.measures import MEASURES, decimal, exact, measure_of, parse_number, parse_size, size_of, typed
from bocage.commons.searching import folded


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("500 g", ("weight", 500, "g")),
        ("1,5 kg", ("weight", 1500, "kg")),
        ("1.75KG", ("weight", 1750, "kg")),
        ("2.5 T", ("weight", 2_500_000, "t")),
        ("500000 mg", ("weight", 500, "mg")),
        ("2 mg", ("weight", Fraction(2, 1000), "mg")),
        ("0,5 g", ("weight", Fraction(1, 2), "g")),
        ("10 oz", ("weight", Fraction("283.5"), "oz")),
        ("0.5 oz", ("weight", Fraction("14.175"), "oz")),
        ("2 lb", ("weight", Fraction("907.2"), "lb")),
        ("750 mL", ("volume", 750, "mL")),
        ("75 cl", ("volume", 750, "cL")),
        ("1,125 L", ("volume", 1125, "L")),
        ("5 dl", ("volume", 500, "dL")),
        ("1 kL", ("volume", 1_000_000, "kL")),
        ("1 gal", ("volume", Fraction("4546.09"), "gal")),
        ("6", ("items", 6, "")),
        ("6 pièces", ("items", 6, "")),
        ("0,5", ("items", Fraction(1, 2), "")),
        ("1 000 g", ("weight", 1000, "g")),
    ],
)
def test_a_size_is_read_as_people_type_it_and_kept_exactly(text, size):
    assert parse_size(text) == size


@pytest.mark.parametrize(
    "text", ["", "kg", "0 g", "-1 kg", "0.0000001 g", "3 bunches of 2", "1,2,3 kg", "9999999 kL", "5 furlongs"]
)
def test_what_is_no_size_is_refused(text):
    with pytest.raises(ValueError):
        parse_size(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,5", "1.5"),
        ("1 250,5", "1250.5"),
        ("1,234.50", "1234.5"),
        ("1.234,50", "1234.5"),
        ("-3", "-3"),
        (",5", "0.5"),
    ],
)
def test_a_number_is_read_with_either_decimal_sign(text, number):
    assert parse_number(text) == Fraction(number)


@pytest.mark.parametrize("text", ["", "-", "1e3", "douze", "1,2,3", "٣", "1/2"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError):
        parse_number(text)


@given(st.sampled_from(["weight", "volume", "items"]), st.integers(1, 10**12))
def test_a_size_written_and_read_again_is_the_same(unit, millionths):
    size = exact(Fraction(millionths, 10**6))

    amount, code = typed(unit, size)

    assert parse_size(f"{amount} {code}")[:2] == (unit, size)
    assert size_of(parse_number(amount.replace(".", ",")), measure_of(code)) == size


@given(st.sampled_from(list(MEASURES.values())), st.integers(1, 10**6), st.integers(0, 3))
def test_whatever_is_typed_in_a_measure_is_written_so_again(measure, digits, decimals):
    amount = Fraction(digits, 10**decimals)
    assume(10**6 % Fraction(amount * measure.scale).denominator == 0)
    assume(amount * measure.scale <= 2 * 10**9)

    unit, size, code = parse_size(f"{decimal(amount)} {measure.code}")

    assert (size, code) == (amount * measure.scale, measure.code)
    assert typed(unit, size, code) == (decimal(amount), measure.code)


def test_what_has_no_end_in_its_own_measure_is_written_in_another():
    assert typed("weight", 5000, "lb") == ("5", "kg")


def test_words_are_compared_without_case_accents_and_ligatures():
    assert folded("  Œufs   de POULE, Épinards d’été ") == "oeufs de poule, epinards d'ete"
