"""Groups of enterprises, as everybody reads them and as their owners and members see them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from bocage.commons.refusals import NotFound
from bocage.network.models import Enterprise, Group, GroupMember
from bocage.network.rules import Actor, Right


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group among others; `members`: how many joined it."""

    id: int
    slug: str
    name: str
    teaser: str
    town: str
    members: int


@dataclass(frozen=True, slots=True)
class Member:
    """An enterprise of a group; asked and not there yet while `has_joined` is False."""

    id: int
    slug: str
    name: str
    town: str
    teaser: str
    picture: str
    is_producer: bool
    sells: str
    has_joined: bool


@dataclass(frozen=True, slots=True)
class GroupPage:
    """What a group tells everybody, and to its owner whom it waits for (`asked`)."""

    id: int
    slug: str
    name: str
    teaser: str
    story: str
    town: str
    email: str
    website: str
    is_listed: bool
    is_own: bool
    members: tuple[Member, ...]
    asked: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Belonging:
    """A group that an enterprise belongs to, or was asked into."""

    group_id: int
    slug: str
    name: str
    teaser: str
    has_joined: bool


def groups(*, instance_id: int, owner_id: int | None = None) -> list[GroupRow]:
    """Return the groups that are listed, or all of one owner, by name, in one query."""
    which = Q(owner_id=owner_id) if owner_id else Q(is_listed=True)
    shown = Q(members__joined_at__isnull=False, members__enterprise__visibility=Enterprise.Visibility.PUBLIC)
    rows = Group.objects.filter(which, instance_id=instance_id).annotate(n=Count("members", filter=shown))
    return [
        GroupRow(*row) for row in rows.order_by("name", "id").values_list("id", "slug", "name", "teaser", "town", "n")
    ]


def group_page(*, instance_id: int, slug: str, actor: Actor) -> GroupPage:
    """Return a group with its public members by name, in two queries; its owner sees all. Raises NotFound."""
    group = Group.objects.filter(instance_id=instance_id, slug=slug).first()
    if group is None:
        raise NotFound()
    is_own = actor.is_steward or (actor.person_id is not None and actor.person_id == group.owner_id)
    rows = GroupMember.objects.filter(group=group).select_related("enterprise").order_by("enterprise__name", "id")
    seen = [_member(row) for row in rows if is_own or row.enterprise.visibility == Enterprise.Visibility.PUBLIC]
    names = ("id", "slug", "name", "teaser", "story", "town", "email", "website", "is_listed")
    return GroupPage(
        **{name: getattr(group, name) for name in names},
        is_own=is_own,
        members=tuple(member for member in seen if member.has_joined),
        asked=tuple(member for member in seen if not member.has_joined) if is_own else (),
    )


def belongings(*, enterprise_id: int, actor: Actor) -> list[Belonging]:
    """Return the groups an enterprise belongs to or was asked into, by name, in one query. Raises Forbidden."""
    actor.require(Right.MANAGE_ENTERPRISE, on=enterprise_id)
    rows = GroupMember.objects.filter(enterprise_id=enterprise_id).select_related("group").order_by("group__name", "id")
    return [Belonging(r.group_id, r.group.slug, r.group.name, r.group.teaser, r.joined_at is not None) for r in rows]


def _member(row: GroupMember) -> Member:
    e = row.enterprise
    return Member(e.pk, e.slug, e.name, e.town, e.teaser, e.picture, e.is_producer, e.sells, row.joined_at is not None)


def groups_of(enterprise_id: int) -> list[Belonging]:
    """Return the listed groups that an enterprise belongs to, by name, in one query."""
    rows = Group.objects.filter(members__enterprise_id=enterprise_id, members__joined_at__isnull=False, is_listed=True)
    fields = rows.order_by("name", "id").values_list("id", "slug", "name", "teaser")
    return [Belonging(*row, has_joined=True) for row in fields]
