"""The platform itself: its name, its mail, its words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from allauth.account.models import EmailAddress
from django.db import transaction

from bocage.commons.refusals import Forbidden, NotFound
from bocage.infra.locks import lock_row
from bocage.infra.outbox import emit
from bocage.infra.versions import bump
from bocage.network.events import InstanceEdited, InstanceFounded
from bocage.network.models import Instance, Person
from bocage.network.rules import Actor, AlreadyFounded, slugified
from bocage.network.rules.links import Link, tidy_links


@dataclass(frozen=True, slots=True)
class Founding:
    """A platform to found and its first steward; the password as it was typed."""

    name: str
    country: str
    language: str
    currency: str
    timezone: str
    contact_email: str
    mail_from: str
    steward_name: str
    steward_email: str
    password: str


class InstanceChanges(TypedDict, total=False):
    """What stewards may say of their platform; a key that is absent is left as it is."""

    name: str
    promise: str
    language: str
    mail_from: str
    contact_email: str
    mail_name: str
    description: str
    terms_to_order: bool
    terms_to_register: bool


@transaction.atomic
def found_instance(*, wanted: Founding, actor: Actor, now: datetime) -> int:
    """Found the platform of an empty database, and give its first steward an account; return the steward's id.

    Their address counts as confirmed: whoever starts the server is trusted with more. Raises Forbidden, AlreadyFounded.
    Emits InstanceFounded.
    """
    if not actor.is_system:
        raise Forbidden()
    if Instance.objects.exists():
        raise AlreadyFounded()
    names = ("country", "language", "currency", "timezone", "contact_email", "mail_from")
    said = {name: getattr(wanted, name) for name in names}
    name = wanted.name.strip()
    instance = Instance.objects.create(slug=slugified(name)[:50] or "platform", name=name, **said)
    who = {"name": wanted.steward_name.strip(), "language": wanted.language}
    steward = Person.objects.create_superuser(wanted.steward_email, wanted.password, **who)
    EmailAddress.objects.create(user=steward, email=steward.email, verified=True, primary=True)
    emit(InstanceFounded(instance_id=instance.pk, steward_id=steward.pk), by=actor, at=now)
    return steward.pk


@transaction.atomic
def edit_instance(*, instance_id: int, changes: InstanceChanges, actor: Actor, now: datetime) -> None:
    """Change what a platform says of itself, from which address it writes, and who accepts its terms. Stewards only.

    Currency and time zone are set when it is founded, since books and sales rest on them. Raises Forbidden, NotFound.
    Emits InstanceEdited.
    """
    if not (actor.is_steward or actor.is_system):
        raise Forbidden()
    instance = lock_row(Instance.objects.all(), instance_id)
    if instance is None:
        raise NotFound()
    said = {name: value.strip() if isinstance(value, str) else value for name, value in changes.items()}
    changed = sorted(name for name, value in said.items() if getattr(instance, name) != value)
    for name in changed:
        setattr(instance, name, said[name])
    if changed:
        instance.save(update_fields=changed)
        bump("texts")  # terms are shown under the platform's name
        emit(InstanceEdited(instance_id=instance_id, fields=changed), by=actor, at=now)


@transaction.atomic
def set_links(*, instance_id: int, links: Iterable[Link], actor: Actor, now: datetime) -> None:
    """Set the links that a platform adds to its menus, all at once. Stewards only.

    Raises Forbidden, NotFound, and what `rules.links.tidy_links` raises. Emits InstanceEdited.
    """
    if not (actor.is_steward or actor.is_system):
        raise Forbidden()
    kept = [{"words": one.words, "url": one.url, "place": one.place.value} for one in tidy_links(links)]
    instance = lock_row(Instance.objects.all(), instance_id)
    if instance is None:
        raise NotFound()
    if instance.links != kept:
        instance.links = kept
        instance.save(update_fields=["links"])
        emit(InstanceEdited(instance_id=instance_id, fields=["links"]), by=actor, at=now)
