"""Every entry balances; every balance is a sum of postings."""

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from bocage.commons.money import Money
from bocage.ledger import queries
from bocage.ledger.models import Account, Entry, Posting
from bocage.ledger.rules import AccountKey, Unbalanced, check_balanced, difference
from bocage.ledger.tests.make import CUSTOMER, FARM, VAT, enterprise, post

amounts = st.dictionaries(st.sampled_from([CUSTOMER, FARM, VAT]), st.integers(-(10**9), 10**9))


@pytest.fixture
def book(db):
    return enterprise()


def test_an_entry_is_kept_with_its_postings_and_balances_are_their_sums(book):
    post(book, {CUSTOMER: 633, FARM: -600, VAT: -33})
    post(book, {CUSTOMER: -633, AccountKey("takings", "cash"): 633}, key="k2", what="payment")

    assert queries.balance(book_id=book.pk, kind="customer", subject="customer:1") == Money(0, "EUR")
    assert queries.balance(book_id=book.pk, kind="producer", subject="producer:2") == Money(-600, "EUR")
    assert [(entry.what, len(entry.postings)) for entry in queries.entries_about("order:R1")] == [
        ("sale", 3),
        ("payment", 2),
    ]
    assert queries.due_by_reference(kind="customer", abouts=["order:R1", "order:none"]) == {"order:R1": 0}


def test_an_entry_that_does_not_balance_is_never_saved(book):
    with pytest.raises(Unbalanced), transaction.atomic():
        post(book, {CUSTOMER: 633, FARM: -600})

    assert (Entry.objects.count(), Account.objects.count()) == (0, 0)


def test_nothing_to_post_writes_nothing(book):
    post(book, {CUSTOMER: 0})

    assert Entry.objects.count() == 0


def test_one_cause_is_one_entry(book):
    post(book, {CUSTOMER: 5, FARM: -5})

    with pytest.raises(IntegrityError), transaction.atomic():
        post(book, {CUSTOMER: 5, FARM: -5})

    assert Posting.objects.count() == 2


def test_two_books_with_the_same_subjects_do_not_mix(book):
    other = enterprise("autre")
    post(book, {CUSTOMER: 5, FARM: -5})
    post(other, {CUSTOMER: 7, FARM: -7}, key="k2")

    assert queries.balance(book_id=book.pk, kind="customer", subject="customer:1") == Money(5, "EUR")


def test_posting_to_known_accounts_takes_three_queries(book, django_assert_num_queries):
    post(book, {CUSTOMER: 5, FARM: -5})

    with django_assert_num_queries(3):
        post(book, {CUSTOMER: 9, FARM: -9}, key="k2")


@given(amounts, amounts)
def test_what_is_posted_leads_from_before_to_after(before, after):
    change = difference(after, before)

    reached = {key: before.get(key, 0) + change.get(key, 0) for key in {*before, *after}}
    assert reached == {key: after.get(key, 0) for key in {*before, *after}}
    assert 0 not in change.values()


@given(amounts)
def test_only_what_adds_up_to_zero_balances(postings):
    if sum(postings.values()):
        with pytest.raises(Unbalanced):
            check_balanced(postings)
    else:
        check_balanced(postings)
