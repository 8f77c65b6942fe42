"""What somebody needs who takes an order by phone: the sales one may still order in, and who calls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from bocage.commons.searching import fold, words
from bocage.network.models import Customer
from bocage.network.rules import Actor, Right
from bocage.order_cycles.models import Exchange, HandOver


@dataclass(frozen=True, slots=True)
class Sale:
    """A sale in which a hub's manager may still note an order; `is_open` says whether shoppers may too."""

    id: int
    name: str
    closes_at: datetime
    is_open: bool


@dataclass(frozen=True, slots=True)
class Caller:
    """A customer of the hub who may be on the phone; `language` is their account's, if they chose one there."""

    id: int
    name: str
    email: str
    phone: str
    language: str
    has_account: bool

    @property
    def key(self) -> str:
        """Return its id as text, as values of buttons need it."""
        return str(self.id)


def sales_to_order_in(*, hub_id: int, actor: Actor, now: datetime) -> list[Sale]:
    """Return the sales that are open, or closed and not wholly handed over, the next to close first, in one query.

    Raises Forbidden without MANAGE_ORDERS.
    """
    actor.require(Right.MANAGE_ORDERS, on=hub_id)
    to_come = HandOver.objects.filter(exchange_id=OuterRef("pk"), ends_at__gt=now)
    rows = (
        Exchange.objects.filter(direction="outgoing", enterprise_id=hub_id, cycle__opens_at__lte=now)
        .filter(Q(cycle__closes_at__gt=now) | Exists(to_come))
        .order_by("cycle__closes_at", "cycle_id")
        .values_list("cycle_id", "cycle__name", "cycle__closes_at")
    )
    found = [Sale(pk, name, closes_at, closes_at > now) for pk, name, closes_at in rows]
    return sorted(found, key=lambda sale: not sale.is_open)


def find_callers(*, hub_id: int, text: str, actor: Actor, limit: int = 6) -> list[Caller]:
    """Return the hub's customers called so, or reached so, by name, in one query; none when nothing is typed.

    Raises Forbidden without MANAGE_ORDERS.
    """
    actor.require(Right.MANAGE_ORDERS, on=hub_id)
    wanted = words(text)
    if not wanted:
        return []
    found = []
    for row in _customers(hub_id):
        said = fold(f"{row.name} {row.email} {row.phone} {row.phone.replace(' ', '')}")
        if all(word in said for word in wanted):
            found.append(row)
    return sorted(found, key=lambda row: (fold(row.name), row.id))[:limit]


def caller(*, hub_id: int, actor: Actor, customer_id: int | None = None, email: str = "") -> Caller | None:
    """Return a customer of the hub by id, or by the address of their account or record; None if there is none.

    One query. Raises Forbidden without MANAGE_ORDERS.
    """
    actor.require(Right.MANAGE_ORDERS, on=hub_id)
    given = Q(id=customer_id) if customer_id is not None else Q(email__iexact=email.strip())
    return next(iter(_customers(hub_id, given)), None)


def _customers(hub_id: int, given: Q | None = None) -> list[Caller]:
    """Those with an account first; a record that was claimed beside another is that other one's."""
    rows = Customer.objects.filter(given or Q(), hub_id=hub_id, main__isnull=True).order_by("person_id", "id")
    fields = rows.values_list("id", "name", "email", "phone", "person__language", "person_id")
    found = [
        Caller(pk, name, email, tel, language or "", person_id is not None)
        for pk, name, email, tel, language, person_id in fields
    ]
    return sorted(found, key=lambda row: not row.has_account)
