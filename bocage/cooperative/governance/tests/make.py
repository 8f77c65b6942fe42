"""A cooperative for tests: five colleges, members who have been there for long, an office."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from bocage.cooperative.governance import actions
from bocage.cooperative.governance.actions.voting import Cast
from bocage.cooperative.governance.models import Category, College, Member, Proposal, Seat, Vote
from bocage.network.models import Person
from bocage.network.rules import SYSTEM, Actor
from bocage.network.tests import make as network

NOW = network.NOW
LONG_AGO = NOW - timedelta(days=400)
DAYS = [timedelta(days=number) for number in range(401)]
COLLEGES = {
    "shops": ("Farms and shops", 40),
    "workers": ("Workers", 20),
    "buyers": ("Shoppers", 15),
    "ambassadors": ("Ambassadors", 15),
    "partners": ("Partners", 10),
}
CATEGORIES = {"workers": "Workers", "beneficiaries": "Users", "producers": "Producers", "public": "Public bodies"}
_next = count(1)


def cooperative(body: Any = None) -> int:
    """Found the cooperative of the tests' instance; return the instance's id."""
    instance_id = network.instance().pk
    actions.found(
        instance_id=instance_id, weights=COLLEGES, categories=CATEGORIES, body_id=body and body.pk, actor=SYSTEM
    )
    return instance_id


def member(college: str = "shops", *, person: Person | None = None, **fields: Any) -> Member:
    """Return an active member of long standing."""
    number, instance_id = next(_next), network.instance().pk
    kept = {"name": f"Member {number}", "state": "active", "applied_at": LONG_AGO, "active_at": LONG_AGO}
    return Member.objects.create(
        instance_id=instance_id,
        number=100_000 + number,
        person=person or network.person(),
        category=Category.objects.get(instance_id=instance_id, kind="beneficiaries"),
        college=College.objects.get(instance_id=instance_id, code=college),
        **{**kept, **fields},
    )


def members(**colleges: int) -> list[Member]:
    """Return active members: college → how many."""
    return [member(college) for college, number in colleges.items() for _ in range(number)]


def acting(member: Member) -> Actor:
    return network.actor(member.person)


def office(name: str = "office", size: int = 3) -> Actor:
    """Seat new members of the workers on a committee; return one of them as an actor."""
    seated = members(workers=size)
    for one in seated:
        Seat.objects.create(instance_id=one.instance_id, committee=name, member=one, since=LONG_AGO)
    return acting(seated[0])


def frozen(author: Member, **fields: Any) -> Proposal:
    """Return a proposal whose text is frozen, ready to be voted."""
    kept = {"kind": "other", "title": "A second van", "body": "We buy a second van.", "instance_id": author.instance_id}
    number = actions.propose(**{**kept, **fields}, actor=acting(author), now=NOW - DAYS[40])
    proposal = Proposal.objects.get(number=number)
    Proposal.objects.filter(pk=proposal.pk).update(state="frozen", discussed_at=NOW - DAYS[39], ends_at=NOW - DAYS[9])
    return Proposal.objects.get(pk=proposal.pk)


def vote(author: Member, *, counting: str = "", **fields: Any) -> Vote:
    """Return an open vote, for seven days from NOW on."""
    proposal = frozen(author, **fields)
    vote_id = actions.open_vote(
        proposal_id=proposal.pk, closes_at=NOW + DAYS[7], counting=counting, actor=acting(author), now=NOW
    )
    return Vote.objects.get(pk=vote_id)


def cast(vote: Vote, member: Member, choice: Any, **fields: Any) -> Cast:
    """Cast a member's ballot, an hour after opening unless told otherwise."""
    kept = {"nonce": f"nonce-of-member-{member.pk:06}", "now": NOW + timedelta(hours=1), "actor": acting(member)}
    return actions.cast(vote_id=vote.pk, member_id=member.pk, choice=choice, **{**kept, **fields})
