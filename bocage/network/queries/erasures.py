"""What forgetting a person unlinks, and who was forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from bocage.commons.refusals import Forbidden, NotFound
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
from bocage.network.rules import NOWHERE, Actor


@dataclass(frozen=True, slots=True)
class Forgetting:
    """What is known of a person. `hubs` know them as a customer, `works_for` by a role; `owns` stands in the way."""

    person_id: int
    name: str
    email: str
    is_steward: bool
    owns: tuple[str, ...]
    customer_ids: tuple[int, ...]
    hubs: tuple[str, ...]
    works_for: tuple[str, ...]
    groups: tuple[str, ...]
    addresses: int
    tags: int
    invitations: int
    consents: int


@dataclass(frozen=True, slots=True)
class ErasureRow:
    """Somebody was forgotten; `steward` is empty where they did it themselves."""

    id: int
    person_id: int
    steward: str
    reason: str
    at: datetime


def forgetting(*, person_id: int, actor: Actor) -> Forgetting:
    """Return what forgetting a person would unlink and keep, in a constant number of queries, and change nothing.

    Raises Forbidden unless a steward asks; NotFound for nobody, and for who is forgotten already.
    """
    if not actor.is_steward:
        raise Forbidden()
    person = Person.objects.filter(id=person_id).exclude(email__endswith=f"@{NOWHERE}").first()
    if person is None:
        raise NotFound()
    customers = list(Customer.objects.filter(person=person).order_by("hub__name", "id").values_list("id", "hub__name"))
    ids = [pk for pk, _ in customers]
    return Forgetting(
        person_id=person.pk,
        name=person.name,
        email=person.email,
        is_steward=person.is_staff,
        owns=tuple(Enterprise.objects.filter(owner=person).order_by("name").values_list("name", flat=True)),
        customer_ids=tuple(ids),
        hubs=tuple(dict.fromkeys(hub for _, hub in customers)),
        works_for=tuple(
            Role.objects.filter(person=person).order_by("enterprise__name").values_list("enterprise__name", flat=True)
        ),
        groups=tuple(Group.objects.filter(owner=person).order_by("name").values_list("name", flat=True)),
        addresses=Address.objects.filter(person=person).count(),
        tags=CustomerTag.objects.filter(customer_id__in=ids).aggregate(n=Count("id"))["n"],
        invitations=Invitation.objects.filter(email=person.email.lower()).count(),
        consents=Consent.objects.filter(person=person).count(),
    )


def erasures(*, actor: Actor, limit: int = 50) -> list[ErasureRow]:
    """Return who was last forgotten, newest first, in one query. Raises Forbidden unless a steward asks."""
    if not actor.is_steward:
        raise Forbidden()
    rows = Erasure.objects.select_related("steward").order_by("-at", "-id")[:limit]
    return [
        ErasureRow(row.pk, row.person_id, str(row.steward) if row.steward else "", row.reason, row.at) for row in rows
    ]
