"""The database itself keeps the books: what was written is not changed, whoever asks by whatever SQL."""

import pytest
from django.db import IntegrityError, connection, transaction

from bocage.infra import frozen
from bocage.ledger.models import Account, Entry, Head, Posting
from bocage.ledger.tests.make import CUSTOMER, FARM, enterprise, post

pytestmark = pytest.mark.django_db
LITE = connection.vendor == "sqlite"


@pytest.fixture
def book():
    book = enterprise()
    post(book, {CUSTOMER: 633, FARM: -633})
    post(book, {CUSTOMER: 100, FARM: -100}, key="k2")
    connection.check_constraints()  # as at a commit: PostgreSQL truncates nothing that still waits to be checked
    return book


def refused(sql, *params):
    """Run raw SQL; return whether the database refused it. Nothing of it stays."""
    with transaction.atomic():
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql, params)
        except IntegrityError:
            return True
        transaction.set_rollback(True)
    return False


CHANGES = [
    "UPDATE ledger_entry SET what = 'gift'",
    "UPDATE ledger_entry SET what = what",
    "UPDATE ledger_entry SET at = '2020-01-01 00:00:00+00:00' WHERE number = 1",
    "DELETE FROM ledger_entry WHERE number = 2",
    "UPDATE ledger_posting SET amount_minor = amount_minor + 1",
    "DELETE FROM ledger_posting",
    "UPDATE ledger_account SET subject = 'customer:9' WHERE kind = 'customer'",
    "DELETE FROM ledger_account",
    "UPDATE ledger_head SET number = 1",
    "UPDATE ledger_head SET number = number + 1",
    "UPDATE ledger_head SET hash = 'f'",
    "DELETE FROM ledger_head",
]
LITE_ONLY = [
    "INSERT OR REPLACE INTO ledger_posting SELECT id, 1, account_id, entry_id FROM ledger_posting",
    "INSERT OR REPLACE INTO ledger_account (id, kind, subject, currency, book_id)"
    " SELECT id, kind, 'x', currency, book_id FROM ledger_account",
    "UPDATE OR IGNORE ledger_entry SET what = 'gift'",
    "REPLACE INTO ledger_entry SELECT * FROM ledger_entry",
]
PG_ONLY = [
    "TRUNCATE ledger_posting",
    "TRUNCATE ledger_entry CASCADE",
    "TRUNCATE ledger_account CASCADE",
    "TRUNCATE ledger_head",
]


@pytest.mark.parametrize("sql", CHANGES + (LITE_ONLY if LITE else PG_ONLY))
def test_nothing_that_was_written_is_changed_deleted_or_replaced(book, sql):
    before = [list(model.objects.order_by("pk").values()) for model in (Account, Entry, Posting, Head)]

    assert refused(sql)
    assert [list(model.objects.order_by("pk").values()) for model in (Account, Entry, Posting, Head)] == before


def an_entry(book, number, key="k3"):
    return (
        'INSERT INTO ledger_entry (book_id, "key", about, what, at, "by", number, hash)'
        " VALUES (%s, %s, 'order:R1', 'sale', '2026-10-06 00:00:00+00:00', 'guest', %s, 'f')",
        book.pk,
        key,
        number,
    )


@pytest.mark.parametrize("number", [0, 1, 2, 4, -1])
def test_a_number_is_the_next_one_or_refused(book, number):
    assert refused(*an_entry(book, number))


def test_the_head_follows_the_next_entry_by_itself(book):
    with connection.cursor() as cursor:
        sql, *params = an_entry(book, 3)
        cursor.execute(sql, params)

    assert Head.objects.values_list("number", "hash").get(book=book) == (3, "f")


def test_a_book_without_a_head_takes_no_entry_and_a_head_begins_at_nothing(book):
    other = enterprise("autre")

    assert refused(*an_entry(other, 1))
    assert refused("INSERT INTO ledger_head (book_id, number, hash) VALUES (%s, 5, 'f')", other.pk)


def a_posting(entry_id, account_id, amount=5):
    return (
        "INSERT INTO ledger_posting (entry_id, account_id, amount_minor) VALUES (%s, %s, %s)",
        entry_id, account_id, amount,
    )  # fmt: skip


def test_an_entry_of_before_gets_no_more_postings(book):
    account = Account.objects.get(book=book, kind="customer")

    assert refused(*a_posting(Entry.objects.get(number=1).pk, account.pk))


def test_an_entry_gets_no_posting_on_an_account_of_another_book(book):
    other = enterprise("autre")
    post(other, {CUSTOMER: 5, FARM: -5}, key="other")
    account = Account.objects.get(book=other, kind="customer")

    assert refused(*a_posting(Entry.objects.get(book=book, number=2).pk, account.pk))


if not LITE:  # SQLite has no triggers of statements: the verifier finds it there

    def test_postgresql_refuses_what_does_not_cancel_out_and_what_comes_later(book):
        one, other = Account.objects.filter(book=book).order_by("id")
        with connection.cursor() as cursor:
            sql, *params = an_entry(book, 3)
            cursor.execute(sql, params)
        entry = Entry.objects.get(number=3)
        pair = "INSERT INTO ledger_posting (entry_id, account_id, amount_minor) VALUES (%s, %s, %s), (%s, %s, %s)"

        assert refused(*a_posting(entry.pk, one.pk))
        assert refused(pair, entry.pk, one.pk, 5, entry.pk, other.pk, -4)
        assert not refused(pair, entry.pk, one.pk, 5, entry.pk, other.pk, -5)
        assert refused(pair, Entry.objects.get(number=2).pk, one.pk, 5, Entry.objects.get(number=2).pk, other.pk, -5)


def test_guards_that_somebody_took_away_are_missed_and_come_back(book):
    assert frozen.missing() == []

    with frozen.thawed():
        away = frozen.missing()

    assert {"ledger_entry_no_update", "ledger_posting_no_delete", "ledger_head_is_held"} <= set(away)
    assert frozen.missing() == []
