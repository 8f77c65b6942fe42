"""Who works for an enterprise."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from bocage.commons.refusals import NotFound
from bocage.infra.locks import lock_row
from bocage.infra.outbox import emit
from bocage.network.events import RoleGiven, RoleTaken
from bocage.network.models import Enterprise, Role
from bocage.network.rules import ROLES, Actor, NobodyThere, OwnerStays, Right


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


def _locked(enterprise_id: int) -> Enterprise:
    enterprise = lock_row(Enterprise.objects.all(), enterprise_id)
    if enterprise is None:
        raise NotFound()
    return enterprise
