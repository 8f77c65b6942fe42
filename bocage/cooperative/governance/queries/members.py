"""Members: the register, one's own memberships, shares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet, Sum

from bocage.commons.money import Money
from bocage.cooperative.governance.models import Articles, Category, College, Delegation, Member, ShareMovement
from bocage.cooperative.governance.queries.committees import OFFICE, TREASURY, committee, sits_on
from bocage.cooperative.governance.rules.refusals import MembersOnly, OfficeOnly
from bocage.network.rules import Actor


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member in the register; `shares` paid, `due` subscribed and not paid."""

    id: int
    number: int
    name: str
    college: str
    college_name: str
    category: str
    state: str
    active_at: datetime | None
    left_at: datetime | None
    shares: int = 0
    due: int = 0
    person_id: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True)
class CollegeRow:
    """A college, its weight of 100, and how many active members it has."""

    id: int
    code: str
    name: str
    weight: int
    members: int


@dataclass(frozen=True, slots=True)
class MovementRow:
    """A line of the register of shares."""

    number: int
    at: datetime
    member: str
    kind: str
    shares: int
    amount: Money
    words: str


@dataclass(frozen=True, slots=True)
class GivenRow:
    """A vote that was given, or is held for another."""

    id: int
    giver: str
    holder: str
    topic: str
    is_mine: bool


def articles(instance_id: int) -> Articles:
    """Return what the articles say; the proposals of the domain until members decided otherwise."""
    return Articles.objects.filter(instance_id=instance_id).first() or Articles(instance_id=instance_id)


def colleges(instance_id: int) -> list[CollegeRow]:
    """Return the colleges, heaviest first, with their active members, in two queries."""
    rows = College.objects.filter(instance_id=instance_id).order_by("-weight", "code")
    there = Member.objects.filter(instance_id=instance_id, state="active").values_list("college_id")
    active = dict(there.annotate(n=Count("id")).order_by())
    return [CollegeRow(row.pk, row.code, row.name, row.weight, active.get(row.pk, 0)) for row in rows]


def categories(instance_id: int) -> list[tuple[int, str]]:
    """Return the categories of members: id and name."""
    return list(Category.objects.filter(instance_id=instance_id).order_by("id").values_list("id", "name"))


def memberships(*, actor: Actor, instance_id: int) -> list[MemberRow]:
    """Return the memberships that the actor speaks for, gone ones left out: their own, and enterprises'."""
    if actor.person_id is None:
        return []
    rows = Member.objects.filter(instance_id=instance_id, person_id=actor.person_id)
    return _rows(rows.exclude(state__in=["left", "declined"]))


def own_member(*, actor: Actor, instance_id: int) -> MemberRow:
    """Return the active membership that the actor speaks for. Raises MembersOnly."""
    for row in memberships(actor=actor, instance_id=instance_id):
        if row.state == "active":
            return row
    raise MembersOnly()


def register(*, actor: Actor, instance_id: int, now: datetime) -> list[MemberRow]:
    """Return the register of members by number, in two queries. Raises OfficeOnly."""
    require_keeper(actor=actor, instance_id=instance_id, now=now)
    return _rows(Member.objects.filter(instance_id=instance_id))


def movements(*, actor: Actor, instance_id: int, now: datetime) -> list[MovementRow]:
    """Return the register of shares, newest first, in one query. Raises OfficeOnly."""
    require_keeper(actor=actor, instance_id=instance_id, now=now)
    rows = ShareMovement.objects.filter(instance_id=instance_id).select_related("member").order_by("-number")
    return [
        MovementRow(
            row.number, row.at, row.member.name, row.kind, row.shares, Money(row.amount_minor, "EUR"), row.words
        )
        for row in rows
    ]


def require_keeper(*, actor: Actor, instance_id: int, now: datetime) -> None:
    """Raise OfficeOnly unless the actor keeps the register: treasury, office; the steward until a treasury sits."""
    if actor.is_system or any(
        sits_on(one, actor=actor, instance_id=instance_id, now=now) for one in (TREASURY, OFFICE)
    ):
        return
    if not (actor.is_steward and not committee(TREASURY, instance_id=instance_id, now=now).seats):
        raise OfficeOnly()


def delegations(*, actor: Actor, instance_id: int) -> list[GivenRow]:
    """Return the votes that the actor gave and holds, in one query."""
    own = Q(giver__person_id=actor.person_id) | Q(holder__person_id=actor.person_id)
    rows = Delegation.objects.filter(own, until__isnull=True, giver__instance_id=instance_id)
    rows = rows.select_related("giver", "holder").order_by("topic", "id")
    return [
        GivenRow(row.pk, row.giver.name, row.holder.name, row.topic, row.giver.person_id == actor.person_id)
        for row in rows
    ]


def colleagues(*, member: MemberRow, instance_id: int) -> list[tuple[int, str]]:
    """Return the other active members of one's college: id and name."""
    rows = Member.objects.filter(instance_id=instance_id, college__code=member.college, state="active")
    return list(rows.exclude(pk=member.id).order_by("name", "id").values_list("id", "name"))


def shares_of(member_id: int) -> tuple[int, int]:
    """Return how many shares a member has paid, and how many are subscribed and not paid."""
    return _shares([member_id]).get(member_id, (0, 0))


def _shares(member_ids: list[int]) -> dict[int, tuple[int, int]]:
    rows = ShareMovement.objects.filter(member_id__in=member_ids).values("member_id", "kind")
    sums: dict[int, dict[str, int]] = {}
    for row in rows.annotate(n=Sum("shares")).order_by():
        sums.setdefault(row["member_id"], {})[row["kind"]] = row["n"]
    return {
        one: (
            found.get("payment", 0) + found.get("refund", 0),
            found.get("subscription", 0) - found.get("payment", 0) + found.get("cancellation", 0),
        )
        for one, found in sums.items()
    }


def _rows(members: QuerySet[Member]) -> list[MemberRow]:
    rows = list(members.select_related("college", "category").order_by("number", "id"))
    shares = _shares([row.pk for row in rows])
    return [
        MemberRow(
            row.pk, row.number, row.name, row.college.code, row.college.name, row.category.name, row.state,
            row.active_at, row.left_at, *shares.get(row.pk, (0, 0)), row.person_id, row.words,
        )
        for row in rows
    ]  # fmt: skip
