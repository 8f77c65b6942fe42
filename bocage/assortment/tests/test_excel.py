"""What Excel really writes into its files: each cell is read as people see it, or refused by row and column."""

import pytest

from bocage.assortment.files.reading import read
from bocage.assortment.tests import excel
from bocage.assortment.tests.excel import DAY, EMPTY, PERCENT, QUOTED, Book

HEAD = ("producer", "name", "category", "units", "unit_type", "price", "on_hand", "on_demand", "sku", "available_on")


def row(book, **cells):
    """Return a row of leeks with some cells changed."""
    usual = {
        "producer": book.text("Ferme du Gué"), "name": book.text("Poireaux"), "category": book.text("Légumes"),
        "units": excel.number("800"), "unit_type": book.text("g"), "price": excel.number("2.4"),
        "on_hand": excel.number("12"), "on_demand": excel.yes(False), "sku": EMPTY, "available_on": EMPTY,
    }  # fmt: skip
    return list({**usual, **cells}.values())


def lines(data):
    return list(read(data).rows)


def one(book, **cells):
    """Return what a workbook with one such row says, and what is wrong with it."""
    [found] = lines(book.file([book.text(word) for word in HEAD], row(book, **cells)))
    return found


@pytest.mark.parametrize(
    ("column", "cell", "text"),
    [
        ("name", lambda book: book.text("Œufs & « plein air » <6>"), "Œufs & « plein air » <6>"),
        ("name", lambda book: book.runs("Poi", "reaux ", "primeurs"), "Poireaux primeurs"),
        ("name", lambda book: excel.inline("Navets"), "Navets"),
        ("price", lambda book: excel.number("2.3999999999999999"), "2.4"),
        ("price", lambda book: book.text("2,40", QUOTED), "2,40"),
        ("units", lambda book: book.text("800", QUOTED), "800"),
        ("units", lambda book: excel.number("1.1000000000000001"), "1.1"),
        ("units", lambda book: excel.number("5.5E-2", PERCENT), "0.055"),
        ("sku", lambda book: excel.number("3.012345678901E12"), "3012345678901"),
        ("sku", lambda book: book.text("00012", QUOTED), "00012"),
        ("on_demand", lambda book: excel.yes(True), "1"),
        ("on_demand", lambda book: excel.yes(False), "0"),
        ("available_on", lambda book: excel.number("46000", DAY), "2025-12-09"),  # a column that is not read
    ],
)
def test_a_cell_is_read_as_people_see_it(column, cell, text):
    book = Book()

    found = one(book, **{column: cell(book)})

    assert (found.cells[column], found.wrong) == (text, ())


@pytest.mark.parametrize(
    ("column", "cell", "why"),
    [
        ("price", excel.formula("1+1.4", "2.4"), "is_a_formula"),
        ("name", excel.formula('A2&"x"', "Poireaux", "str"), "is_a_formula"),
        ("price", '<c s="0"{at}><f t="shared" si="0"/><v>2.4</v></c>', "is_a_formula"),
        ("on_hand", excel.formula("1/0", "#DIV/0!", "e"), "is_a_formula"),
        ("on_hand", excel.error("#REF!"), "is_an_error"),
        ("sku", excel.error("#N/A"), "is_an_error"),
        ("units", excel.number("46000", DAY), "is_a_date"),
        ("units", excel.number("0.5", DAY), "is_a_date"),
        ("price", excel.yes(True), "is_yes_or_no"),
        ("name", excel.yes(False), "is_yes_or_no"),
    ],
)
def test_a_cell_that_says_nothing_sure_is_refused_by_its_column(column, cell, why):
    found = one(Book(), **{column: cell})

    assert (found.line, found.wrong) == (2, ((column, why),))


@pytest.mark.parametrize(("starts_1904", "serial"), [(False, "46000"), (True, "44538")])
def test_a_day_is_the_same_by_either_of_excels_calendars(starts_1904, serial):
    book = Book(starts_1904=starts_1904)

    assert one(book, price=excel.number(serial, DAY)).cells["price"] == "2025-12-09"


def test_hidden_rows_and_columns_are_read_like_the_others():
    book = Book()
    head = [book.text(word) for word in HEAD]
    columns = '<cols><col min="6" max="6" width="9" hidden="1"/></cols>'

    found = lines(book.file(head, row(book), row(book, price=excel.number("3")), hidden_rows=[3], columns=columns))

    assert [(one.line, one.cells["price"]) for one in found] == [(2, "2.4"), (3, "3")]


def test_empty_rows_that_only_have_a_style_are_no_rows():
    book = Book()
    tail = '<row r="5"><c r="A5" s="1"/></row><row r="1048576" ht="15"><c r="A1048576" s="1"/></row>'

    assert [one.line for one in lines(book.file([book.text(word) for word in HEAD], row(book), tail=tail))] == [2]


def test_merged_cells_are_refused_each_by_its_row():
    book = Book()
    merged = '<mergeCells count="1"><mergeCell ref="B3:C4"/></mergeCells>'
    rows = [row(book) for _ in range(3)]

    found = lines(book.file([book.text(word) for word in HEAD], *rows, after=merged))

    both = (("name", "is_merged"), ("category", "is_merged"))
    assert [(one.line, one.wrong) for one in found] == [(2, ()), (3, both), (4, both)]


def test_the_sheet_that_people_see_is_read_and_its_own_formulas_are_told():
    book = Book()
    rows = [row(book, price=excel.formula("1+1.4", "2.4"))]

    [found] = lines(book.file([book.text(word) for word in HEAD], *rows, cover=True))

    assert (found.cells["name"], found.wrong) == ("Poireaux", (("price", "is_a_formula"),))


def test_a_strict_workbook_is_read_too():
    book = Book(is_strict=True)

    found = one(book, price=excel.formula("1+1.4", "2.4"))

    assert (found.cells["name"], found.wrong) == ("Poireaux", (("price", "is_a_formula"),))
