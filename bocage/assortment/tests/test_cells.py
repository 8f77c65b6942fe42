import pytest
from hypothesis import given
from hypothesis import strategies as st

from bocage.assortment.rules import cells


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        ("product", "  Poireaux ", "Poireaux"),
        ("size", "1,5 kg", "weight:1500:kg"),
        ("size", "6", "items:6"),
        ("size", "10 oz", "weight:567/2:oz"),
        ("size", "2 mg", "weight:1/500:mg"),
        ("size", "0,5", "items:1/2"),
        ("price", "2,40", "240"),
        ("price", "12.5 €", "1250"),
        ("own_price", "", ""),
        ("stock", "14", "14"),
        ("stock", "1 200", "1200"),
        ("stock", "À la demande", "*"),
        ("stock", "on demand", "*"),
        ("stock", "", ""),
        ("for_sale", "Oui", "yes"),
        ("for_sale", "", "no"),
        ("vat", "", ""),
        ("vat", "3", "3"),
    ],
)
def test_a_cell_is_read_as_people_type_it(column, text, value):
    assert cells.parse(column, text, "EUR") == value


@pytest.mark.parametrize(
    ("column", "text", "refusal"),
    [
        ("size", "a few", cells.NotASize),
        ("size", "0 g", cells.NotASize),
        ("price", "", cells.NotAnAmount),
        ("price", "cheap", cells.NotAnAmount),
        ("stock", "-3", cells.NotACount),
        ("stock", "2,5", cells.NotACount),
        ("category", "", cells.NotInTheList),
        ("vat", "5.5 %", cells.NotInTheList),
        ("for_sale", "perhaps", cells.NotInTheList),
        ("sku", "x" * 61, cells.TooLong),
    ],
)
def test_what_a_cell_cannot_hold_is_refused_in_words(column, text, refusal):
    with pytest.raises(refusal):
        cells.parse(column, text, "EUR")


@given(
    st.sampled_from(["fr", "en"]),
    st.one_of(
        st.tuples(st.just("price"), st.integers(0, 10**7).map(str)),
        st.tuples(st.just("stock"), st.integers(0, 10**6).map(str) | st.just(cells.ON_DEMAND)),
        st.tuples(st.just("size"), st.tuples(st.sampled_from(["weight", "volume", "items"]), st.integers(1, 10**7)).map(
            lambda one: f"{one[0]}:{one[1]}"
        )),
    ),
)  # fmt: skip
def test_what_an_editor_shows_means_what_the_cell_holds(language, cell):
    column, value = cell

    again = cells.parse(column, cells.typed(column, value, language, "EUR"), "EUR")

    assert again == value or (column == "size" and cells.is_same_size(again, value))


def test_sizes_are_the_same_in_any_metric_measure_but_not_in_another_system():
    assert cells.is_same_size("weight:500", "weight:500:kg")
    assert not cells.is_same_size("weight:567/2:oz", "weight:567/2:g")
    assert not cells.is_same_size("weight:500", "volume:500")
