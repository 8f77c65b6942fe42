"""Each entry stands on the one before it: numbers without gaps, hashes that anybody can compute again."""

import hashlib
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bocage.ledger.models import Account, Entry, Head
from bocage.ledger.rules import chain
from bocage.ledger.tests.make import AT, CUSTOMER, FARM, VAT, enterprise, post

BYTES = (
    '{"about":"order:R1","at":"2026-10-06T00:00:00.000000Z","book":7,"by":"guest","currency":"EUR","key":"k1","number":1,'
    '"postings":[["customer","customer:1","633"],["producer","producer:2","-600"],["vat","vat:55000","-33"]],'
    f'"previous":"{"0" * 64}","v":1,"what":"sale"}}'
)


def test_the_bytes_of_an_entry_are_those_of_the_documentation():
    said = {"book": 7, "number": 1, "previous": chain.GENESIS, "key": "k1", "about": "order:R1", "what": "sale"}
    sides = [("vat", "vat:55000", -33), ("customer", "customer:1", 633), ("producer", "producer:2", -600)]

    content = said | {"at": chain.moment(AT), "by": "guest", "currency": "EUR", "postings": sides}

    assert chain.entry_bytes(**content).decode() == BYTES
    assert chain.entry_hash(**content) == hashlib.sha256(BYTES.encode()).hexdigest()


def test_a_moment_is_written_in_one_way_wherever_it_was_read():
    there = datetime(2026, 10, 6, 2, 0, 0, 120, tzinfo=timezone(timedelta(hours=2)))

    assert chain.moment(there) == chain.moment(there.astimezone(UTC)) == "2026-10-06T00:00:00.000120Z"


@pytest.mark.django_db
def test_an_entry_is_chained_to_the_one_before_it_in_its_book():
    book, other = enterprise(), enterprise("autre")
    post(book, {CUSTOMER: 633, FARM: -600, VAT: -33})
    post(other, {CUSTOMER: 1, FARM: -1}, key="elsewhere")
    post(book, {CUSTOMER: -633, FARM: 633}, key="k2", at=AT + timedelta(microseconds=5))

    first, second = Entry.objects.filter(book=book).order_by("number")
    sides = [("customer", "customer:1", -633), ("producer", "producer:2", 633)]
    said = {"key": "k2", "about": "order:R1", "what": "sale", "by": "guest", "currency": "EUR"}
    at = "2026-10-06T00:00:00.000005Z"

    assert (first.number, second.number) == (1, 2)
    assert second.hash == chain.entry_hash(book=book.pk, number=2, previous=first.hash, at=at, postings=sides, **said)
    assert Head.objects.values_list("number", "hash").get(book=book) == (2, second.hash)
    assert Entry.objects.get(book=other).number == 1


@pytest.mark.django_db
def test_the_first_entry_on_a_new_account_takes_one_query_more_for_each(django_assert_num_queries):
    book = enterprise()
    post(book, {CUSTOMER: 1, FARM: -1})

    with django_assert_num_queries(4):
        post(book, {CUSTOMER: 33, VAT: -33}, key="k2")

    assert Account.objects.count() == 3
