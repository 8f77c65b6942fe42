"""Proposes keys, votes on them for our instance, decides a year."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bocage.commons.refusals import Forbidden, NotFound
from bocage.cooperative.federation.actions.feeds import say
from bocage.cooperative.federation.models import Decision, KeyProposal, KeyVote, Peer, YearFigures
from bocage.cooperative.federation.queries import feeds, proposals
from bocage.cooperative.federation.rules import decisions
from bocage.cooperative.federation.rules.keys import Figures, Group, Terms, allocate, as_json, check, from_json
from bocage.cooperative.federation.rules.votes import DISCUSSED, VOTED, NotDeclared, TooEarly, VoteClosed, VoteSuspended
from bocage.network.rules import Actor


@transaction.atomic
def propose(
    *, year: int, pot_minor: int, terms: Terms, reasons: str, opens_at: datetime, actor: Actor, now: datetime
) -> int:
    """Put a key to the instances in the name of ours; return the proposal's id. It holds from next year on at the earliest.

    Raises Forbidden, ImpossibleTerms, TooEarly.
    """
    us = _ours(actor)
    check(pot_minor, terms)
    if opens_at < now + DISCUSSED or year <= now.year:
        raise TooEarly()
    closes_at = opens_at + VOTED
    entry = say(
        type="key_proposed",
        payload={
            "year": year, "pot_minor": str(pot_minor), "terms": as_json(terms), "reasons": reasons,
            "opens_at": opens_at.isoformat(), "closes_at": closes_at.isoformat(),
        },
        now=now,
    )  # fmt: skip
    assert entry is not None
    return KeyProposal.objects.create(
        ref=f"{us.domain}:{entry.seq}", year=year, pot_minor=pot_minor, terms=as_json(terms), reasons=reasons, author=us,
        proposed_at=now, opens_at=opens_at, closes_at=closes_at,
    ).pk  # fmt: skip


@transaction.atomic
def vote(*, proposal_id: int, choice: str, actor: Actor, now: datetime) -> None:
    """Vote for our instance, or change that vote while the vote is open. Raises Forbidden, VoteClosed, VoteSuspended."""
    us = _ours(actor)
    proposal = KeyProposal.objects.filter(id=proposal_id).first()
    if proposal is None:
        raise NotFound
    if not proposal.opens_at <= now < proposal.closes_at or choice not in KeyVote.Choice.values:
        raise VoteClosed()
    if not proposals.may_vote(us, now):
        raise VoteSuspended()
    KeyVote.objects.update_or_create(
        proposal=proposal, peer=us, defaults={"choice": choice, "at": now, "by": actor.label}
    )
    say(type="vote_cast", payload={"proposal": proposal.ref, "choice": choice}, now=now)


@transaction.atomic
def decide_year(*, year: int, actor: Actor, now: datetime) -> str:
    """Share a year by the key in force, or one adopted for it; keep inputs and results; return the hash.

    Twice is once. Raises Forbidden, NotDeclared when an active instance has not declared the year before.
    """
    if not (actor.is_steward or actor.is_system):
        raise Forbidden(right="steward")
    if there := Decision.objects.filter(year=year).values_list("hash", flat=True).first():
        return there
    pot, terms, adopted = _terms_for(year, now)
    rows = list(Peer.objects.filter(left_on__isnull=True).order_by("code"))
    known = {one.peer_id: one for one in YearFigures.objects.filter(year=year - 1)}
    if missing := [peer.name for peer in rows if peer.pk not in known]:
        raise NotDeclared(names=", ".join(missing))
    figures = [
        Figures(peer.code, Group(peer.group), known[peer.pk].turnover_minor, known[peer.pk].income_minor)
        for peer in rows
    ]
    text = decisions.statement(allocate(pot, figures, terms), year=year)
    hashed = decisions.hash_of(text)
    Decision.objects.create(year=year, proposal_id=adopted, statement=text, hash=hashed, at=now)
    say(type="allocation_decided", payload={"year": year, "hash": hashed}, now=now)
    return hashed


def _terms_for(year: int, now: datetime) -> tuple[int, Terms, int | None]:
    """Return pot and terms of a year: of the last adopted proposal that reaches it, else those of the decision before."""
    for one in KeyProposal.objects.filter(year__lte=year, closes_at__lte=now).order_by("-year", "-closes_at"):
        if proposals.proposal(proposal_id=one.pk, now=now).state == "adopted":
            return one.pot_minor, from_json(one.terms), one.pk
    text = Decision.objects.filter(year__lt=year).order_by("-year").values_list("statement", flat=True).first()
    if text is None:
        raise NotFound
    _year, pot, terms = decisions.decided(text)
    return pot, terms, None


def _ours(actor: Actor) -> Peer:
    """Return our instance for who speaks in its name: its stewards."""
    if not (actor.is_steward or actor.is_system):
        raise Forbidden(right="steward")
    us = feeds.ours()
    if us is None:
        raise NotFound
    return us
