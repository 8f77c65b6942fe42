"""What a hub notes of its customers: one by one, or many from a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Lower

from bocage.commons.refusals import NotFound
from bocage.infra.inserts import insert
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
    beside,
    tidy_tags,
)

NOTED = ("name", "phone", "code", "note", "is_member")
AT_ONCE = 1000


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
    *,
    hub_id: int,
    customer_id: int | None = None,
    details: CustomerDetails,
    actor: Actor,
    now: datetime,
    seen: CustomerDetails | None = None,
) -> int:
    """Note a new customer of the hub, or change what is noted of one; return the id.

    An address that an account has confirmed becomes that account's record at the hub. The address of a record that
    belongs to an account is its holder's, and stays. seen: what was noted when it was shown: what was left as shown
    stays as somebody else made it since, and what both changed is refused. Raises Forbidden, NotFound, EmailTaken,
    CodeTaken, CustomerChanged. Emits CustomerSaved.
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
    if seen is not None:
        details = beside(details, seen, _details(customer, _tags(customer.pk)))
        email = details.email.strip().lower()
    if customer.person_id is None and email != customer.email:
        _check_new(hub_id, email)
        customer.email = email
    _write(customer, details, actor, now)
    return customer.pk


def try_import(*, hub_id: int, sheet: Sheet, actor: Actor) -> Outcome:
    """Return what a file would do, without doing it. Raises Forbidden."""
    actor.require(Right.MANAGE_ENTERPRISE, on=hub_id)
    return _outcome(sheet, _Book.read(hub_id, sheet))


@transaction.atomic
def import_customers(*, hub_id: int, sheet: Sheet, actor: Actor, now: datetime) -> Outcome:
    """Take a file of customers as a whole: an address that is known is changed, another added.

    A column that is absent, and a cell that is empty, change nothing. Takes the same few queries per 1,000 rows. An
    address that an account has confirmed becomes that account's record, as `save_customer` does. Raises Forbidden,
    FileHasMistakes. Emits CustomersImported, one per 1,000 customers.
    """
    actor.require(Right.MANAGE_ENTERPRISE, on=hub_id)
    lock_row(Enterprise.objects.all(), hub_id)
    book = _Book.read(hub_id, sheet)
    outcome = _outcome(sheet, book)
    if outcome.wrong:
        raise FileHasMistakes(count=len(outcome.wrong))
    wanted = [(book.known_by(said["email"]), said) for _, said in sheet.rows]
    todo = [(one, _merged(one, said)) for one, said in wanted]
    todo = [(one, details) for one, details in todo if one is None or details != one.details]
    for start in range(0, len(todo), AT_ONCE):
        _write_many(hub_id, todo[start : start + AT_ONCE], book, actor, now)
    return outcome


@dataclass(frozen=True, slots=True)
class _Book:
    """All customers of a hub as noted so far, by address; whose record an address leads to; whose each code is."""

    known: Mapping[str, _Known]
    people: Mapping[str, int]
    of_person: Mapping[int, _Known]
    codes: Mapping[str, int]

    @classmethod
    def read(cls, hub_id: int, sheet: Sheet) -> _Book:
        known, of_person = _known(hub_id)
        strangers = [said["email"] for _, said in sheet.rows if said["email"] not in known]
        codes = Customer.objects.filter(hub_id=hub_id).exclude(code="").values_list("code", "id")
        return cls(known, _people(strangers), of_person, dict(codes))

    def known_by(self, email: str) -> _Known | None:
        """Return who has this address here, or the record of whoever proved to read it."""
        return self.known.get(email) or self.of_person.get(self.people.get(email, 0))


def _outcome(sheet: Sheet, book: _Book) -> Outcome:
    wrong = (*sheet.wrong, *_codes_of_others(sheet, book), *_same_person(sheet, book))
    added = changed = 0
    for _row, said in sheet.rows:
        customer = book.known_by(said["email"])
        added += customer is None
        changed += customer is not None and _merged(customer, said) != customer.details
    wrong = tuple(sorted(wrong, key=lambda one: (one.row, one.column)))
    return Outcome(added, changed, len(sheet.rows) - added - changed, wrong)


def _write_many(
    hub_id: int, todo: Sequence[tuple[_Known | None, CustomerDetails]], book: _Book, actor: Actor, now: datetime
) -> None:
    """Write up to 1,000 customers, new and changed, with their tags."""
    new = [
        Customer(hub_id=hub_id, email=said.email, person_id=book.people.get(said.email), created_at=now, **_plain(said))
        for one, said in todo
        if one is None
    ]
    insert(new)
    old = [Customer(id=one.id, **_plain(said)) for one, said in todo if one is not None and one.details != said]
    Customer.objects.bulk_update(old, NOTED, batch_size=AT_ONCE)
    retagged = [one.id for one, said in todo if one is not None and one.details.tags != said.tags]
    CustomerTag.objects.filter(customer_id__in=retagged).delete()
    of_new = zip(new, (said for one, said in todo if one is None), strict=True)
    tags = [(row.pk, name) for row, said in of_new for name in said.tags]
    kept = set(retagged)
    tags += [(one.id, name) for one, said in todo if one is not None and one.id in kept for name in said.tags]
    insert(CustomerTag(customer_id=pk, name=name) for pk, name in tags)
    ids = [*(row.pk for row in new), *(row.pk for row in old)]
    emit(CustomersImported(hub_id=hub_id, added=len(new), changed=len(old), customer_ids=ids), by=actor, at=now)


def _plain(said: CustomerDetails) -> dict[str, Any]:
    return {name: getattr(said, name) for name in NOTED}


def _people(emails: Sequence[str]) -> dict[str, int]:
    """Return who proved to read these addresses, in one query per 1,000."""
    found: dict[str, int] = {}
    for start in range(0, len(emails), AT_ONCE):
        part = emails[start : start + AT_ONCE]
        rows = EmailAddress.objects.annotate(plain=Lower("email")).filter(plain__in=part, verified=True)
        found |= dict(rows.filter(user__is_active=True).values_list("plain", "user_id"))
    return found


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
    fields = {name: getattr(details, name) for name in NOTED}
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


def _known(hub_id: int) -> tuple[dict[str, _Known], dict[int, _Known]]:
    """Return the hub's customers by address and by account, in two queries; of two with one address, the account's."""
    tags: dict[int, list[str]] = defaultdict(list)
    for pk, name in CustomerTag.objects.filter(customer__hub_id=hub_id).values_list("customer_id", "name"):
        tags[pk].append(name)
    rows = Customer.objects.filter(hub_id=hub_id, main__isnull=True).order_by(
        F("person_id").asc(nulls_first=True), "id"
    )
    by_email, by_person = {}, {}
    for row in rows:
        known = by_email[row.email] = _Known(row.pk, _details(row, tags[row.pk]))
        if row.person_id is not None:
            by_person[row.person_id] = known
    return by_email, by_person


def _details(row: Customer, tags: Iterable[str]) -> CustomerDetails:
    noted = {name: getattr(row, name) for name in NOTED}
    return CustomerDetails(email=row.email, tags=tuple(sorted(tags)), **noted)


def _merged(known: _Known | None, said: Mapping[str, str]) -> CustomerDetails:
    before = known.details if known else CustomerDetails(email=said["email"], name="")
    told: dict[str, Any] = {name: said[name] for name in ("name", "phone", "code", "note") if said.get(name)}
    if said.get("tags"):
        told["tags"] = tuple(sorted(tidy_tags(said["tags"])))
    if said.get("member"):
        told["is_member"] = said["member"].casefold() in YES
    merged = replace(before, **told)
    return merged if merged.name else replace(merged, name=said["email"].partition("@")[0])


def _codes_of_others(sheet: Sheet, book: _Book) -> Iterable[Wrong]:
    for number, said in sheet.rows:
        code, customer = said.get("code", ""), book.known_by(said["email"])
        if code and code in book.codes and (customer is None or book.codes[code] != customer.id):
            yield Wrong(number, "code", "taken", code)


def _same_person(sheet: Sheet, book: _Book) -> Iterable[Wrong]:
    """Two addresses of one account are one customer: the second row is one too many."""
    seen: set[int] = set()
    for number, said in sheet.rows:
        customer = book.known_by(said["email"])
        whose = customer.id if customer else -book.people.get(said["email"], 0)
        if whose and whose in seen:
            yield Wrong(number, "email", "same_person", said["email"])
        seen.add(whose)
