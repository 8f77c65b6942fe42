"""Balances and entries: every amount a person sees is a sum of postings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from bocage.commons.money import Money
from bocage.ledger.models import Posting


@dataclass(frozen=True, slots=True)
class PostingRow:
    kind: str
    subject: str
    amount: Money


@dataclass(frozen=True, slots=True)
class EntryRow:
    what: str
    about: str
    at: datetime
    by: str
    postings: tuple[PostingRow, ...]


def balance(*, book_id: int, kind: str, subject: str = "", currency: str = "EUR") -> Money:
    """Return the sum of an account's postings: > 0 the account owes the book's enterprise."""
    rows = Posting.objects.filter(
        account__book_id=book_id, account__kind=kind, account__subject=subject, account__currency=currency
    )
    return Money(rows.aggregate(sum=Sum("amount_minor"))["sum"] or 0, currency)


def due_by_reference(*, kind: str, abouts: Iterable[str]) -> dict[str, int]:
    """Return for each reference ('order:R7K2') the sum in minor units of its postings on accounts of `kind`."""
    rows = (
        Posting.objects.filter(entry__about__in=list(abouts), account__kind=kind)
        .values_list("entry__about")
        .annotate(sum=Sum("amount_minor"))
    )
    return dict(rows)


def entries_about(about: str) -> list[EntryRow]:
    """Return the entries of a reference, oldest first, with their postings, in one query."""
    rows = Posting.objects.filter(entry__about=about).order_by("entry_id", "id").values_list(
        "entry_id", "entry__what", "entry__about", "entry__at", "entry__by",
        "account__kind", "account__subject", "account__currency", "amount_minor",
    )  # fmt: skip
    heads: dict[int, tuple[str, str, datetime, str]] = {}
    postings: dict[int, list[PostingRow]] = defaultdict(list)
    for entry_id, what, ref, at, by, kind, subject, currency, amount in rows:
        heads[entry_id] = (what, ref, at, by)
        postings[entry_id].append(PostingRow(kind, subject, Money(amount, currency)))
    return [EntryRow(*head, tuple(postings[entry_id])) for entry_id, head in heads.items()]
