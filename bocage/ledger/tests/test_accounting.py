"""The accounting page: months taken away as files, the numbers of accounts, who may."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from bocage.commons.refusals import Forbidden
from bocage.ledger.actions import accounting as actions
from bocage.ledger.actions.closing import close_book
from bocage.ledger.queries import accounting as books
from bocage.ledger.rules import fec
from bocage.ledger.tests.make import AT, CASH, CUSTOMER, FARM, VAT, enterprise, post
from bocage.ledger.tests.test_pages import signed_in
from bocage.network.rules import SYSTEM, Actor

pytestmark = pytest.mark.django_db
ZONE = "Europe/Paris"
NOVEMBER = datetime(2026, 11, 3, 12, tzinfo=UTC)
OCTOBER = "since=2026-10&until=2026-10"


@pytest.fixture
def book():
    book = enterprise()
    book.siret = "73282932000074"
    book.save(update_fields=["siret"])
    post(book, {CUSTOMER: 633, FARM: -600, VAT: -33})
    post(book, {CUSTOMER: -633, CASH: 633}, key="k2", what="payment", at=AT + timedelta(hours=3))
    return book


def close(book, now=NOVEMBER):
    close_book(book_id=book.pk, zone=ZoneInfo(ZONE), now=now)


def lines(book, since=date(2026, 10, 1), until=date(2026, 10, 1)):
    months = books.months(book_id=book.pk, since=since, until=until, zone=ZONE, actor=SYSTEM)
    return list(books.lines(months, actor=SYSTEM))


def taken(client, book, form="fec", asked=OCTOBER):
    """Take a file away; return its bytes."""
    answer = client.get(reverse("ledger:accounting_file", args=[book.slug, form]) + f"?{asked}")
    assert answer.status_code == 200, answer
    return b"".join(answer.streaming_content)


def number(book, now=NOVEMBER, seen=0, **numbers):
    actions.number_accounts(book_id=book.pk, numbers=numbers, seen=seen, actor=SYSTEM, now=now)


def test_the_file_of_a_month_holds_its_entries_and_breaks_no_rule(client, book):
    signed_in(client, book)
    answer = client.get(reverse("ledger:accounting_file", args=[book.slug, "fec"]) + f"?{OCTOBER}")
    text = b"".join(answer.streaming_content).decode()
    rows = [row.split("\t") for row in text.split("\r\n")[:-1]]

    assert 'filename="732829320FEC20261031.txt"' in answer["Content-Disposition"]
    assert [(row[0], row[2], row[4], row[6], row[11], row[12]) for row in rows[1:]] == [
        ("VT", "VT1", "411000", "C1", "6,33", "0,00"),
        ("VT", "VT1", "467000", "P2", "0,00", "6,00"),
        ("VT", "VT1", "445713", "", "0,00", "0,33"),
        ("RG", "RG1", "411000", "C1", "0,00", "6,33"),
        ("RG", "RG1", "531000", "", "6,33", "0,00"),
    ]
    assert fec.check(rows, since=date(2026, 10, 1), until=date(2026, 10, 31)) == []


def test_the_journal_as_csv_holds_the_same_cells_and_no_formula(client, book):
    post(book, {CUSTOMER: 1, FARM: -1}, key="k3", about="order:=1+1", what="gift")
    signed_in(client, book)
    rows = taken(client, book, "csv").decode("utf-8-sig").splitlines()

    assert len(rows) == 8
    assert rows[1].startswith("VT;Ventes;VT1;20261006;411000;Clients;C1;Client 1;R1;20261006;Vente R1;6,33;0,00")
    assert rows[6].split(";")[8] == "'=1+1"


def test_a_closed_month_is_the_same_bytes_whatever_comes_later(client, book):
    close(book)
    signed_in(client, book)
    before = taken(client, book), taken(client, book, "csv")

    post(book, {CUSTOMER: 250, FARM: -250}, key="k3", at=AT + timedelta(days=2))  # late: October is closed
    post(book, {CUSTOMER: 250, FARM: -250}, key="k4", at=NOVEMBER)
    number(book, customer="411999", cash="530000")
    type(book).objects.filter(pk=book.pk).update(name="Renamed")
    client.cookies["django_language"] = "fr"

    assert (taken(client, book), taken(client, book, "csv")) == before
    close(book, now=NOVEMBER + timedelta(days=60))
    assert (taken(client, book), taken(client, book, "csv")) == before


def test_what_is_written_late_is_counted_in_the_next_month_and_numbered_after(book):
    close(book)
    post(book, {CUSTOMER: 250, FARM: -250}, key="k3", at=AT + timedelta(days=2))
    number(book, customer="411999")

    [debit, _credit] = lines(book, date(2026, 11, 1), date(2026, 11, 1))
    assert (debit.journal, debit.number, debit.on, debit.written_on) == ("VT", 2, date(2026, 11, 1), date(2026, 10, 8))
    assert debit.account.number == "411999"
    assert [line.on.month for line in lines(book, date(2026, 10, 1), date(2026, 11, 1))] == [10] * 5 + [11] * 2


def test_months_follow_each_other_open_or_closed_without_losing_an_entry(book):
    post(book, {CUSTOMER: 250, FARM: -250}, key="k3", at=NOVEMBER)
    post(book, {CUSTOMER: 250, FARM: -250}, key="k4", at=NOVEMBER + timedelta(days=30))

    for _ in range(2):
        months = [date(2026, month, 1) for month in (9, 10, 11, 12)]
        each = [len(lines(book, month, month)) for month in months]
        assert each == [0, 5, 2, 2]
        assert len(lines(book, months[0], months[-1])) == 9
        close(book)


def test_a_month_asks_the_same_number_of_questions_whatever_is_in_it(book, django_assert_num_queries):
    for more in range(3):
        post(book, {CUSTOMER: 1, FARM: -1}, key=f"more{more}")
        months = books.months(book_id=book.pk, since=AT.date(), until=AT.date(), zone=ZONE, actor=SYSTEM)
        with django_assert_num_queries(4):
            list(books.lines(months, actor=SYSTEM))


def test_who_keeps_the_books_numbers_the_accounts(client, book):
    signed_in(client, book, "bookkeeper")
    page = client.get(reverse("ledger:accounting", args=[book.slug]))
    typed = {name: page.context["form"][name].value() for name in page.context["form"].fields} | {"customer": "411abc"}

    answer = client.post(reverse("ledger:account_numbers", args=[book.slug]), typed)

    assert answer.status_code == 303
    assert books.plan(book_id=book.pk, actor=SYSTEM).numbers["customer"] == "411ABC"
    assert {line.account.number for line in lines(book) if line.account.auxiliary.startswith("C")} == {"411ABC"}


def test_a_wrong_number_or_an_old_page_is_refused_and_what_was_typed_stays(client, book):
    signed_in(client, book)
    page = client.get(reverse("ledger:accounting", args=[book.slug]))
    typed = {name: page.context["form"][name].value() for name in page.context["form"].fields}
    wrong = client.post(reverse("ledger:account_numbers", args=[book.slug]), typed | {"customer": "client"})
    number(book, customer="411100")
    old = client.post(reverse("ledger:account_numbers", args=[book.slug]), typed | {"customer": "411200"})

    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["customer"])
    assert (old.status_code, list(old.context["form"].errors)) == (422, ["__all__"])
    assert 'value="411200"' in old.content.decode()
    assert books.plan(book_id=book.pk, actor=SYSTEM).numbers["customer"] == "411100"


def test_the_action_itself_refuses_a_wrong_number(book):
    with pytest.raises(actions.BadAccountNumber):
        number(book, customer="client")


def test_without_a_siren_only_the_csv_is_given_and_the_page_says_why(client, book):
    type(book).objects.filter(pk=book.pk).update(siret="")
    signed_in(client, book)
    page = client.get(reverse("ledger:accounting", args=[book.slug]) + f"?{OCTOBER}")
    file = client.get(reverse("ledger:accounting_file", args=[book.slug, "fec"]) + f"?{OCTOBER}")

    assert page.context["checked"]["refusal"]
    assert "/accounting/fec/" not in page.content.decode()
    assert "/accounting/csv/" in page.content.decode()
    assert file.status_code == 422
    assert taken(client, book, "csv")


def test_an_empty_month_makes_no_file(client, book):
    signed_in(client, book)
    page = client.get(reverse("ledger:accounting", args=[book.slug]) + "?since=2026-08&until=2026-08")
    file = client.get(reverse("ledger:accounting_file", args=[book.slug, "fec"]) + "?since=2026-08&until=2026-08")

    assert [one.code for one in page.context["checked"]["checker"].found] == ["empty"]
    assert file.status_code == 422


def test_an_open_month_is_said_to_be_open_and_a_closed_one_is_not(client, book):
    signed_in(client, book)
    page = reverse("ledger:accounting", args=[book.slug]) + f"?{OCTOBER}"

    assert client.get(page).context["checked"]["months"].is_closed is False
    close(book)
    assert client.get(page).context["checked"]["months"].is_closed is True


@pytest.mark.parametrize(
    "typed", ["since=x&until=2026-10", "since=2026-11&until=2026-10", "since=9999-12&until=9999-12", "since=%00"]
)
def test_months_that_are_none_are_refused(client, book, typed):
    signed_in(client, book)

    assert client.get(reverse("ledger:accounting", args=[book.slug]) + f"?{typed}").status_code == 422
    assert client.get(reverse("ledger:accounting_file", args=[book.slug, "csv"]) + f"?{typed}").status_code == 404


@pytest.mark.parametrize(("role", "status"), [("manager", 200), ("bookkeeper", 200), ("volunteer", 403), ("", 403)])
def test_managers_and_bookkeepers_only(client, book, role, status):
    signed_in(client, book, role)
    page = client.get(reverse("ledger:accounting", args=[book.slug]))
    numbered = client.post(reverse("ledger:account_numbers", args=[book.slug]), {})
    file = client.get(reverse("ledger:accounting_file", args=[book.slug, "csv"]) + f"?{OCTOBER}")
    file.close()

    assert (page.status_code, file.status_code) == (status, status)
    assert numbered.status_code == (422 if status == 200 else 403)  # nothing was typed


def test_the_doors_themselves_ask_for_the_right(book):
    nobody = Actor(label="person:1", person_id=1)
    months = books.months(book_id=book.pk, since=AT.date(), until=AT.date(), zone=ZONE, actor=SYSTEM)

    for ask in (
        lambda: books.plan(book_id=book.pk, actor=nobody),
        lambda: books.siren(book_id=book.pk, actor=nobody),
        lambda: books.months(book_id=book.pk, since=AT.date(), until=AT.date(), zone=ZONE, actor=nobody),
        lambda: list(books.lines(months, actor=nobody)),
        lambda: actions.number_accounts(book_id=book.pk, numbers={}, seen=0, actor=nobody, now=NOVEMBER),
    ):
        with pytest.raises(Forbidden):
            ask()
