"""A hub's customers: who they are, what is noted of them, how they stand in its books."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.commons.searching import fold, words
from bocage.network.models import Customer, CustomerTag
from bocage.network.rules import Actor, Right
from bocage.payments.queries import accounts
from bocage.payments.queries.accounts import Movement


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


def movements(*, customer_id: int, hub_id: int, actor: Actor, limit: int = 200) -> list[Movement]:
    """Return what moved a customer's account in the hub's books, newest first. Raises Forbidden, NotFound."""
    actor.require(Right.SEE_ORDERS, on=hub_id)
    found = accounts.statement(customer_id=customer_id, hub_id=hub_id, actor=actor, limit=limit).rows
    return list(reversed(found))


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
    balances = accounts.balances(hub_id=hub_id, customer_ids=ids, currency=currency)
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
