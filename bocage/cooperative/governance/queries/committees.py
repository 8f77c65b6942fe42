"""Committees, as other apps ask them: who sits, and whether there are enough to decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from bocage.cooperative.governance.models import Seat
from bocage.cooperative.governance.rules import colleges
from bocage.network.rules import Actor

PEERS, TREASURY, OFFICE = "peers", "treasury", "office"
COMMITTEES = (PEERS, TREASURY, OFFICE)  # solidarity and restriction; shares and books; proposals, votes, assemblies


@dataclass(frozen=True, slots=True)
class Seated:
    """A member on a committee."""

    member_id: int
    person_id: int
    name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Committee:
    """A committee at a moment. `may_decide`: at least three sit on it."""

    name: str
    seats: tuple[Seated, ...]

    @property
    def may_decide(self) -> bool:
        return len(self.seats) >= colleges.COMMITTEE

    def has(self, person_id: int | None) -> bool:
        """Return whether a person sits on it."""
        return person_id is not None and any(seat.person_id == person_id for seat in self.seats)


def committee(name: str, *, instance_id: int, now: datetime) -> Committee:
    """Return who sits on a committee (peers, treasury, office), by name, in one query; nobody where none was seated."""
    here = Q(until__isnull=True) | Q(until__gt=now)
    rows = Seat.objects.filter(here, instance_id=instance_id, committee=name, since__lte=now, member__state="active")
    rows = rows.select_related("member").order_by("member__name", "id")
    return Committee(
        name, tuple(Seated(row.member_id, row.member.person_id, row.member.name, row.since) for row in rows)
    )


def sits_on(name: str, *, actor: Actor, instance_id: int, now: datetime) -> bool:
    """Return whether the actor sits on a committee; nobody does for another (a steward on a visit neither)."""
    return not actor.is_visited and committee(name, instance_id=instance_id, now=now).has(actor.person_id)
