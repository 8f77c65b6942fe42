"""Decisions as everybody reads them: the house, one proposal, the roadmap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Count as CountOf
from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from bocage.commons.refusals import NotFound
from bocage.cooperative.governance.models import (
    Answer,
    Assembly,
    Backing,
    Count,
    Member,
    Proposal,
    Remark,
    TextVersion,
    Vote,
)
from bocage.cooperative.governance.queries.committees import OFFICE, sits_on
from bocage.cooperative.governance.queries.voting import OptionRow
from bocage.cooperative.governance.rules.path import State
from bocage.network.rules import Actor

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Standing(TypedDict):
        """What `_rows` adds to a proposal: of its last vote, and of its last count."""

        closes_at: datetime | None
        round: int | None
        reason: str | None

    StandingProposal = WithAnnotations[Proposal, Standing]


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A proposal among others; `reason` of its last count, blank before one; `closes_at` of its last vote."""

    id: int
    number: int
    title: str
    kind: str
    method: str
    state: str
    author: str
    made_at: datetime
    ends_at: datetime | None
    decided_at: datetime | None
    closes_at: datetime | None
    round: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class RemarkRow:
    """What a member said."""

    name: str
    at: datetime
    body: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A text of a proposal."""

    version: int
    body: str
    hash: str
    at: datetime


@dataclass(frozen=True, slots=True)
class VoteRow:
    """A vote of a proposal; `reason` blank before it is counted."""

    round: int
    opens_at: datetime
    closes_at: datetime
    is_secret: bool
    voted: int
    roll: int
    reason: str


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """A proposal with all that is public of it, and what the actor may do with it. answers: by the code of their option."""

    row: ProposalRow
    text: VersionRow
    versions: tuple[VersionRow, ...]
    options: tuple[OptionRow, ...]
    answers: dict[str, list[RemarkRow]]
    remarks: tuple[RemarkRow, ...]
    votes: tuple[VoteRow, ...]
    supporters: tuple[str, ...]
    asking_secret: int
    outcome: str
    review_on: object
    is_member: bool
    is_author: bool
    may_steer: bool
    has_backed: bool
    has_asked_secret: bool


@dataclass(frozen=True, slots=True)
class AssemblyRow:
    """An assembly among others."""

    id: int
    title: str
    starts_at: datetime
    place: str
    has_minutes: bool


def proposals(*, instance_id: int) -> list[ProposalRow]:
    """Return all proposals but withdrawn ones, newest first, in one query."""
    return [_row(one) for one in _rows(instance_id).exclude(state=State.WITHDRAWN).order_by("-number")]


def proposal_page(*, instance_id: int, number: int, actor: Actor, now: datetime) -> ProposalPage:
    """Return a proposal, in a constant number of queries. Raises NotFound."""
    one = _rows(instance_id).filter(number=number).first()
    if one is None:
        raise NotFound()
    texts = [
        VersionRow(text.version, text.body, text.hash, text.at)
        for text in TextVersion.objects.filter(proposal=one).order_by("-version")
    ]
    backings = list(Backing.objects.filter(proposal=one).select_related("member").order_by("id"))
    mine = set(_own(actor, instance_id))
    said = Remark.objects.filter(proposal=one).select_related("member").order_by("at", "id")
    is_author = one.author_id in mine
    return ProposalPage(
        row=_row(one),
        text=texts[0],
        versions=tuple(texts),
        options=tuple(
            OptionRow(row.pk, row.code, row.label, row.cost_minor) for row in one.options.order_by("position")
        ),
        answers=_answers(one),
        remarks=tuple(RemarkRow(row.member.name, row.at, row.body) for row in said),
        votes=_votes(one),
        supporters=tuple(row.member.name for row in backings if row.kind == Backing.Kind.SUPPORT),
        asking_secret=sum(row.kind == Backing.Kind.SECRET for row in backings),
        outcome=one.outcome,
        review_on=one.review_on,
        is_member=bool(mine),
        is_author=is_author,
        may_steer=is_author or sits_on(OFFICE, actor=actor, instance_id=instance_id, now=now),
        has_backed=any(row.member_id in mine and row.kind == Backing.Kind.SUPPORT for row in backings),
        has_asked_secret=any(row.member_id in mine and row.kind == Backing.Kind.SECRET for row in backings),
    )


def assemblies(*, instance_id: int) -> list[AssemblyRow]:
    """Return the assemblies, newest first, in one query."""
    rows = Assembly.objects.filter(instance_id=instance_id).select_related("minutes").order_by("-starts_at", "-id")
    return [
        AssemblyRow(row.pk, row.title, row.starts_at, row.place, getattr(row, "minutes", None) is not None)
        for row in rows
    ]


def _rows(instance_id: int) -> QuerySet[StandingProposal]:
    last = Vote.objects.filter(proposal=OuterRef("pk")).order_by("-round")
    reason = Count.objects.filter(vote__proposal=OuterRef("pk")).order_by("-vote__round")
    return (
        Proposal.objects.filter(instance_id=instance_id)
        .select_related("author")
        .annotate(
            closes_at=Subquery(last.values("closes_at")[:1]),
            round=Subquery(last.values("round")[:1]),
            reason=Subquery(reason.values("reason")[:1]),
        )
    )


def _row(one: StandingProposal) -> ProposalRow:
    return ProposalRow(
        one.pk, one.number, one.title, one.kind, one.method, one.state, one.author.name, one.made_at, one.ends_at,
        one.decided_at, one.closes_at, one.round, one.reason or "",
    )  # fmt: skip


def _answers(one: Proposal) -> dict[str, list[RemarkRow]]:
    """What was answered to the items of a roadmap, by their code."""
    found: dict[str, list[RemarkRow]] = {}
    for row in Answer.objects.filter(option__proposal=one).select_related("option").order_by("at", "id"):
        found.setdefault(row.option.code, []).append(RemarkRow(row.by, row.at, row.body))
    return found


def _votes(one: Proposal) -> tuple[VoteRow, ...]:
    rows = Vote.objects.filter(proposal=one).annotate(
        voted=CountOf("roll", filter=Q(roll__has_voted=True)), on_roll=CountOf("roll"),
        reason=Coalesce("count__reason", Value("")),
    ).order_by("-round")  # fmt: skip
    names = ("round", "opens_at", "closes_at", "is_secret", "voted", "on_roll", "reason")
    return tuple(VoteRow(*row) for row in rows.values_list(*names))


def _own(actor: Actor, instance_id: int) -> list[int]:
    if actor.person_id is None:
        return []
    active = Q(instance_id=instance_id, person_id=actor.person_id, state="active")
    return list(Member.objects.filter(active).values_list("id", flat=True))
