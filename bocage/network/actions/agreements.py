"""Agreements: proposed by one side, accepted by the other, ended by either."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Greatest

from bocage.commons.refusals import NotFound
from bocage.infra.locks import lock_row
from bocage.infra.outbox import emit
from bocage.network.events import (
    AgreementEnded,
    AgreementMade,
    AgreementProposed,
    AgreementRefused,
    AgreementWithdrawn,
)
from bocage.network.models import Agreement, Enterprise
from bocage.network.rules import Actor, NoAgreementPossible, Right
from bocage.network.rules.agreements import (
    OwnProposal,
    ProposalAnswered,
    ProposalWaits,
    Terms,
    check_terms,
)

Fact = TypeVar("Fact", AgreementProposed, AgreementMade, AgreementRefused, AgreementWithdrawn)
State, Side = Agreement.State, Agreement.Side


@transaction.atomic
def propose(
    *,
    producer_id: int,
    hub_id: int,
    by_id: int,
    terms: Terms,
    starts_at: datetime,
    ends_at: datetime | None = None,
    actor: Actor,
    now: datetime,
) -> int:
    """Propose, in the name of one of the two (`by_id`), what the hub may do with the producer's goods; return its id.

    Who manages the other side too has agreed with themselves: it counts at once. Raises Forbidden, NotFound,
    NoAgreementPossible, NothingAgreed, EndsBeforeItStarts, ProposalWaits. Emits AgreementProposed, or AgreementMade.
    """
    if by_id not in (producer_id, hub_id):
        raise NotFound()
    actor.require(Right.MANAGE_ENTERPRISE, on=by_id)
    _check_pair(producer_id, hub_id)
    check_terms(terms, starts_at=starts_at, ends_at=ends_at, now=now)
    if Agreement.objects.filter(producer_id=producer_id, hub_id=hub_id, state=State.PROPOSED).exists():
        raise ProposalWaits()
    side = Side.PRODUCER if by_id == producer_id else Side.HUB
    row = Agreement.objects.create(
        producer_id=producer_id,
        hub_id=hub_id,
        state=State.PROPOSED,
        starts_at=max(starts_at, now),
        ends_at=ends_at,
        proposed_at=now,
        proposed_by_id=actor.person_id,
        proposed_side=side,
        **asdict(terms),
    )
    other_id = hub_id if side == Side.PRODUCER else producer_id
    if actor.is_system or (not actor.is_steward and actor.may(Right.MANAGE_ENTERPRISE, on=other_id)):
        _accept(row, actor, now)
    else:
        emit(AgreementProposed(agreement_id=row.pk, producer_id=producer_id, hub_id=hub_id), by=actor, at=now)
    return row.pk


@transaction.atomic
def accept_agreement(*, agreement_id: int, actor: Actor, now: datetime) -> None:
    """Accept the other side's proposal: it counts from its first day, and what ran between the two until then ends.

    Raises NotFound, Forbidden, OwnProposal, ProposalAnswered, EndsBeforeItStarts when its last day has passed.
    Emits AgreementMade.
    """
    row = _proposal(agreement_id, actor, answering=True)
    check_terms(Terms(), starts_at=row.starts_at, ends_at=row.ends_at, now=now)
    _accept(row, actor, now)


@transaction.atomic
def refuse_agreement(*, agreement_id: int, actor: Actor, now: datetime) -> None:
    """Say no to the other side's proposal. Raises NotFound, Forbidden, OwnProposal, ProposalAnswered."""
    row = _proposal(agreement_id, actor, answering=True)
    _answer(row, State.REFUSED, actor, now)
    emit(_fact(AgreementRefused, row), by=actor, at=now)


@transaction.atomic
def withdraw_agreement(*, agreement_id: int, actor: Actor, now: datetime) -> None:
    """Take one's own proposal back. Raises NotFound, Forbidden, ProposalAnswered."""
    row = _proposal(agreement_id, actor, answering=False)
    _answer(row, State.WITHDRAWN, actor, now)
    emit(_fact(AgreementWithdrawn, row), by=actor, at=now)


@transaction.atomic
def end_agreement(*, producer_id: int, hub_id: int, actor: Actor, now: datetime) -> None:
    """End what was agreed between two for the future: either side may. Orders placed stay as they are.

    Raises Forbidden; where nothing runs or is to come, nothing happens. Emits AgreementEnded.
    """
    if not actor.may(Right.MANAGE_ENTERPRISE, on=producer_id):
        actor.require(Right.MANAGE_ENTERPRISE, on=hub_id)
    lock_row(Enterprise.objects.all(), producer_id)
    rows = _open(producer_id, hub_id, now)
    ids = list(rows.values_list("id", flat=True))
    if rows.update(ends_at=Greatest(F("starts_at"), now), ended_by_id=actor.person_id):
        fact = AgreementEnded(producer_id=producer_id, hub_id=hub_id, agreement_id=max(ids))
        emit(fact, by=actor, at=now)


def agree_within(enterprise: Enterprise, actor: Actor, now: datetime) -> None:
    """Let a new enterprise and the others of its owner work together without asking, on all terms but editing."""
    others = Enterprise.objects.filter(owner_id=enterprise.owner_id).exclude(id=enterprise.id).order_by("id")
    for other in others:
        for producer, hub in ((enterprise, other), (other, enterprise)):
            if producer.is_producer and hub.sells == Enterprise.Sells.ANY:
                row = Agreement(
                    producer=producer, hub=hub, starts_at=now, proposed_at=now, proposed_by_id=actor.person_id
                )
                _accept(row, actor, now)


def _check_pair(producer_id: int, hub_id: int) -> None:
    lock_row(Enterprise.objects.all(), producer_id)
    both = Enterprise.objects.in_bulk([producer_id, hub_id])
    if producer_id not in both or hub_id not in both:
        raise NotFound()
    producer, hub = both[producer_id], both[hub_id]
    if not producer.is_producer or hub.sells != Enterprise.Sells.ANY or producer_id == hub_id:
        raise NoAgreementPossible()
    if producer.instance_id != hub.instance_id:
        raise NotFound()


def _proposal(agreement_id: int, actor: Actor, *, answering: bool) -> Agreement:
    """Return an open proposal, locked, to be answered by the other side or taken back by its own."""
    row = Agreement.objects.filter(id=agreement_id).first()
    if row is None:
        raise NotFound()
    lock_row(Enterprise.objects.all(), row.producer_id)
    row.refresh_from_db()
    proposer, other = (
        (row.producer_id, row.hub_id) if row.proposed_side == Side.PRODUCER else (row.hub_id, row.producer_id)
    )
    if (
        answering
        and not actor.may(Right.MANAGE_ENTERPRISE, on=other)
        and actor.may(Right.MANAGE_ENTERPRISE, on=proposer)
    ):
        raise OwnProposal()
    actor.require(Right.MANAGE_ENTERPRISE, on=other if answering else proposer)
    if row.state != State.PROPOSED:
        raise ProposalAnswered()
    return row


def _accept(row: Agreement, actor: Actor, now: datetime) -> None:
    row.starts_at = max(row.starts_at, now)
    older = _open(row.producer_id, row.hub_id, row.starts_at)
    older.update(ends_at=Greatest(F("starts_at"), row.starts_at), ended_by_id=actor.person_id)
    _answer(row, State.ACCEPTED, actor, now)
    emit(_fact(AgreementMade, row), by=actor, at=now)


def _open(producer_id: int, hub_id: int, at: datetime) -> QuerySet[Agreement]:
    """Return what is agreed between two and would still count at or after a moment."""
    rows = Agreement.objects.filter(producer_id=producer_id, hub_id=hub_id, state=State.ACCEPTED)
    return rows.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at))


def _answer(row: Agreement, state: str, actor: Actor, now: datetime) -> None:
    row.state, row.answered_at, row.answered_by_id = state, now, actor.person_id
    row.save()


def _fact(kind: type[Fact], row: Agreement) -> Fact:
    return kind(agreement_id=row.pk, producer_id=row.producer_id, hub_id=row.hub_id)
