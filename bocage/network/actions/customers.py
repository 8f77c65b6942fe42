"""Customer records: found or made at checkout, made members by the hub, claimed by whoever proves the address."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import QuerySet

from bocage.commons.refusals import NotFound
from bocage.infra.inserts import insert_new
from bocage.infra.outbox import emit
from bocage.infra.statements import Statement
from bocage.network.events import CustomersClaimed, MembershipChanged
from bocage.network.models import Customer
from bocage.network.rules import Actor, Right

ATTEMPTS = 3  # a record may be made, and be claimed by its person, between two looks


@transaction.atomic(savepoint=False)
def customer_for(*, hub_id: int, person_id: int | None, email: str, name: str, phone: str = "", now: datetime) -> int:
    """Return the id of the hub's customer record for this buyer, made if need be: one query when it exists.

    Belongs inside the caller's transaction; takes no lock: the unique constraints decide who was first. A signed-in
    person is found by person alone; a guest by address alone, among the records that belong to nobody. So a guest may
    type the address of a person with an account: the order is taken as for anybody (nothing tells whether an account
    exists), and does not appear in that account until its holder claims it.
    """
    email = email.strip().lower()
    for _attempt in range(ATTEMPTS):
        found = _found(hub_id, person_id, email)
        if found is not None:
            return found
        made = Customer(
            hub_id=hub_id, person_id=person_id, email=email, name=name.strip(), phone=phone.strip(), created_at=now
        )
        if insert_new(made):
            return made.pk
    raise AssertionError("a record that is in the way of a new one is found")


@transaction.atomic
def make_member(*, hub_id: int, email: str, name: str, phone: str = "", actor: Actor, now: datetime) -> int:
    """Let somebody into the hub's members-only shop; return their customer id. Twice is once.

    If a person confirmed this address, their record is made or found; else a record waits for whoever confirms it.
    Raises Forbidden. Emits MembershipChanged.
    """
    actor.require(Right.MANAGE_ENTERPRISE, on=hub_id)
    person_id = person_confirmed(email)
    customer_id = customer_for(hub_id=hub_id, person_id=person_id, email=email, name=name, phone=phone, now=now)
    if Customer.objects.filter(id=customer_id, is_member=False).update(is_member=True):
        emit(MembershipChanged(hub_id=hub_id, customer_id=customer_id, is_member=True), by=actor, at=now)
    return customer_id


@transaction.atomic
def end_membership(*, hub_id: int, customer_id: int, actor: Actor, now: datetime) -> None:
    """Close the hub's members-only shop to this customer. Raises Forbidden, NotFound. Emits MembershipChanged."""
    actor.require(Right.MANAGE_ENTERPRISE, on=hub_id)
    customer = Customer.objects.filter(id=customer_id, hub_id=hub_id).first()
    if customer is None:
        raise NotFound()
    if Customer.objects.filter(id=customer_id, is_member=True).update(is_member=False):
        emit(MembershipChanged(hub_id=hub_id, customer_id=customer_id, is_member=False), by=actor, at=now)


@transaction.atomic
def claim_records(*, person_id: int | None, actor: Actor, now: datetime) -> int:
    """Give a person the guest records made with the addresses they confirmed; return how many.

    Where the person already has a record at that hub, the claimed one stays beside it. Emits CustomersClaimed.
    """
    if person_id is None or (actor.person_id != person_id and not actor.is_system):
        raise NotFound()
    emails = [email.lower() for email in _confirmed(person_id)]
    records = list(Customer.objects.filter(person__isnull=True, email__in=emails).order_by("id"))
    mains = dict(Customer.objects.filter(person_id=person_id, main__isnull=True).values_list("hub_id", "id"))
    for record in records:
        record.person_id, record.main_id = person_id, mains.setdefault(record.hub_id, record.id)
        if record.main_id == record.id:
            record.main_id = None
        elif record.is_member:
            Customer.objects.filter(id=record.main_id).update(is_member=True)
    Customer.objects.bulk_update(records, ["person", "main"])
    if records:
        emit(CustomersClaimed(person_id=person_id, customer_ids=[record.id for record in records]), by=actor, at=now)
    return len(records)


def _found(hub_id: int, person_id: int | None, email: str) -> int | None:
    who: dict[str, Any] = {"email": email} if person_id is None else {"person_id": person_id}
    rows = (_of_guest if person_id is None else _of_person).rows(hub_id=hub_id, **who)
    return rows[0][0] if rows else None


@Statement
def _of_person(*, hub_id: int, person_id: int) -> QuerySet[Customer, tuple[int]]:
    return Customer.objects.filter(hub_id=hub_id, person_id=person_id, main__isnull=True).values_list("id")


@Statement
def _of_guest(*, hub_id: int, email: str) -> QuerySet[Customer, tuple[int]]:
    return Customer.objects.filter(hub_id=hub_id, person__isnull=True, email=email).values_list("id")


def _confirmed(person_id: int) -> list[str]:
    return list(EmailAddress.objects.filter(user_id=person_id, verified=True).values_list("email", flat=True))


def person_confirmed(email: str) -> int | None:
    """Return the id of the person who proved to read this address, if there is one."""
    found = EmailAddress.objects.filter(email__iexact=email.strip(), verified=True, user__is_active=True).first()
    return None if found is None else found.user_id
