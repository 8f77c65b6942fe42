"""What makes a file of accounting entries acceptable, line by line."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bocage.ledger.rules import accounts, fec
from bocage.ledger.rules.accounts import Numbered

SINCE, UNTIL, ON = date(2026, 10, 1), date(2026, 10, 31), date(2026, 10, 6)
CUSTOMER = Numbered("411000", "Clients", "C1", "Client 1")
GOODS = Numbered("707000", "Ventes de marchandises")


def entry(number=1, amount=633, journal="VT", on=ON, **fields):
    """The rows of an entry of two sides."""
    values = {"about": "order:R1", "written_on": on, "what": "sale", "currency": "EUR"} | fields
    return [
        list(fec.cells(fec.Line(journal, number, on, account, amount_minor=side, **values)))
        for account, side in ((CUSTOMER, amount), (GOODS, -amount))
    ]


def found(*rows):
    return [(one.code, one.line) for one in fec.check([fec.COLUMNS, *rows], since=SINCE, until=UNTIL)]


def test_a_line_has_the_eighteen_fields_of_the_law():
    assert entry(number=7)[0] == [
        "VT", "Ventes", "VT7", "20261006", "411000", "Clients", "C1", "Client 1", "R1", "20261006", "Vente R1",
        "6,33", "0,00", "", "", "20261006", "", "",
    ]  # fmt: skip
    assert entry(number=7)[1][4:13] == [
        "707000", "Ventes de marchandises", "", "", "R1", "20261006", "Vente R1", "0,00", "6,33",
    ]  # fmt: skip


def test_another_currency_is_said_with_its_sign():
    debit, credit = entry(currency="CHF")

    assert debit[16:] == ["6,33", "CHF"]
    assert credit[16:] == ["-6,33", "CHF"]


def test_no_text_breaks_a_line_of_the_file():
    row = entry(about="order:R\t1\r\n|2", what="gift\twrap")[0]

    assert not any(sign in cell for cell in row for sign in "\t\r\n|")


def test_the_file_is_named_after_who_hands_it_in_and_when_it_ends():
    assert fec.file_name("732829320", UNTIL) == "732829320FEC20261031.txt"


def test_entries_that_follow_each_other_in_each_journal_break_nothing():
    assert found(*entry(4), *entry(9, journal="RG"), *entry(5), *entry(10, journal="RG")) == []


@given(st.lists(st.tuples(st.integers(1, 10**9), st.sampled_from(["VT", "RG", "OD"])), min_size=1))
def test_whatever_is_sold_and_paid_makes_a_file_that_breaks_nothing(entries):
    numbers = dict.fromkeys(fec.JOURNALS, 0)
    rows = []
    for amount, journal in entries:
        numbers[journal] += 1
        rows += entry(numbers[journal], amount, journal)

    assert found(*rows) == []


def changed(index, value):
    rows = entry()
    rows[1][index] = value
    return rows


@pytest.mark.parametrize(
    ("rows", "problems"),
    [
        ([], [("empty", 0)]),
        ([*entry(1), *entry(3)], [("gap", 4)]),
        (entry(on=date(2026, 11, 1)), [("period", 2), ("period", 3)]),
        (changed(12, "6,30"), [("balance", 3), ("totals", 0)]),
        (changed(12, "-6,33"), [("amount", 3), ("balance", 3), ("totals", 0)]),
        (changed(12, "6.33"), [("amount", 3), ("balance", 3), ("totals", 0)]),
        (changed(11, "6,33"), [("sides", 3), ("balance", 3), ("totals", 0)]),
        (changed(9, "20261332"), [("day", 3)]),
        (changed(10, ""), [("missing", 3)]),
        (changed(4, "70A"), [("account", 3)]),
        (changed(6, "C1"), [("missing", 3)]),
        ([entry()[0], entry()[1][:17]], [("columns", 3), ("balance", 3), ("totals", 0)]),
    ],
)
def test_what_breaks_a_rule_is_found_with_its_line(rows, problems):
    assert found(*rows) == problems


def test_another_heading_is_found():
    assert [one.code for one in fec.check([fec.COLUMNS[::-1], *entry()], since=SINCE, until=UNTIL)] == ["heading"]


def test_a_long_list_of_problems_is_cut_but_counted():
    checker = fec.Checker(SINCE, UNTIL)
    for _row in checker.over([fec.COLUMNS, *[row for number in range(1, 101, 2) for row in entry(number)]]):
        pass

    assert (len(checker.found), checker.count) == (fec.MOST_FOUND, 49)


@pytest.mark.parametrize(
    ("kind", "subject", "written"),
    [
        ("customer", "customer:41", Numbered("411000", "Clients", "C41", "Client 41")),
        ("producer", "producer:7", Numbered("467000", "Producteurs", "P7", "Producteur 7")),
        ("producer", "producer:3", Numbered("707000", "Ventes de marchandises")),
        ("fees", "transport:3", Numbered("706000", "Prestations de services")),
        ("fees", "delivery:3", Numbered("708500", "Ports et frais accessoires facturés")),
        ("fees", "transport:7", Numbered("467000", "Frais dus à d'autres structures", "S7", "Structure 7")),
        ("vat", "vat:55000", Numbered("445713", "TVA collectée 5,5 %")),
        ("vat", "vat:85000", Numbered("445719", "TVA collectée, autres taux")),
        ("takings", "cash", Numbered("531000", "Caisse")),
        ("takings", "bank", Numbered("512000", "Banque")),
        ("takings", "shells", Numbered("511000", "Autres encaissements")),
    ],
)
def test_every_account_of_hub_3_has_a_number_of_the_french_chart(kind, subject, written):
    assert accounts.numbered(kind, subject, book=3, plan={}) == written


def test_a_hub_has_its_own_numbers_where_it_wrote_some():
    plan = {"customer": "411100"}

    assert accounts.numbered("customer", "customer:1", book=3, plan=plan).number == "411100"
    assert accounts.numbered("takings", "cash", book=3, plan=plan).number == "531000"


@pytest.mark.parametrize(
    ("text", "is_one"), [("411", True), ("411CLI", True), ("41", False), ("A11", False), ("411 0", False)]
)
def test_a_number_of_account_begins_with_three_digits(text, is_one):
    assert accounts.is_number(text) is is_one
