from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bocage.commons.measures import measure_of, parse_number, parse_size, typed, whole
from bocage.commons.searching import folded


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("500 g", ("weight", 500)),
        ("1,5 kg", ("weight", 1500)),
        ("1.75KG", ("weight", 1750)),
        ("2.5 T", ("weight", 2_500_000)),
        ("500000 mg", ("weight", 500)),
        ("10 oz", ("weight", 284)),
        ("2 lb", ("weight", 907)),
        ("750 mL", ("volume", 750)),
        ("75 cl", ("volume", 750)),
        ("1,125 L", ("volume", 1125)),
        ("1 kL", ("volume", 1_000_000)),
        ("1 gal", ("volume", 4546)),
        ("6", ("items", 6)),
        ("6 pièces", ("items", 6)),
        ("1 000 g", ("weight", 1000)),
    ],
)
def test_a_size_is_read_as_people_type_it(text, size):
    assert parse_size(text) == size


@pytest.mark.parametrize(
    "text", ["", "kg", "0 g", "-1 kg", "0,5", "500 mg", "3 bunches of 2", "1,2,3 kg", "9999999 kL", "5 furlongs"]
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


@given(st.sampled_from(["weight", "volume", "items"]), st.integers(1, 10**8))
def test_a_size_written_and_read_again_is_the_same(unit, size):
    amount, code = typed(unit, size)

    assert parse_size(f"{amount} {code}") == (unit, size)
    assert whole(parse_number(amount.replace(".", ",")), measure_of(code)) == size


def test_words_are_compared_without_case_accents_and_ligatures():
    assert folded("  Œufs   de POULE, Épinards d’été ") == "oeufs de poule, epinards d'ete"
