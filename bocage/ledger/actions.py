"""Posts what moved; the only writer of the ledger's tables."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from bocage.infra.inserts import insert, insert_new
from bocage.infra.statements import Statement
from bocage.ledger import rules
from bocage.ledger.models import Account, Entry, Posting
from bocage.ledger.rules import AccountKey, Postings


@transaction.atomic(savepoint=False)
def post(
    *, book_id: int, key: str, about: str, what: str, postings: Postings, by: str, at: datetime, currency: str = "EUR"
) -> None:
    """Write an entry into the book of an enterprise: account → minor units, debit > 0, credit < 0.

    `key` is unique per cause; zero amounts are left out; nothing to post writes nothing. Raises Unbalanced.
    Three queries when all accounts exist.
    """
    moved = {account: amount for account, amount in postings.items() if amount}
    rules.check_balanced(moved)
    if not moved:
        return
    accounts = _accounts(book_id, moved, currency)
    [entry] = insert([Entry(book_id=book_id, key=key, about=about, what=what, at=at, by=by)])
    insert(Posting(entry=entry, account_id=accounts[account], amount_minor=amount) for account, amount in moved.items())


def _accounts(book_id: int, keys: Iterable[AccountKey], currency: str) -> dict[AccountKey, int]:
    wanted = set(keys)
    found = _existing(book_id, wanted, currency)
    missing = sorted(wanted - set(found))
    for key in missing:
        account = Account(book_id=book_id, kind=key.kind, subject=key.subject, currency=currency)
        found |= {key: account.pk} if insert_new(account) else _existing(book_id, {key}, currency)
    return found


def _existing(book_id: int, keys: set[AccountKey], currency: str) -> dict[AccountKey, int]:
    subjects = sorted({key.subject for key in keys})
    found = _accounts_of.rows(book_id=book_id, currency=currency, subjects=subjects)
    return {AccountKey(kind, subject): pk for kind, subject, pk in found if AccountKey(kind, subject) in keys}


@Statement
def _accounts_of(*, book_id: int, currency: str, subjects: list[str]) -> QuerySet[Account, tuple[str, str, int]]:
    rows = Account.objects.filter(book_id=book_id, currency=currency, subject__in=subjects)
    return rows.values_list("kind", "subject", "id")
