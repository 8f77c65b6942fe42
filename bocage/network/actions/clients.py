"""What a hub notes of its customers: one by one, or many from a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from bocage.commons.refusals import NotFound
from bocage.infra.locks import lock_row
from bocage.infra.outbox import emit
from bocage.network.actions.customers import customer_for, person_confirmed
from bocage.network.events import CustomerSaved, CustomersImported
from bocage.network.models import Customer, CustomerTag, Enterprise
from bocage.network.rules import Actor, Right
from bocage.network.rules.customers import (
    YES,
    CodeTaken,
    CustomerDetails,
    EmailTaken,
    FileHasMistakes,
    Sheet,
    Wrong,
    tidy_tags,
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a file did, or would do."""

    added: int
    changed: int
    same: int
    wrong: tuple[Wrong, ...] = ()


@dataclass(frozen=True, slots=True)
class _Known:
    """A customer as the hub has noted them so far."""

    id: int
    details: CustomerDetails


@transaction.atomic
def save_customer(
    *, hub_id: int, customer_id: int | None = None, details: CustomerDetails, actor: Actor, now: datetime
) -> int:
    """Note a new customer of the hub, or change what is noted of one; return the id.

    An address that an account has confirmed becomes that account's record at the hub. The address of a record that
    belongs to an account is its holder's, and stays. Raises Forbidden, NotFound, EmailTaken, CodeTaken. Emits
    CustomerSaved.
    """
    actor.require(Right.MANAGE_ORDERS, on=hub_id)
    lock_row(Enterprise.objects.all(), hub_id)
    email = details.email.strip().lower()
    if customer_id is None:
        _check_new(hub_id, email)
        customer_id = customer_for(
            hub_id=hub_id,
            person_id=person_confirmed(email),
            email=email,
            name=details.name,
            phone=details.phone,
            now=now,
        )
    customer = _own(hub_id, customer_id)
    if customer.person_id is None and email != customer.email:
        _check_new(hub_id, email)
        customer.email = email
    _write(customer, details, actor, now)
    return customer.pk


def try_import(*, hub_id: int, sheet: Sheet, actor: Actor) -> Outcome:
    """Return what a file would do, without doing it. Raises Forbidden."""
    actor.require(Right.MANAGE_ENTERPRISE, on=hub_id)
    known = _known(hub_id)
    wrong = (*sheet.wrong, *_codes_of_others(hub_id, sheet, known))
    added = changed = 0
    for _row, said in sheet.rows:
        customer = known.get(said["email"])
        added += customer is None
        changed += customer is not None and _merged(customer, said) != customer.details
    return Outcome(added, changed, len(sheet.rows) - added - changed, tuple(wrong))


@transaction.atomic
def import_customers(*, hub_id: int, sheet: Sheet, actor: Actor, now: datetime) -> Outcome:
    """Take a file of customers as a whole: an address that is known is changed, another added.

    A column that is absent, and a cell that is empty, change nothing. Raises Forbidden, FileHasMistakes. Emits
    CustomersImported, and what `save_customer` emits per customer.
    """
    lock_row(Enterprise.objects.all(), hub_id)
    outcome = try_import(hub_id=hub_id, sheet=sheet, actor=actor)
    if outcome.wrong:
        raise FileHasMistakes(count=len(outcome.wrong))
    known = _known(hub_id)
    for _row, said in sheet.rows:
        customer = known.get(said["email"])
        details = _merged(customer, said)
        if customer is None or details != customer.details:
            pk = customer.id if customer else None
            save_customer(hub_id=hub_id, customer_id=pk, details=details, actor=actor, now=now)
    emit(CustomersImported(hub_id=hub_id, added=outcome.added, changed=outcome.changed), by=actor, at=now)
    return outcome


def _check_new(hub_id: int, email: str) -> None:
    if Customer.objects.filter(hub_id=hub_id, email=email, main__isnull=True).exists():
        raise EmailTaken(email=email)


def _own(hub_id: int, customer_id: int) -> Customer:
    customer = lock_row(Customer.objects.filter(hub_id=hub_id), customer_id)
    if customer is None:
        raise NotFound()
    return customer


def _write(customer: Customer, details: CustomerDetails, actor: Actor, now: datetime) -> None:
    if (
        details.code
        and Customer.objects.filter(hub_id=customer.hub_id, code=details.code).exclude(id=customer.pk).exists()
    ):
        raise CodeTaken(customer_code=details.code)
    fields = {name: getattr(details, name) for name in ("name", "phone", "code", "note", "is_member")}
    changed = [name for name, value in fields.items() if getattr(customer, name) != value]
    for name, value in fields.items():
        setattr(customer, name, value)
    customer.save()
    if _tags(customer.pk) != set(details.tags):
        changed.append("tags")
        CustomerTag.objects.filter(customer=customer).exclude(name__in=details.tags).delete()
        CustomerTag.objects.bulk_create(
            (CustomerTag(customer=customer, name=name) for name in details.tags), ignore_conflicts=True
        )
    emit(CustomerSaved(hub_id=customer.hub_id, customer_id=customer.pk, fields=changed), by=actor, at=now)


def _tags(customer_id: int) -> set[str]:
    return set(CustomerTag.objects.filter(customer_id=customer_id).values_list("name", flat=True))


def _known(hub_id: int) -> dict[str, _Known]:
    """Return the hub's customers by address, in two queries; of two with one address, the account's."""
    tags: dict[int, list[str]] = defaultdict(list)
    for pk, name in CustomerTag.objects.filter(customer__hub_id=hub_id).values_list("customer_id", "name"):
        tags[pk].append(name)
    rows = Customer.objects.filter(hub_id=hub_id, main__isnull=True).order_by(
        F("person_id").asc(nulls_first=True), "id"
    )
    return {
        row.email: _Known(row.pk, CustomerDetails(
            email=row.email, name=row.name, phone=row.phone, code=row.code, note=row.note, is_member=row.is_member,
            tags=tuple(sorted(tags[row.pk])),
        ))
        for row in rows
    }  # fmt: skip


def _merged(known: _Known | None, said: Mapping[str, str]) -> CustomerDetails:
    before = known.details if known else CustomerDetails(email=said["email"], name="")
    told: dict[str, Any] = {name: said[name] for name in ("name", "phone", "code", "note") if said.get(name)}
    if said.get("tags"):
        told["tags"] = tuple(sorted(tidy_tags(said["tags"])))
    if said.get("member"):
        told["is_member"] = said["member"].casefold() in YES
    merged = replace(before, **told)
    return merged if merged.name else replace(merged, name=said["email"].partition("@")[0])


def _codes_of_others(hub_id: int, sheet: Sheet, known: Mapping[str, _Known]) -> Iterable[Wrong]:
    owners = {one.details.code: email for email, one in known.items() if one.details.code}
    for number, said in sheet.rows:
        code = said.get("code", "")
        if code and owners.get(code, said["email"]) != said["email"]:
            yield Wrong(number, "code", "taken", code)
