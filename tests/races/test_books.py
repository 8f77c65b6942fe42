"""Many who post into one book at once: one chain without gaps."""

from datetime import UTC, datetime

import pytest

from bocage.ledger import actions
from bocage.ledger.models import Account, Entry, Head
from bocage.ledger.rules import AccountKey
from bocage.ledger.tests.make import enterprise
from tests.races.together import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]
AT = datetime(2026, 10, 6, tzinfo=UTC)


def test_entries_written_at_once_make_one_chain():
    book = enterprise()

    def post(number):
        actions.post(
            book_id=book.pk, key=f"k{number}", about=f"order:R{number}", what="sale", by="guest", at=AT,
            postings={AccountKey("customer", f"customer:{number % 3}"): 5, AccountKey("takings", "cash"): -5},
        )  # fmt: skip

    ended = together([lambda n=n: post(n) for n in range(8)]) + together([lambda n=n: post(n) for n in range(8, 16)])

    assert ended == [None] * 16
    assert list(Entry.objects.order_by("number").values_list("number", flat=True)) == list(range(1, 17))
    assert Head.objects.values_list("number", "hash").get() == Entry.objects.values_list("number", "hash").get(
        number=16
    )
    assert Account.objects.count() == 4
