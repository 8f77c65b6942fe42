"""The ballot box: opened with a frozen roll, filled ballot by ballot, closed and counted once."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db import transaction

from bocage.commons.refusals import Forbidden, NotFound
from bocage.cooperative.governance.actions.proposing import steered
from bocage.cooperative.governance.events import ProposalMoved, VoteCounted, VoteOpened
from bocage.cooperative.governance.models import (
    Backing,
    Ballot,
    BoardEntry,
    College,
    Count,
    Delegation,
    Lift,
    Member,
    Proposal,
    RollEntry,
    Vote,
)
from bocage.cooperative.governance.queries.committees import OFFICE, sits_on
from bocage.cooperative.governance.queries.members import articles
from bocage.cooperative.governance.queries.voting import asked
from bocage.cooperative.governance.rules import CODE, box, colleges, path
from bocage.cooperative.governance.rules.path import Given, Kind, Method, State, TooFewToBeSecret, VoteTooShort
from bocage.cooperative.governance.rules.refusals import NotOnRoll, OnlyYourself, VoteClosed, VotedAlready
from bocage.infra.locks import lock_row
from bocage.infra.outbox import emit
from bocage.network.rules import SYSTEM, Actor


@dataclass(frozen=True, slots=True)
class Cast:
    """A ballot in the box: `receipt` finds it at closing, `number` is its place on the board."""

    receipt: str
    nonce: str
    number: int
    head: str


@transaction.atomic
def open_vote(*, proposal_id: int, closes_at: datetime, counting: str = "", actor: Actor, now: datetime) -> int:
    """Open the vote on a frozen text, for seven days at least; the roll is frozen here. Return the vote's id.

    counting: proportional, majority or heads; blank: as the articles say. A secret vote by colleges needs three voters in
    each. The second vote after a brake is final; after a missed quorum it needs none, the articles apart. Raises
    Forbidden, NotNow, VoteTooShort, TooFewToBeSecret. Emits VoteOpened, ProposalMoved.
    """
    proposal = steered(proposal_id, actor, now, State.FROZEN)
    if closes_at < now + path.VOTED:
        raise VoteTooShort(until=now + path.VOTED)
    terms, kind = articles(proposal.instance_id), Kind(proposal.kind)
    members = _roll(proposal.instance_id, now)
    asking = Backing.objects.filter(proposal=proposal, kind=Backing.Kind.SECRET, member__state="active").count()
    is_secret = path.is_secret(kind, asked=asking, members=len(members))
    said = _colleges(proposal.instance_id, members)
    how = counting or terms.counting
    if is_secret and how != "heads":
        for one in said:
            if 0 < one["roll"] < path.SECRET_LEAST:
                raise TooFewToBeSecret(college=one["name"])
    before = list(Count.objects.filter(vote__proposal=proposal).values_list("reason", flat=True))
    is_lasting = kind == Kind.ARTICLES
    quorum = Fraction(terms.quorum_articles) if is_lasting else Fraction(terms.quorum_percent, 100)
    if "no_quorum" in before and not is_lasting:
        quorum = Fraction(0)
    threshold = path.threshold(kind, is_extraordinary=proposal.is_extraordinary)
    vote = Vote.objects.create(
        proposal=proposal, round=len(before) + 1, method=proposal.method, counting=how, threshold=str(threshold),
        quorum=str(quorum), is_quorum_weighted=terms.is_quorum_weighted,
        may_brake=kind in path.BRAKED_KINDS and "braked" not in before, is_secret=is_secret, colleges=said,
        text_hash=proposal.texts.order_by("-version").values_list("hash", flat=True)[0], opens_at=now,
        closes_at=closes_at,
    )  # fmt: skip
    RollEntry.objects.bulk_create(
        RollEntry(vote=vote, member=one, college=one.college.code, name=one.name, number=one.number) for one in members
    )
    proposal.state = State.VOTE
    proposal.save(update_fields=["state"])
    emit(ProposalMoved(proposal_id=proposal.pk, state=State.VOTE), by=actor, at=now)
    emit(VoteOpened(vote_id=vote.pk, proposal_id=proposal.pk), by=actor, at=now)
    return vote.pk


@transaction.atomic
def cast(*, vote_id: int, member_id: int, choice: Any, nonce: str, actor: Actor, now: datetime) -> Cast:
    """Put a ballot into the box and its receipt on the board. Emits nothing: no event says who voted when.

    The same ballot with the same nonce sent again (a page loaded twice) is the same receipt. Raises OnlyYourself,
    NotOnRoll, VoteClosed, VotedAlready, and what `rules.box.check_choice` raises.
    """
    vote = lock_row(Vote.objects.all(), vote_id)
    if vote is None:
        raise NotFound()
    if actor.person_id is None or actor.is_visited or actor.is_system:
        raise OnlyYourself()
    entry = RollEntry.objects.select_related("member").filter(vote=vote, member_id=member_id).first()
    if entry is None:
        raise NotOnRoll()
    if entry.member.person_id != actor.person_id:
        raise OnlyYourself()
    if not vote.opens_at <= now < vote.closes_at or Count.objects.filter(vote=vote).exists():
        raise VoteClosed()
    receipt = box.receipt_of(vote=_name(vote), choice=choice, nonce=nonce)
    if entry.has_voted:
        seen = BoardEntry.objects.filter(vote=vote, receipt=receipt).first()
        if seen is None:
            raise VotedAlready()
        return Cast(receipt, nonce, seen.number, seen.hash)
    options = list(vote.proposal.options.order_by("position").values_list("code", flat=True))
    box.check_choice(Method(vote.method), choice, options)
    if not 16 <= len(nonce) <= 64 or Ballot.objects.filter(pk=receipt).exists():
        raise box.BadBallot()
    last = BoardEntry.objects.filter(vote=vote).order_by("-number").first()
    head = box.link(last.hash if last else box.GENESIS, receipt)
    number = last.number + 1 if last else 1
    BoardEntry.objects.create(vote=vote, number=number, receipt=receipt, hash=head)
    Ballot.objects.create(
        receipt=receipt, vote=vote, college=entry.college, choice=choice, nonce=nonce,
        voter=None if vote.is_secret else entry,
    )  # fmt: skip
    RollEntry.objects.filter(pk=entry.pk).update(has_voted=True)
    return Cast(receipt, nonce, number, head)


@transaction.atomic
def lift_objection(*, receipt: str, how: str, words: str, actor: Actor, now: datetime) -> None:
    """Write down that an objection no longer stands: its author takes it back, or the office integrated it.

    how: author or integration. Raises NotFound, Forbidden, VoteClosed. Twice is once.
    """
    ballot = Ballot.objects.select_related("vote__proposal", "voter__member").filter(pk=receipt).first()
    if ballot is None or ballot.vote.method != Method.CONSENT or ballot.voter is None:
        raise NotFound()
    is_author = ballot.voter.member.person_id == actor.person_id and not actor.is_visited
    is_office = sits_on(OFFICE, actor=actor, instance_id=ballot.vote.proposal.instance_id, now=now)
    if not (is_author if how == "author" else is_office):
        raise Forbidden()
    lock_row(Vote.objects.all(), ballot.vote_id)
    if now >= ballot.vote.closes_at or Count.objects.filter(vote_id=ballot.vote_id).exists():
        raise VoteClosed()
    Lift.objects.get_or_create(
        ballot=ballot, defaults={"how": how, "words": words.strip(), "by": actor.name, "at": now}
    )


def close_due(*, now: datetime) -> int:
    """Close and count every vote whose time is over; return how many. Each in its own transaction."""
    due = Vote.objects.filter(closes_at__lte=now, count__isnull=True).order_by("id").values_list("id", flat=True)
    return sum(_close(vote_id, now) for vote_id in list(due))


@transaction.atomic
def _close(vote_id: int, now: datetime) -> bool:
    """Count a vote and publish its file. A braked text goes back to discussion, a missed quorum to its second call."""
    vote = lock_row(Vote.objects.select_related("proposal"), vote_id)
    if vote is None or Count.objects.filter(vote=vote).exists():
        return False
    file = box.published({**asked(vote), "vote": _name(vote), "board": _board(vote), "ballots": _ballots(vote, now)})
    written = box.canonical(file)
    reason = file["result"]["reason"]
    Count.objects.create(
        vote=vote, file=written, hash=hashlib.sha256(written.encode()).hexdigest(), code=CODE, reason=reason, at=now
    )
    _after(vote.proposal, reason, vote.round, now)
    counted = VoteCounted(vote_id=vote.pk, proposal_id=vote.proposal_id, kind=vote.proposal.kind, reason=reason)
    emit(counted, by=SYSTEM, at=now)
    return True


def _after(proposal: Proposal, reason: str, round_: int, now: datetime) -> None:
    if reason == "braked":
        proposal.state, proposal.discussed_at, proposal.changed_at = State.DISCUSSION, now, None
        proposal.ends_at = path.second_discussion_ends(started=now)
    elif reason == "no_quorum" and round_ == 1 and proposal.kind != Kind.ARTICLES:
        proposal.state = State.FROZEN
    else:
        proposal.state, proposal.decided_at = State.DECIDED, now
    proposal.save()
    emit(ProposalMoved(proposal_id=proposal.pk, state=proposal.state), by=SYSTEM, at=now)


def _ballots(vote: Vote, now: datetime) -> list[dict[str, Any]]:
    """The ballots as they are published: with names where open, shuffled without any where secret."""
    rows = list(Ballot.objects.filter(vote=vote).select_related("voter", "lift").order_by("receipt"))
    if vote.is_secret:
        random.SystemRandom().shuffle(rows)
        return [_ballot(row) for row in rows]
    rows.sort(key=lambda row: row.voter.number if row.voter else 0)
    return [_ballot(row) for row in rows] + list(_carried(vote, rows, now))


def _ballot(row: Ballot) -> dict[str, Any]:
    said = {"college": row.college, "choice": row.choice, "nonce": row.nonce, "receipt": row.receipt}
    if row.voter:
        said |= {"member": row.voter.number, "name": row.voter.name}
    if getattr(row, "lift", None):
        said |= {"lifted": {"how": row.lift.how, "words": row.lift.words, "by": row.lift.by}}
    return said


def _carried(vote: Vote, ballots: Iterable[Ballot], now: datetime) -> Iterable[dict[str, Any]]:
    """The ballots that delegates carry for those who did not vote themselves."""
    if vote.method == Method.CONSENT or not path.may_delegate(Kind(vote.proposal.kind), secret=vote.is_secret):
        return
    roll = {entry.member_id: entry for entry in vote.roll.all()}
    cast = {row.voter.member_id: row for row in ballots if row.voter}
    until = min(now, vote.closes_at)
    rows = Delegation.objects.filter(topic=vote.proposal.kind, since__lt=until).order_by("giver_id", "id")
    given = {row.giver_id: row.holder_id for row in rows if row.until is None or row.until >= until}
    pairs = [Given(giver, holder) for giver, holder in given.items() if giver in roll]
    for giver, holder in sorted(path.carried(pairs, set(cast)).items()):
        entry, ballot = roll[giver], cast[holder]
        if entry.college == ballot.college:
            yield {
                "college": entry.college, "choice": ballot.choice, "via": ballot.receipt, "member": entry.number,
                "name": entry.name,
            }  # fmt: skip


def _board(vote: Vote) -> list[str]:
    return list(BoardEntry.objects.filter(vote=vote).order_by("number").values_list("receipt", flat=True))


def _roll(instance_id: int, now: datetime) -> list[Member]:
    there = Member.objects.filter(instance_id=instance_id, state="active").select_related("college").order_by("number")
    return [one for one in there if colleges.is_on_roll(active_since=one.active_at, left_at=one.left_at, opens_at=now)]


def _colleges(instance_id: int, members: list[Member]) -> list[dict[str, Any]]:
    rows = College.objects.filter(instance_id=instance_id).order_by("-weight", "code")
    return [
        {
            "code": row.code, "name": row.name, "weight": row.weight,
            "roll": sum(one.college_id == row.pk for one in members),
        }
        for row in rows
    ]  # fmt: skip


def _name(vote: Vote) -> str:
    """What the published file calls a vote, in receipts too."""
    return f"{vote.proposal_id}:{vote.round}"
