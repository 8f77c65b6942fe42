"""Who somebody is, and who reads an enterprise's mail."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import F, Q, QuerySet

from bocage.commons.refusals import NotFound
from bocage.infra.statements import Statement
from bocage.network.models import Enterprise, Instance, Role
from bocage.network.rules import GUEST, MOST_OWNED, Actor, TooManyEnterprises, UnconfirmedAddress


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to write to, and in which language."""

    email: str
    name: str
    language: str


def actor_for(person: Any, *, language: str = "fr") -> Actor:
    """Return who a signed-in person acts as, with all their roles, in one query; the guest for nobody."""
    if not getattr(person, "is_authenticated", False):
        return GUEST
    roles = dict(Role.objects.filter(person_id=person.pk).values_list("enterprise_id", "name"))
    return Actor(
        label=f"person:{person.pk}",
        name=person.name or person.email,
        person_id=person.pk,
        email=person.email,
        language=person.language or language,
        roles=roles,
        is_steward=person.is_staff,
    )


def visiting_actor(person: Any, *, steward: Any) -> Actor:
    """Return who a steward acts as while helping a person: with the person's rights, and both names in what is kept."""
    actor = actor_for(person)
    return replace(
        actor, label=f"{actor.label} by person:{steward.pk}", name=f"{actor.name} ({steward.name or steward.email})"
    )


def confirmed_addresses(person_id: int) -> list[str]:
    """Return the addresses that a person proved to read."""
    return list(EmailAddress.objects.filter(user_id=person_id, verified=True).values_list("email", flat=True))


def check_founder(person_id: int | None) -> None:
    """Refuse who may not found one more enterprise. Raises UnconfirmedAddress, TooManyEnterprises."""
    if person_id is None or not confirmed_addresses(person_id):
        raise UnconfirmedAddress()
    if Enterprise.objects.filter(owner_id=person_id).count() >= MOST_OWNED:
        raise TooManyEnterprises(most=MOST_OWNED)


class NoInstance(LookupError):
    """Nobody founded the platform yet."""


def is_founded() -> bool:
    """Return whether there is a platform, in one query."""
    return Instance.objects.exists()


def instance_for_host(host: str) -> Instance:
    """Return the instance that answers for `host`, else the one that answers for every host, in one query.

    Raises NoInstance, a LookupError.
    """
    rows = _fitting.rows(host=host)
    if not rows:
        raise NoInstance("no instance yet: `bocage begin` says where to found one, `bocage demo` builds a town")
    return Instance.from_db(None, _FIELDS, rows[0])


_FIELDS = [field.attname for field in Instance._meta.concrete_fields]


@Statement
def _fitting(*, host: str) -> QuerySet[Instance, tuple]:
    fitting = Instance.objects.filter(Q(host=host) | Q(host__isnull=True))
    return fitting.order_by(F("host").asc(nulls_last=True), "id").values_list(*_FIELDS)[:1]


def contacts_of(enterprise_id: int) -> list[Contact]:
    """Return who reads this enterprise's mail, in two queries; never empty unless it has no address at all.

    The people flagged as contact; failing them the managers; failing them the owner; failing all, the enterprise's own
    address. Closed accounts are passed over. Raises NotFound.
    """
    roles = list(
        Role.objects.filter(enterprise_id=enterprise_id, person__is_active=True).select_related("person").order_by("id")
    )
    enterprise = Enterprise.objects.select_related("owner", "instance").filter(id=enterprise_id).first()
    if enterprise is None:
        raise NotFound()
    people = [role.person for role in roles if role.is_contact]
    people = people or [role.person for role in roles if role.name == Role.Name.MANAGER]
    if not people and enterprise.owner is not None and enterprise.owner.is_active:
        people = [enterprise.owner]
    fallback = enterprise.instance.language
    if people:
        return [Contact(person.email, person.name, person.language or fallback) for person in people]
    return [Contact(enterprise.email, enterprise.contact_name, fallback)] if enterprise.email else []
