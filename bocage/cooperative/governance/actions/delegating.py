"""Giving one's vote on a topic to a member of one's college, and taking it back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bocage.commons.refusals import Forbidden, NotFound
from bocage.cooperative.governance.models import Delegation, Member
from bocage.cooperative.governance.queries.members import own_member
from bocage.cooperative.governance.rules.path import MOST_HELD, Kind
from bocage.cooperative.governance.rules.refusals import NeverDelegated, OtherCollege, TooManyHeld
from bocage.infra.locks import lock_row
from bocage.network.rules import Actor


@transaction.atomic
def delegate(*, topic: str, holder_id: int, instance_id: int, actor: Actor, now: datetime) -> None:
    """Give one's vote on a topic (a kind of proposal), in the place of whom it was given to before.

    Not passed on: what the holder was given stays with them. Raises MembersOnly, NeverDelegated, NotFound, OtherCollege,
    TooManyHeld.
    """
    own = own_member(actor=actor, instance_id=instance_id)
    if actor.is_visited:
        raise Forbidden()
    if topic == Kind.PERSON or topic not in list(Kind):
        raise NeverDelegated()
    holder = lock_row(Member.objects.filter(instance_id=instance_id, state="active"), holder_id)
    if holder is None or holder.pk == own.id:
        raise NotFound()
    if holder.college.code != own.college:
        raise OtherCollege()
    running = Delegation.objects.filter(until__isnull=True)
    running.filter(giver_id=own.id, topic=topic).update(until=now)
    if running.filter(holder__person_id=holder.person_id, topic=topic).count() >= MOST_HELD:
        raise TooManyHeld(name=holder.name, most=MOST_HELD)
    Delegation.objects.create(giver_id=own.id, holder=holder, topic=topic, since=now)


@transaction.atomic
def take_back(*, delegation_id: int, actor: Actor, now: datetime) -> None:
    """Take back a vote that one gave. Raises NotFound for others' ones."""
    rows = Delegation.objects.filter(pk=delegation_id, giver__person_id=actor.person_id or 0, until__isnull=True)
    if actor.is_visited or not rows.update(until=now):
        raise NotFound()
