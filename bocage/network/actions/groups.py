"""Groups of enterprises: founded by a person, joined by who accepts, left by who wants."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime

from django.db import transaction

from bocage.commons.refusals import Forbidden, NotFound
from bocage.infra.locks import lock_row
from bocage.infra.outbox import emit
from bocage.network.events import GroupFounded, GroupJoined, GroupLeft
from bocage.network.html import cleaned
from bocage.network.models import Enterprise, Group, GroupMember
from bocage.network.queries.people import confirmed_addresses
from bocage.network.rules import Actor, Right, UnconfirmedAddress, slug_for


@dataclass(frozen=True, slots=True)
class GroupDetails:
    """What a group says of itself."""

    name: str
    teaser: str
    story: str = ""
    town: str = ""
    email: str = ""
    website: str = ""
    is_listed: bool = True


@transaction.atomic
def found_group(*, instance_id: int, details: GroupDetails, actor: Actor, now: datetime) -> str:
    """Found a group of the actor's own; return its address. Raises Forbidden for guests, UnconfirmedAddress.

    Emits GroupFounded.
    """
    if actor.person_id is None:
        raise Forbidden()
    if not confirmed_addresses(actor.person_id):
        raise UnconfirmedAddress()
    taken = set(Group.objects.filter(slug__startswith=slug_for(details.name, ())).values_list("slug", flat=True))
    group = Group.objects.create(
        instance_id=instance_id,
        owner_id=actor.person_id,
        slug=slug_for(details.name, taken),
        created_at=now,
        **_fields(details),
    )
    emit(GroupFounded(group_id=group.pk), by=actor, at=now)
    return group.slug


@transaction.atomic
def edit_group(*, group_id: int, details: GroupDetails, actor: Actor, now: datetime) -> None:
    """Change what a group says of itself. Raises NotFound, Forbidden unless its owner or a steward asks."""
    group = _own(group_id, actor)
    for name, value in _fields(details).items():
        setattr(group, name, value)
    group.save()


@transaction.atomic
def ask_into_group(*, group_id: int, enterprise_id: int, actor: Actor, now: datetime) -> None:
    """Ask an enterprise into a group; one that the actor manages joins at once. Twice is once.

    Raises NotFound, also for another platform's or a hidden one, and Forbidden. Emits GroupJoined when it joins.
    """
    group = _own(group_id, actor)
    seen = Enterprise.objects.filter(instance_id=group.instance_id).exclude(visibility=Enterprise.Visibility.HIDDEN)
    if not seen.filter(id=enterprise_id).exists():
        raise NotFound()
    member, _ = GroupMember.objects.get_or_create(group=group, enterprise_id=enterprise_id, defaults={"asked_at": now})
    if actor.roles.get(enterprise_id) == "manager":
        _join(member, actor, now)


@transaction.atomic
def join_group(*, group_id: int, enterprise_id: int, actor: Actor, now: datetime) -> None:
    """Accept that one's enterprise was asked into a group. Raises Forbidden, NotFound if it was not. Emits GroupJoined."""
    actor.require(Right.MANAGE_ENTERPRISE, on=enterprise_id)
    member = GroupMember.objects.filter(group_id=group_id, enterprise_id=enterprise_id).first()
    if member is None:
        raise NotFound()
    _join(member, actor, now)


@transaction.atomic
def leave_group(*, group_id: int, enterprise_id: int, actor: Actor, now: datetime) -> None:
    """Take an enterprise out of a group, or say no to it: who manages the one or owns the other may.

    Raises Forbidden, NotFound. Emits GroupLeft.
    """
    if not actor.may(Right.MANAGE_ENTERPRISE, on=enterprise_id):
        _own(group_id, actor)
    gone, _ = GroupMember.objects.filter(group_id=group_id, enterprise_id=enterprise_id).delete()
    if not gone:
        raise NotFound()
    emit(GroupLeft(group_id=group_id, enterprise_id=enterprise_id), by=actor, at=now)


def _join(member: GroupMember, actor: Actor, now: datetime) -> None:
    if member.joined_at is None:
        member.joined_at = now
        member.save(update_fields=["joined_at"])
        emit(GroupJoined(group_id=member.group_id, enterprise_id=member.enterprise_id), by=actor, at=now)


def _own(group_id: int, actor: Actor) -> Group:
    group = lock_row(Group.objects.all(), group_id)
    if group is None:
        raise NotFound()
    if not (actor.is_steward or actor.is_system or (actor.person_id and actor.person_id == group.owner_id)):
        raise Forbidden()
    return group


def _fields(details: GroupDetails) -> dict[str, object]:
    return asdict(replace(details, name=details.name.strip(), story=cleaned(details.story)))
