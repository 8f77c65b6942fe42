"""Forgetting a person (GDPR, article 17): the books stay whole, the link from them to the person is broken."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction

from bocage.commons.refusals import Forbidden, NotFound
from bocage.infra.locks import lock_row
from bocage.infra.outbox import emit
from bocage.network.events import PersonErased
from bocage.network.models import (
    Address,
    Consent,
    Customer,
    CustomerTag,
    Enterprise,
    Erasure,
    Group,
    Invitation,
    Person,
    Role,
)
from bocage.network.rules import NOWHERE, Actor, OwnsStill, StewardStill


@transaction.atomic
def erase_person(*, person_id: int, reason: str = "", actor: Actor, now: datetime) -> None:
    """Forget a person for good: themselves ask, or a steward for them. The account closes.

    Gone: name, phone, addresses, ways to log in, roles, notes and tags of hubs, invitations. Kept, because the law asks
    for books of ten years (France: Code de commerce, L123-22): entries, orders and consents, under the customer's
    number, with an address of their own that leads nowhere. So no unique key of the erased meets another's, not even
    when the same e-mail address comes back as a guest's or with a new account.
    An Erasure stays, which says who did it and why. Raises Forbidden, NotFound, OwnsStill, StewardStill. Emits
    PersonErased, whose listeners in higher apps forget their copies.
    """
    if actor.person_id != person_id and not (actor.is_steward or actor.is_system):
        raise Forbidden()
    person = lock_row(Person.objects.all(), person_id)
    if person is None or person.email.endswith(f"@{NOWHERE}"):
        raise NotFound()
    if person.is_staff and actor.person_id != person_id:
        raise StewardStill()
    owned = Enterprise.objects.filter(owner_id=person_id).order_by("id").first()
    if owned is not None:
        raise OwnsStill(enterprise=owned.name)
    Group.objects.filter(owner_id=person_id).update(owner=None)
    addresses = {person.email, *EmailAddress.objects.filter(user_id=person_id).values_list("email", flat=True)}
    customer_ids = _forget_customers(person_id)
    _forget_consents(person_id)
    Invitation.objects.filter(email__in=[address.lower() for address in addresses]).delete()
    for rows in (
        Address.objects.filter(person_id=person_id),
        Role.objects.filter(person_id=person_id),
        Authenticator.objects.filter(user_id=person_id),
        EmailAddress.objects.filter(user_id=person_id),
    ):
        rows.delete()
    _close(person)
    steward_id = actor.person_id if actor.person_id != person_id else None
    Erasure.objects.create(person_id=person_id, steward_id=steward_id, reason=reason.strip(), at=now)
    emit(PersonErased(person_id=person_id, customer_ids=customer_ids, addresses=sorted(addresses)), by=actor, at=now)


def _forget_customers(person_id: int) -> list[int]:
    """Leave of each record its number, its hub and what points to it; return the numbers."""
    rows = list(Customer.objects.filter(person_id=person_id).order_by("id"))
    for row in rows:
        row.person_id, row.email = None, f"customer-{row.pk}@{NOWHERE}"
        row.name, row.phone, row.code, row.note, row.is_member = "…", "", "", "", False
    Customer.objects.bulk_update(rows, ["person", "email", "name", "phone", "code", "note", "is_member"])
    ids = [row.pk for row in rows]
    CustomerTag.objects.filter(customer_id__in=ids).delete()
    return ids


def _forget_consents(person_id: int) -> None:
    """Keep that somebody accepted a text, and no longer who."""
    rows = list(Consent.objects.filter(person_id=person_id).order_by("id"))
    for row in rows:
        row.person_id, row.email = None, f"consent-{row.pk}@{NOWHERE}"
    Consent.objects.bulk_update(rows, ["person", "email"])


def _close(person: Person) -> None:
    person.email, person.name, person.phone, person.language = f"person-{person.pk}@{NOWHERE}", "", "", ""
    person.is_active = person.is_staff = person.is_superuser = False
    person.set_unusable_password()
    person.save()
