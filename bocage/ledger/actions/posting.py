"""Posts what moved; the only writer of the ledger's tables."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from bocage.infra.inserts import insert, insert_new
from bocage.ledger import rules
from bocage.ledger.models import Account, Entry, Head, Posting
from bocage.ledger.rules import AccountKey, Postings, chain


@transaction.atomic(savepoint=False)
def post(
    *, book_id: int, key: str, about: str, what: str, postings: Postings, by: str, at: datetime, currency: str = "EUR"
) -> None:
    """Write the next entry into the book of an enterprise: account → minor units, debit > 0, credit < 0.

    `key` is unique per cause; zero amounts are left out; nothing to post writes nothing. Raises Unbalanced.
    Three queries when all accounts exist. The book's head is locked until the transaction ends, so post late in it, and
    never lock rows of your own afterwards; who posts into several books does so in the order of their ids.
    """
    moved = {account: amount for account, amount in postings.items() if amount}
    rules.check_balanced(moved)
    if not moved:
        return
    number, previous, accounts = _held(book_id, moved, currency)
    said = {"key": key, "about": about, "what": what, "by": by, "number": number + 1}
    sides = [(account.kind, account.subject, amount) for account, amount in moved.items()]
    hashed = chain.entry_hash(
        book=book_id, previous=previous, at=chain.moment(at), currency=currency, postings=sides, **said
    )
    [entry] = insert([Entry(book_id=book_id, at=at, hash=hashed, **said)])
    insert(Posting(entry=entry, account_id=accounts[account], amount_minor=amount) for account, amount in moved.items())


def _held(book_id: int, moved: Postings, currency: str) -> tuple[int, str, dict[AccountKey, int]]:
    """Lock the head of a book; return its number and hash, and the accounts, made where they are missing."""
    subjects = sorted({key.subject for key in moved})
    rows = _head_and_accounts(book_id, subjects, currency)
    if not rows:
        insert_new(Head(book_id=book_id, number=0, hash=chain.GENESIS))
        rows = _head_and_accounts(book_id, subjects, currency)
    accounts = _keyed(rows)
    for key in sorted(set(moved) - set(accounts)):
        account = Account(book_id=book_id, kind=key.kind, subject=key.subject, currency=currency)
        if insert_new(account):
            accounts[key] = account.pk
        else:  # made by whoever held the head when this was read
            accounts |= _keyed(_head_and_accounts(book_id, [key.subject], currency))
    return rows[0][0], rows[0][1], accounts


Row = tuple[int, str, str | None, str | None, int | None]


def _head_and_accounts(book_id: int, subjects: list[str], currency: str) -> list[Row]:
    """Read the head, locked, beside the accounts of these subjects, in one query.

    PostgreSQL reads a row that it waited for again, so that the head is the latest; the accounts may be those of before.
    """
    is_lite = connection.vendor == "sqlite"
    among = f"IN ({', '.join(['%s'] * len(subjects))})" if is_lite else "= ANY(%s)"
    sql = f"""
        SELECT h.number, h.hash, a.kind, a.subject, a.id FROM ledger_head h
        LEFT JOIN ledger_account a ON a.book_id = h.book_id AND a.currency = %s AND a.subject {among}
        WHERE h.book_id = %s{"" if is_lite else " FOR NO KEY UPDATE OF h"}"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [currency, *(subjects if is_lite else [subjects]), book_id])
        return cursor.fetchall()


def _keyed(rows: list[Row]) -> dict[AccountKey, int]:
    return {AccountKey(kind, subject or ""): pk for _number, _hash, kind, subject, pk in rows if kind and pk}
