"""The pages of a book: its journal, an entry, an account step by step, its closings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet, Sum

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.ledger.models import Account, Closing, Entry, Head, Posting
from bocage.ledger.rules import Sided, chain
from bocage.network.models import Customer, Enterprise
from bocage.network.rules import Actor, Right

PAGE = 60
UNSOLD = ("payment", "refund", "carried", "credit")
STEPS = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """Which entries are wanted: of an account, about a reference, written in [since, until)."""

    account_id: int | None = None
    about: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """Who stands behind accounts: enterprises and customers by id."""

    enterprises: dict[int, str]
    customers: dict[int, str]


@dataclass(frozen=True, slots=True)
class Side(Sided):
    account_id: int
    kind: str
    subject: str
    amount: Money


@dataclass(frozen=True, slots=True)
class JournalRow:
    """An entry with its sides; `moved` is what its debits add up to."""

    number: int
    what: str
    about: str
    at: datetime
    by: str
    key: str
    hash: str
    sides: tuple[Side, ...]

    @property
    def moved(self) -> Money:
        currency = self.sides[0].amount.currency if self.sides else "EUR"
        return Money(sum(side.amount.minor for side in self.sides if side.amount.minor > 0), currency)


@dataclass(frozen=True, slots=True)
class Journal:
    """A page of a book, the newest entries first; `next_before` is the number to go on from, or None."""

    rows: list[JournalRow]
    total: int
    next_before: int | None
    names: Names


@dataclass(frozen=True, slots=True)
class AccountRow:
    id: int
    kind: str
    subject: str
    currency: str


@dataclass(frozen=True, slots=True)
class EntryPage:
    """An entry, the hash it follows, and the very bytes that were hashed."""

    row: JournalRow
    previous: str
    text: str
    is_whole: bool
    names: Names


@dataclass(frozen=True, slots=True)
class Step:
    """One posting of an account, and what the account stood at after it."""

    number: int
    what: str
    about: str
    at: datetime
    amount: Money
    after: Money


@dataclass(frozen=True, slots=True)
class Explained:
    """A balance and the postings that make it, the oldest first; `before` is what stands before the first that is shown."""

    account: AccountRow
    before: Money
    steps: list[Step]
    balance: Money
    total: int
    next_after: int | None
    names: Names

    @property
    def size(self) -> Money:
        """The balance without its sign."""
        return abs(self.balance)


@dataclass(frozen=True, slots=True)
class ClosingRow:
    """A closing: what was sold in it, VAT included, and what all sales add up to since the first entry."""

    number: int
    kind: str
    period: str
    entries: int
    sold: Money
    sold_ever: Money
    at: datetime
    hash: str


def journal(*, book_id: int, asked: Asked, before: int | None = None, actor: Actor) -> Journal:
    """Return a page of a book for who may see it, in a constant number of queries. Raises Forbidden."""
    actor.require(Right.SEE_BOOKS, on=book_id)
    entries = _asked(book_id, asked)
    total = entries.count()
    shown = entries if before is None else entries.filter(number__lt=before)
    rows = _rows(shown.order_by("-number")[: PAGE + 1])
    more = rows[PAGE - 1].number if len(rows) > PAGE else None
    rows = rows[:PAGE]
    return Journal(rows, total, more, names_of([(side.kind, side.subject) for row in rows for side in row.sides]))


def accounts(*, book_id: int, actor: Actor) -> tuple[list[AccountRow], Names]:
    """Return the accounts of a book, by kind, for who may see it. Raises Forbidden."""
    actor.require(Right.SEE_BOOKS, on=book_id)
    rows = Account.objects.filter(book_id=book_id).order_by("kind", "subject", "id")
    found = [AccountRow(*row) for row in rows.values_list("id", "kind", "subject", "currency")]
    return found, names_of([(row.kind, row.subject) for row in found])


def entry(*, book_id: int, number: int, actor: Actor) -> EntryPage:
    """Return an entry with its postings and its hash, computed again. Raises Forbidden, NotFound."""
    actor.require(Right.SEE_BOOKS, on=book_id)
    rows = _rows(Entry.objects.filter(book_id=book_id, number=number))
    if not rows:
        raise NotFound
    row = rows[0]
    earlier = Entry.objects.filter(book_id=book_id, number=number - 1).values_list("hash", flat=True).first()
    previous = earlier or chain.GENESIS
    text = chain.entry_bytes(
        book=book_id, number=number, previous=previous, key=row.key, about=row.about, what=row.what,
        at=chain.moment(row.at), by=row.by, currency=row.moved.currency,
        postings=[(side.kind, side.subject, side.amount.minor) for side in row.sides],
    )  # fmt: skip
    names = names_of([(side.kind, side.subject) for side in row.sides])
    return EntryPage(row, previous, text.decode(), chain.hash_of(text) == row.hash, names)


def explain(*, book_id: int, account_id: int, after: int = 0, most: int = STEPS, actor: Actor) -> Explained:
    """Return every posting that makes the balance of an account, step by step. after: go on from this posting's id.

    Raises Forbidden, NotFound.
    """
    actor.require(Right.SEE_BOOKS, on=book_id)
    found = (
        Account.objects.filter(book_id=book_id, id=account_id).values_list("id", "kind", "subject", "currency").first()
    )
    if found is None:
        raise NotFound
    account = AccountRow(*found)
    postings = Posting.objects.filter(account_id=account.id)
    sums = postings.aggregate(all=Sum("amount_minor"), before=Sum("amount_minor", filter=Q(id__lte=after)))
    standing = sums["before"] or 0
    columns = ("id", "entry__number", "entry__what", "entry__about", "entry__at", "amount_minor")
    rows = list(postings.filter(id__gt=after).order_by("id").values_list(*columns)[: most + 1])
    steps, stands = [], standing
    for _pk, number, what, about, at, amount in rows[:most]:
        stands += amount
        steps.append(Step(number, what, about, at, Money(amount, account.currency), Money(stands, account.currency)))
    return Explained(
        account=account, before=Money(standing, account.currency), steps=steps,
        balance=Money(sums["all"] or 0, account.currency), total=postings.count(),
        next_after=rows[most - 1][0] if len(rows) > most else None, names=names_of([(account.kind, account.subject)]),
    )  # fmt: skip


def closings(*, book_id: int, currency: str, actor: Actor) -> list[ClosingRow]:
    """Return the months and years of a book that are closed, the newest first. Raises Forbidden."""
    actor.require(Right.SEE_BOOKS, on=book_id)
    rows = Closing.objects.filter(book_id=book_id).exclude(kind=Closing.Kind.DAY).order_by("-number")
    return [_closing(row, currency) for row in rows]


def years(*, book_id: int, actor: Actor) -> list[int]:
    """Return the years in which a book has entries, the newest first. Raises Forbidden."""
    actor.require(Right.SEE_BOOKS, on=book_id)
    return sorted((at.year for at in Entry.objects.filter(book_id=book_id).dates("at", "year")), reverse=True)


@dataclass(frozen=True, slots=True)
class User:
    """Who uses the software, as papers name them."""

    name: str
    siret: str
    address: str
    instance: str


def user_of(*, book_id: int, actor: Actor) -> User:
    """Return whose book it is, as papers name them. Raises Forbidden."""
    actor.require(Right.SEE_BOOKS, on=book_id)
    one = Enterprise.objects.select_related("instance").get(id=book_id)
    address = ", ".join(part for part in (one.street, one.street2, f"{one.postcode} {one.town}".strip()) if part)
    return User(one.legal_name or one.name, one.siret, address, one.instance.name)


def standing(*, book_id: int, actor: Actor) -> tuple[int, str]:
    """Return the number and hash of the last entry of a book. Raises Forbidden."""
    actor.require(Right.SEE_BOOKS, on=book_id)
    return Head.objects.filter(book_id=book_id).values_list("number", "hash").first() or (0, chain.GENESIS)


def account_id(*, book_id: int, kind: str, subject: str, currency: str = "EUR") -> int | None:
    """Return the id of an account by its name, or None."""
    rows = Account.objects.filter(book_id=book_id, kind=kind, subject=subject, currency=currency)
    return rows.values_list("id", flat=True).first()


def names_of(accounts: Iterable[tuple[str, str]]) -> Names:
    """Return who stands behind accounts (kind, subject), in two queries at most."""
    ids: dict[bool, set[int]] = {True: set(), False: set()}
    for kind, subject in accounts:
        tail = subject.rpartition(":")[2]
        if tail.isdecimal() and kind in ("customer", "credit", "carried", "producer", "fees", "allowance"):
            ids[kind in ("customer", "credit", "carried")].add(int(tail))
    return Names(
        dict(Enterprise.objects.filter(id__in=ids[False]).values_list("id", "name")) if ids[False] else {},
        dict(Customer.objects.filter(id__in=ids[True]).values_list("id", "name")) if ids[True] else {},
    )


def _asked(book_id: int, asked: Asked) -> QuerySet[Entry]:
    rows = Entry.objects.filter(book_id=book_id)
    if asked.account_id is not None:
        rows = rows.filter(id__in=Posting.objects.filter(account_id=asked.account_id).values("entry_id"))
    if asked.about:
        rows = rows.filter(Q(about=asked.about) | Q(about__endswith=f":{asked.about.upper()}"))
    if asked.since is not None:
        rows = rows.filter(at__gte=asked.since)
    if asked.until is not None:
        rows = rows.filter(at__lt=asked.until)
    return rows


def _rows(entries: QuerySet[Entry]) -> list[JournalRow]:
    heads = list(entries.values_list("id", "number", "what", "about", "at", "by", "key", "hash"))
    columns = ("entry_id", "account_id", "account__kind", "account__subject", "amount_minor", "account__currency")
    sides: dict[int, list[Side]] = {}
    postings = Posting.objects.filter(entry_id__in=[head[0] for head in heads]).order_by("id")
    for entry_id, account, kind, subject, amount, currency in postings.values_list(*columns):
        sides.setdefault(entry_id, []).append(Side(account, kind, subject, Money(amount, currency)))
    return [JournalRow(*head[1:], sides=tuple(sides.get(head[0], ()))) for head in heads]


def _closing(row: Closing, currency: str) -> ClosingRow:
    said: dict[str, Any] = json.loads(row.statement)
    return ClosingRow(
        number=row.number, kind=row.kind, period=row.period, entries=said["entries"],
        sold=Money(_sold(said["totals"], currency), currency), sold_ever=Money(_sold(said["perpetual"], currency), currency),
        at=row.at, hash=row.hash,
    )  # fmt: skip


def _sold(totals: Sequence[Sequence[str]], currency: str) -> int:
    """What customers owed for goods: their debits less their credits, without what was paid and given back."""
    sold = [row for row in totals if row[0] == currency and row[2] == "customer" and row[1] not in UNSOLD]
    return sum(int(row[4]) - int(row[5]) for row in sold)
