"""Proposals of keys and how their votes stand; what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.cooperative.federation.models import Decision, KeyProposal, KeyVote, Peer
from bocage.cooperative.federation.rules import decisions
from bocage.cooperative.federation.rules.keys import Terms, from_json
from bocage.cooperative.federation.rules.votes import Outcome, outcome


@dataclass(frozen=True, slots=True)
class VoteRow:
    """An instance and what it said; share: what it pays under the key in force; choice '' where it has not voted."""

    code: str
    name: str
    is_ours: bool
    share: Money
    choice: str
    may_vote: bool


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """A proposal with the vote of each instance. state: discussion, open, adopted or rejected."""

    id: int
    year: int
    pot: Money
    terms: Terms
    reasons: str
    author: str
    opens_at: datetime
    closes_at: datetime
    state: str
    outcome: Outcome
    votes: Sequence[VoteRow]


def proposal(*, proposal_id: int, now: datetime) -> ProposalPage:
    """Return a proposal and how its vote stands; four queries. Raises NotFound."""
    one = KeyProposal.objects.select_related("author").filter(id=proposal_id).first()
    if one is None:
        raise NotFound
    said = dict(KeyVote.objects.filter(proposal_id=proposal_id).values_list("peer__code", "choice"))
    text = Decision.objects.filter(at__lte=one.closes_at).order_by("-year").values_list("statement", flat=True).first()
    parts = decisions.parts(text) if text else {}
    pot = decisions.decided(text)[1] if text else 0
    peers = list(_active(one.closes_at))
    allowed = {peer.code for peer in peers if may_vote(peer, one.closes_at)}
    counted = outcome(said, active=allowed, in_force=parts, pot_minor=pot)
    rows = [
        VoteRow(
            peer.code, peer.name, peer.instance_id is not None, Money(parts.get(peer.code, 0)), said.get(peer.code, ""),
            peer.code in allowed,
        )
        for peer in peers
    ]  # fmt: skip
    return ProposalPage(
        one.pk, one.year, Money(one.pot_minor), from_json(one.terms), one.reasons, one.author.name, one.opens_at,
        one.closes_at, _state(one, counted, now), counted, rows,
    )  # fmt: skip


def proposals(*, now: datetime) -> list[tuple[int, int, str]]:
    """Return the proposals that are discussed or voted on: id, year and state, the next to close first."""
    rows = KeyProposal.objects.filter(closes_at__gt=now).order_by("closes_at", "id")
    return [(one.pk, one.year, "open" if one.opens_at <= now else "discussion") for one in rows]


def decided() -> list[tuple[int, str]]:
    """Return the years that were decided with their hashes, the latest first."""
    return list(Decision.objects.order_by("-year").values_list("year", "hash"))


def decision(*, year: int) -> tuple[str, str]:
    """Return the text of a year's decision and its hash. Raises NotFound."""
    found = Decision.objects.filter(year=year).values_list("statement", "hash").first()
    if found is None:
        raise NotFound
    return found


def may_vote(peer: Peer, at: datetime) -> bool:
    """Return whether an instance votes on keys at a moment."""
    return peer.voting_ends_at is None or peer.voting_ends_at > at


def _active(at: datetime) -> QuerySet[Peer]:
    return Peer.objects.filter(Q(left_on__isnull=True) | Q(left_on__gt=at.date()), joined_on__lte=at.date()).order_by(
        "code"
    )


def _state(one: KeyProposal, counted: Outcome, now: datetime) -> str:
    if now < one.opens_at:
        return "discussion"
    if now < one.closes_at:
        return "open"
    return "adopted" if counted.is_adopted else "rejected"
