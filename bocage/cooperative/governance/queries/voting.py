"""Votes: what a member is asked, the board, what was counted."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count as CountOf
from django.db.models import Q

from bocage.commons.refusals import NotFound
from bocage.cooperative.governance.models import BoardEntry, Count, RollEntry, Vote
from bocage.network.rules import Actor


@dataclass(frozen=True, slots=True)
class OptionRow:
    """An answer of a vote; `cost_minor` None where nobody estimated it."""

    id: int
    code: str
    label: str
    cost_minor: int | None


@dataclass(frozen=True, slots=True)
class Seat:
    """A line of the roll that the actor speaks for."""

    member_id: int
    name: str
    college: str
    has_voted: bool


@dataclass(frozen=True, slots=True)
class VotePage:
    """A ballot box as it is shown: what is asked, who of the actor's may vote, how many voted; `file` once counted."""

    id: int
    proposal_id: int
    number: int
    kind: str
    title: str
    method: str
    counting: str
    round: int
    is_secret: bool
    may_brake: bool
    opens_at: datetime
    closes_at: datetime
    is_open: bool
    options: tuple[OptionRow, ...]
    colleges: tuple[dict[str, Any], ...]
    voted: int
    roll: int
    seats: tuple[Seat, ...]
    head: str
    file: dict[str, Any] | None
    hash: str


def vote_page(*, instance_id: int, number: int, round: int = 0, actor: Actor, now: datetime) -> VotePage:
    """Return a proposal's vote, the last one without `round`, in six queries. Raises NotFound."""
    rows = Vote.objects.filter(proposal__instance_id=instance_id, proposal__number=number)
    vote = (rows.filter(round=round) if round else rows).select_related("proposal", "count").order_by("-round").first()
    if vote is None:
        raise NotFound()
    count = getattr(vote, "count", None)
    roll = RollEntry.objects.filter(vote=vote)
    sums = roll.aggregate(roll=CountOf("id"), voted=CountOf("id", filter=Q(has_voted=True)))
    own = roll.filter(member__person_id=actor.person_id or 0).order_by("id")
    head = BoardEntry.objects.filter(vote=vote).order_by("-number").values_list("hash", flat=True).first()
    seats = tuple(Seat(*row) for row in own.values_list("member_id", "name", "college", "has_voted"))
    options = tuple(
        OptionRow(one.pk, one.code, one.label, one.cost_minor) for one in vote.proposal.options.order_by("position")
    )
    return VotePage(
        vote.pk, vote.proposal_id, vote.proposal.number, vote.proposal.kind, vote.proposal.title, vote.method,
        vote.counting, vote.round, vote.is_secret, vote.may_brake, vote.opens_at, vote.closes_at,
        count is None and vote.opens_at <= now < vote.closes_at, options, tuple(vote.colleges),
        sums["voted"], sums["roll"], seats, head or "0" * 64, json.loads(count.file) if count else None,
        count.hash if count else "",
    )  # fmt: skip


def published_file(*, instance_id: int, number: int, round: int) -> str:
    """Return the published file of a counted vote, as it was written. Raises NotFound."""
    rows = Count.objects.filter(vote__proposal__instance_id=instance_id, vote__proposal__number=number)
    found = rows.filter(vote__round=round).values_list("file", flat=True).first()
    if found is None:
        raise NotFound()
    return found


def board(*, instance_id: int, number: int, round: int) -> list[tuple[int, str, str]]:
    """Return the public board of a vote: number, receipt, hash, in order."""
    rows = BoardEntry.objects.filter(vote__proposal__instance_id=instance_id, vote__proposal__number=number)
    return list(rows.filter(vote__round=round).order_by("number").values_list("number", "receipt", "hash"))


def asked(vote: Vote) -> dict[str, Any]:
    """Return what a vote asks and how it is counted, as its file says it."""
    names = ("round", "method", "counting", "threshold", "quorum", "is_quorum_weighted", "may_brake", "is_secret")
    return {
        **{name: getattr(vote, name) for name in names},
        "number": vote.proposal.number,
        "kind": vote.proposal.kind,
        "title": vote.proposal.title,
        "text_hash": vote.text_hash,
        "budget_minor": vote.proposal.budget_minor,
        "colleges": vote.colleges,
        "options": [
            {"code": one.code, "label": one.label, "cost_minor": one.cost_minor}
            for one in vote.proposal.options.order_by("position")
        ],
    }
