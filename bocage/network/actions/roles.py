"""Who works for an enterprise."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from bocage.commons.refusals import NotFound
from bocage.infra.locks import lock_row
from bocage.infra.outbox import emit
from bocage.network.events import OwnerChanged, RoleGiven, RoleTaken
from bocage.network.models import Enterprise, Role
from bocage.network.queries.people import confirmed_addresses
from bocage.network.rules import (
    MOST_OWNED,
    ROLES,
    Actor,
    NewOwnerManages,
    NobodyThere,
    NotYours,
    OwnerStays,
    OwnsEnough,
    Right,
)


@transaction.atomic
def give_role(
    *, enterprise_id: int, email: str, role: str, is_contact: bool = False, actor: Actor, now: datetime
) -> int:
    """Give the person who confirmed this address a role, or another one than they had; return the person's id.

    Raises Forbidden, NotFound, NobodyThere, OwnerStays (the owner manages, always). Emits RoleGiven.
    """
    actor.require(Right.MANAGE_ENTERPRISE, on=enterprise_id)
    enterprise = _locked(enterprise_id)
    if role not in ROLES:
        raise NotFound()
    address = EmailAddress.objects.filter(email__iexact=email.strip(), verified=True, user__is_active=True).first()
    if address is None:
        raise NobodyThere()
    if address.user_id == enterprise.owner_id and role != Role.Name.MANAGER:
        raise OwnerStays()
    Role.objects.update_or_create(
        person_id=address.user_id, enterprise_id=enterprise_id, defaults={"name": role, "is_contact": is_contact}
    )
    emit(RoleGiven(enterprise_id=enterprise_id, person_id=address.user_id, role=role), by=actor, at=now)
    return address.user_id


@transaction.atomic
def take_role(*, enterprise_id: int, person_id: int, actor: Actor, now: datetime) -> None:
    """End somebody's work for an enterprise; anybody may end their own.

    Raises Forbidden, NotFound, OwnerStays. Emits RoleTaken.
    """
    if actor.person_id != person_id:
        actor.require(Right.MANAGE_ENTERPRISE, on=enterprise_id)
    if _locked(enterprise_id).owner_id == person_id:
        raise OwnerStays()
    gone, _ = Role.objects.filter(enterprise_id=enterprise_id, person_id=person_id).delete()
    if not gone:
        raise NotFound()
    emit(RoleTaken(enterprise_id=enterprise_id, person_id=person_id), by=actor, at=now)


@transaction.atomic
def choose_contacts(*, enterprise_id: int, person_ids: Collection[int], actor: Actor, now: datetime) -> None:
    """Say who in the team reads the enterprise's mail; nobody chosen: all managers do. Raises Forbidden, NotFound."""
    actor.require(Right.MANAGE_ENTERPRISE, on=enterprise_id)
    _locked(enterprise_id)
    team = Role.objects.filter(enterprise_id=enterprise_id)
    team.exclude(person_id__in=person_ids).update(is_contact=False)
    team.filter(person_id__in=person_ids).update(is_contact=True)


@transaction.atomic
def change_role(*, enterprise_id: int, person_id: int, role: str, actor: Actor, now: datetime) -> None:
    """Give somebody of the team another role. Raises Forbidden, NotFound, OwnerStays. Emits RoleGiven."""
    actor.require(Right.MANAGE_ENTERPRISE, on=enterprise_id)
    enterprise = _locked(enterprise_id)
    if enterprise.owner_id == person_id and role != Role.Name.MANAGER:
        raise OwnerStays()
    kept = Role.objects.filter(enterprise_id=enterprise_id, person_id=person_id)
    if role not in ROLES or not kept.update(name=role):
        raise NotFound()
    emit(RoleGiven(enterprise_id=enterprise_id, person_id=person_id, role=role), by=actor, at=now)


@transaction.atomic
def hand_over(*, enterprise_id: int, person_id: int, actor: Actor, now: datetime) -> None:
    """Make one of its managers the owner of an enterprise; the old owner goes on managing it.

    Raises NotYours unless the owner (or a steward) asks, NewOwnerManages, OwnsEnough, NotFound. Emits OwnerChanged.
    """
    enterprise = _locked(enterprise_id)
    if not (actor.is_steward or actor.is_system or (actor.person_id and actor.person_id == enterprise.owner_id)):
        raise NotYours()
    role = Role.objects.filter(enterprise_id=enterprise_id, person_id=person_id, name=Role.Name.MANAGER)
    heir = role.select_related("person").first()
    if heir is None or not heir.person.is_active or not confirmed_addresses(person_id):
        raise NewOwnerManages()
    if Enterprise.objects.filter(owner_id=person_id).exclude(id=enterprise_id).count() >= MOST_OWNED:
        raise OwnsEnough(name=str(heir.person), most=MOST_OWNED)
    old, enterprise.owner_id = enterprise.owner_id, person_id
    enterprise.save(update_fields=["owner"])
    emit(OwnerChanged(enterprise_id=enterprise_id, old_id=old, new_id=person_id), by=actor, at=now)


def _locked(enterprise_id: int) -> Enterprise:
    enterprise = lock_row(Enterprise.objects.all(), enterprise_id)
    if enterprise is None:
        raise NotFound()
    return enterprise
