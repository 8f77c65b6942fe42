"""A hub's customers: who they are, what is noted of them, how they stand in its books."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet, Sum

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.commons.searching import fold, words
from bocage.ledger.models import Posting
from bocage.network.models import Customer, CustomerTag
from bocage.network.rules import Actor, Right


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer; `balance` > 0 is owed to the hub, < 0 is credit. `has_account`: a person signed in with it."""

    id: int
    name: str
    email: str
    phone: str
    code: str
    note: str
    is_member: bool
    has_account: bool
    tags: tuple[str, ...]
    balance: Money
    created_at: datetime


@dataclass(frozen=True, slots=True)
class CustomerList:
    """A page of customers: how many there are in all, and after whom the next page begins ("" is none)."""

    rows: tuple[CustomerRow, ...]
    total: int
    next: str


@dataclass(frozen=True, slots=True)
class Movement:
    """Something that moved a customer's account, newest first; `balance` is how it stood then."""

    at: datetime
    what: str
    about: str
    amount: Money
    balance: Money


def customers(
    *,
    hub_id: int,
    actor: Actor,
    text: str = "",
    tag: str = "",
    members: bool = False,
    after: str = "",
    limit: int = 50,
    currency: str = "EUR",
) -> CustomerList:
    """Return a hub's customers by name, in five queries. Raises Forbidden.

    text: part of a name, address, phone or code; tag: kept together by it; members: those of the members' shop only;
    after: `next` of the page before.
    """
    actor.require(Right.SEE_ORDERS, on=hub_id)
    found = _found(_matching(hub_id, tag, members), text)
    start = next((n for n, (pk, *_names) in enumerate(found) if str(pk) == after), -1) + 1
    ids = [pk for pk, *_said in found[start : start + limit]]
    rows = Customer.objects.in_bulk(ids)
    last = str(ids[-1]) if start + limit < len(found) else ""
    return CustomerList(_filled([rows[pk] for pk in ids], hub_id, currency), len(found), last)


def every_customer(*, hub_id: int, actor: Actor, currency: str = "EUR") -> tuple[CustomerRow, ...]:
    """Return all customers of a hub by name, for a file, in three queries. Raises Forbidden unless one manages it."""
    actor.require(Right.MANAGE_ENTERPRISE, on=hub_id)
    return _filled(list(_matching(hub_id, "", members=False).order_by("name", "id")), hub_id, currency)


def customer(*, customer_id: int, hub_id: int, actor: Actor, currency: str = "EUR") -> CustomerRow:
    """Return one customer of the hub. Raises Forbidden, NotFound, also for another hub's."""
    actor.require(Right.SEE_ORDERS, on=hub_id)
    found = Customer.objects.filter(id=customer_id, hub_id=hub_id).first()
    if found is None:
        raise NotFound
    return _filled([found], hub_id, currency)[0]


def tags_of(*, hub_id: int, actor: Actor) -> list[str]:
    """Return the words by which the hub keeps customers together, in one query. Raises Forbidden."""
    actor.require(Right.SEE_ORDERS, on=hub_id)
    rows = CustomerTag.objects.filter(customer__hub_id=hub_id).order_by("name")
    return list(rows.values_list("name", flat=True).distinct())


def movements(
    *, customer_id: int, hub_id: int, actor: Actor, currency: str = "EUR", limit: int = 200
) -> list[Movement]:
    """Return what moved a customer's account in the hub's books, newest first, in two queries. Raises Forbidden."""
    actor.require(Right.SEE_ORDERS, on=hub_id)
    subjects = _subjects([customer_id])
    rows = _postings(hub_id, list(subjects), currency).order_by("entry__at", "entry_id", "id")
    names = ("entry__at", "entry__what", "entry__about", "amount_minor")
    found, balance = [], 0
    for at, what, about, amount in rows.values_list(*names):
        balance += amount
        found.append(Movement(at, what, about, Money(amount, currency), Money(balance, currency)))
    return found[::-1][:limit]


def _matching(hub_id: int, tag: str, members: bool) -> QuerySet[Customer]:
    rows = Customer.objects.filter(hub_id=hub_id, main__isnull=True)
    if tag:
        rows = rows.filter(Exists(CustomerTag.objects.filter(customer_id=OuterRef("id"), name=tag)))
    return rows.filter(is_member=True) if members else rows


def _found(rows: QuerySet[Customer], text: str) -> list[tuple]:
    """Return (id, name, …) of those that say each of the words, by name: compared without accents, as the house does."""
    said = rows.values_list("id", "name", "email", "phone", "code")
    wanted = words(text)
    fitting = [row for row in said if _says(row, wanted)] if wanted else list(said)
    return sorted(fitting, key=lambda row: (fold(row[1]), row[0]))


def _says(row: tuple, wanted: list[str]) -> bool:
    _pk, name, email, phone, code = row
    told = fold(f"{name} {email} {phone} {phone.replace(' ', '')} {code}")
    return all(word in told for word in wanted)


def _filled(rows: list[Customer], hub_id: int, currency: str) -> tuple[CustomerRow, ...]:
    ids = [row.pk for row in rows]
    tags: dict[int, list[str]] = defaultdict(list)
    for pk, name in CustomerTag.objects.filter(customer_id__in=ids).order_by("name").values_list("customer_id", "name"):
        tags[pk].append(name)
    balances = _balances(ids, hub_id, currency)
    return tuple(
        CustomerRow(
            id=row.pk,
            name=row.name,
            email=row.email,
            phone=row.phone,
            code=row.code,
            note=row.note,
            is_member=row.is_member,
            has_account=row.person_id is not None,
            tags=tuple(tags[row.pk]),
            balance=Money(balances.get(row.pk, 0), currency),
            created_at=row.created_at,
        )
        for row in rows
    )


def _balances(ids: list[int], hub_id: int, currency: str) -> dict[int, int]:
    """Return what each customer owes, the records that were joined to theirs included."""
    subjects = _subjects(ids)
    sums = _postings(hub_id, list(subjects), currency).values_list("account__subject").annotate(sum=Sum("amount_minor"))
    found: dict[int, int] = defaultdict(int)
    for subject, amount in sums:
        found[subjects[subject]] += amount
    return found


def _subjects(ids: list[int]) -> dict[str, int]:
    """Return the accounts of customers and of the records joined to them, each with the customer it counts for."""
    joined = Customer.objects.filter(main_id__in=ids).values_list("id", "main_id")
    pairs = [*((pk, pk) for pk in ids), *((pk, main or pk) for pk, main in joined)]
    return {f"customer:{pk}": main for pk, main in pairs}


def _postings(hub_id: int, subjects: list[str], currency: str) -> QuerySet[Posting]:
    account = {"account__book_id": hub_id, "account__kind": "customer", "account__currency": currency}
    return Posting.objects.filter(**account, account__subject__in=subjects)
