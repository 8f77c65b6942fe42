"""Files as they come: encodings, delimiters, half-broken workbooks."""

from contextlib import suppress
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bocage.assortment.files import reading
from bocage.assortment.files.reading import read
from bocage.assortment.rules.sheet import letter
from bocage.assortment.tests import files
from bocage.assortment.tests.files import HEAD, LEEKS


def said(data):
    """Return what a file says: its rows as dictionaries without blanks."""
    return [{key: text for key, text in row.cells.items() if text} for row in read(data).rows]


LEEKS_SAID = {
    "producer": "Ferme du Gué",
    "name": "Poireaux",
    "category": "Légumes",
    "units": "800",
    "unit_type": "g",
    "price": "2,40",
    "on_hand": "12",
    "shipping_category": "Default",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_a_csv_is_read_in_any_usual_encoding_and_with_any_usual_delimiter(encoding, delimiter):
    assert said(files.csv(HEAD, LEEKS, delimiter=delimiter, encoding=encoding)) == [LEEKS_SAID]


def test_a_comma_between_cells_leaves_room_for_quoted_decimal_commas():
    quoted = [f'"{cell}"' for cell in LEEKS]

    assert said(files.csv(HEAD, quoted, delimiter=",")) == [LEEKS_SAID]


@pytest.mark.parametrize("make", [files.xlsx, files.ods])
def test_a_workbook_is_read_with_its_numbers(make):
    row = ["Ferme du Gué", "Poireaux", "", "Légumes", 800, "g", "", 2.4, 12.0, "", "", "", "Default"]

    assert said(make(HEAD, row)) == [LEEKS_SAID | {"price": "2.4"}]


def test_headings_are_known_in_french_english_and_the_fields_own_words():
    french = ["Ferme", "Produit", "Quantité", "Unité", "Prix", "En stock", "À la demande", "Présentation"]
    english = ["PRODUCER", "Product", "Size", "Unit", "Price", "On hand", "On demand", "How it comes"]
    fields = ["producer", "name", "units", "unit_type", "price", "on_hand", "on_demand", "variant_unit_name"]

    placed = [list(read(files.csv(head, ["x"] * 8)).positions) for head in (french, english, fields)]

    assert placed == [fields] * 3


def test_empty_rows_are_passed_over_and_lines_keep_the_numbers_of_the_file():
    found = list(read(files.csv([""] * 3, HEAD, LEEKS, [""] * 5, ["", " "], LEEKS)).rows)

    assert [row.line for row in found] == [3, 6]


def test_a_cell_with_a_line_break_does_not_shift_what_follows():
    broken = [*LEEKS[:1], '"Poireaux\nprimeurs"', *LEEKS[2:]]

    found = list(read(files.csv(HEAD, broken, LEEKS)).rows)

    assert [row.line for row in found] == [2, 4]
    assert found[0].cells["name"] == "Poireaux\nprimeurs"


def test_unknown_headings_are_named():
    assert read(files.csv([*HEAD, "Couleur"], [*LEEKS, "vert"])).unknown == ["Couleur"]


def test_dates_formulas_and_merged_cells_are_named_by_row_and_column():
    dated = [*LEEKS[:7], datetime(2026, 3, 2), *LEEKS[8:]]

    workbook = list(read(files.xlsx(HEAD, LEEKS, dated, LEEKS, LEEKS, formula="H2", merged="B4:B5")).rows)
    typed = list(read(files.csv(HEAD, [*LEEKS[:7], "=2*1.2", *LEEKS[8:]])).rows)
    table = list(read(files.ods(HEAD, [*LEEKS[:7], 2.5, *LEEKS[8:]], formula_in="2.5")).rows)

    assert [(row.line, row.wrong) for row in workbook] == [
        (2, (("price", "is_a_formula"),)),
        (3, (("price", "is_a_date"),)),
        (4, (("name", "is_merged"),)),
        (5, (("name", "is_merged"),)),
    ]
    assert [row.wrong for row in (*typed, *table)] == [(("price", "is_a_formula"),)] * 2


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", reading.NoRows),
        (b";;;\r\n", reading.NoRows),
        (files.csv(HEAD), reading.NoRows),
        (files.csv(HEAD, [""] * 5), reading.NoRows),
        (b"\x89PNG\x00\x00", reading.NotATable),
        (b"PK\x03\x04 nothing more", reading.NotATable),
        (b"\xd0\xcf\x11\xe0 neither", reading.NotATable),
        (files.csv(["Prix", "En stock"], ["2", "3"]), reading.NoHeadings),
        (files.csv(["name", "Produit"], ["a", "b"]), reading.HeadingTwice),
        ("name;price\nMâche;2".encode().decode("cp1252").encode(), reading.WrongEncoding),
        (b'name;price\n"Poireaux;2\n"a"b;3\n', reading.BrokenQuotes),
        (b"x" * (reading.MOST_BYTES + 1), reading.FileTooBig),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(data, refusal):
    with pytest.raises(refusal) as caught:
        list(read(data).rows)

    assert "%(" not in str(caught.value)


def test_more_rows_than_we_take_are_refused():
    with pytest.raises(reading.FileTooBig):
        list(read(b"name\n" + b"Poireaux\n" * (reading.MOST_ROWS + 1)).rows)


def test_columns_are_lettered_as_spreadsheets_letter_them():
    assert [letter(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


@given(st.binary(max_size=400))
def test_no_file_breaks_the_reader(data):
    with suppress(reading.Refused):
        list(read(data).rows)
