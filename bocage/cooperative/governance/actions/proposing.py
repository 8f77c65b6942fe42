"""A proposal on its path: written, carried, discussed, frozen; after the vote applied and looked at again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext

from bocage.commons.refusals import Forbidden, NotFound
from bocage.cooperative.governance.events import ProposalMoved
from bocage.cooperative.governance.models import Answer, Backing, Option, Proposal, Remark, TextVersion
from bocage.cooperative.governance.queries.committees import OFFICE, sits_on
from bocage.cooperative.governance.queries.members import MemberRow, own_member
from bocage.cooperative.governance.rules import path
from bocage.cooperative.governance.rules.path import Kind, Method, NotNow, State, TooEarly
from bocage.cooperative.governance.rules.refusals import FewOptions, OfficeOnly, TooManyOptions
from bocage.infra.locks import lock_row
from bocage.infra.outbox import emit
from bocage.infra.sequences import next_number
from bocage.network.rules import Actor


@transaction.atomic
def propose(
    *,
    instance_id: int,
    kind: str,
    title: str,
    body: str,
    method: str = Method.MAJORITY,
    options: Sequence[tuple[str, int | None]] = (),
    budget_minor: int = 0,
    is_extraordinary: bool = False,
    actor: Actor,
    now: datetime,
) -> int:
    """Write a draft; return its number. options: label and what it would cost in minor units, if known.

    A ranking always has the status quo among its options. Raises MembersOnly, FewOptions, TooManyOptions.
    Emits ProposalMoved.
    """
    author = own_member(actor=actor, instance_id=instance_id)
    proposal = Proposal.objects.create(
        instance_id=instance_id,
        number=next_number(f"proposal:{instance_id}"),
        kind=Kind(kind),
        method=Method(method),
        author_id=author.id,
        title=title.strip(),
        budget_minor=budget_minor,
        is_extraordinary=is_extraordinary,
        made_at=now,
    )
    _write(proposal, body, now)
    if Method(method) in path.WITH_OPTIONS:
        _write_options(proposal, options)
    Backing.objects.create(proposal=proposal, member_id=author.id, kind=Backing.Kind.SUPPORT)
    _move(proposal, State.DRAFT, actor, now)
    return proposal.number


@transaction.atomic
def support(*, proposal_id: int, actor: Actor, now: datetime) -> None:
    """Carry a draft; with five members or two colleges it comes into discussion. Twice is once. Raises NotNow."""
    proposal, member = _seen(proposal_id, actor, State.DRAFT)
    Backing.objects.get_or_create(proposal=proposal, member_id=member.id, kind=Backing.Kind.SUPPORT)
    _discuss(proposal, actor, now)


def _discuss(proposal: Proposal, actor: Actor, now: datetime) -> None:
    """Open the discussion of a draft that is carried by enough; else leave it a draft."""
    rows = Backing.objects.filter(proposal=proposal, kind=Backing.Kind.SUPPORT, member__state="active")
    if path.is_supported(list(rows.values_list("member__college__code", flat=True))):
        proposal.discussed_at = now
        proposal.ends_at = path.discussion_ends(Kind(proposal.kind), started=now)
        _move(proposal, State.DISCUSSION, actor, now)


@transaction.atomic
def remark(*, proposal_id: int, body: str, actor: Actor, now: datetime) -> None:
    """Say something in a discussion; before it too, while a draft looks for support. Raises MembersOnly, NotNow."""
    proposal, member = _seen(proposal_id, actor, State.DRAFT, State.DISCUSSION)
    Remark.objects.create(proposal=proposal, member_id=member.id, body=body.strip(), at=now)


@transaction.atomic
def ask_secret(*, proposal_id: int, actor: Actor, now: datetime) -> None:
    """Ask that the vote be secret; a tenth of the members makes it so, money apart. Raises MembersOnly, NotNow."""
    proposal, member = _seen(proposal_id, actor, State.DRAFT, State.DISCUSSION, State.FROZEN)
    if Kind(proposal.kind) in path.OPEN_KINDS:
        raise path.AlwaysOpen()
    Backing.objects.get_or_create(proposal=proposal, member_id=member.id, kind=Backing.Kind.SECRET)


@transaction.atomic
def change_text(*, proposal_id: int, body: str, actor: Actor, now: datetime) -> None:
    """Amend the text, as a new version, before it is frozen; leaves at least 72 hours to discuss it.

    Its author does. Raises Forbidden, NotNow.
    """
    proposal, member = _seen(proposal_id, actor, State.DRAFT, State.DISCUSSION)
    if proposal.author_id != member.id:
        raise Forbidden()
    if not _write(proposal, body, now):
        return
    if proposal.state == State.DISCUSSION and proposal.ends_at:
        proposal.changed_at = now
        proposal.ends_at = max(proposal.ends_at, now + path.AFTER_CHANGE)
        proposal.save(update_fields=["changed_at", "ends_at"])


@transaction.atomic
def freeze(*, proposal_id: int, actor: Actor, now: datetime) -> None:
    """Freeze the text once the least time of discussion is over: nothing in it changes before the vote.

    Its author or the office does. Raises Forbidden, NotNow, TooEarly. Emits ProposalMoved.
    """
    proposal = steered(proposal_id, actor, now, State.DISCUSSION)
    if proposal.ends_at and now < proposal.ends_at:
        raise TooEarly(until=proposal.ends_at)
    _move(proposal, State.FROZEN, actor, now)


@transaction.atomic
def withdraw(*, proposal_id: int, actor: Actor, now: datetime) -> None:
    """Take one's proposal back before its vote. Raises Forbidden, NotNow. Emits ProposalMoved."""
    proposal, member = _seen(proposal_id, actor, State.DRAFT, State.DISCUSSION, State.FROZEN)
    if proposal.author_id != member.id:
        raise Forbidden()
    _move(proposal, State.WITHDRAWN, actor, now)


@transaction.atomic
def apply_decision(*, proposal_id: int, outcome: str, actor: Actor, now: datetime) -> None:
    """Say what was done with a decision; it is looked at again a year later. Raises Forbidden, NotNow."""
    proposal = steered(proposal_id, actor, now, State.DECIDED)
    proposal.outcome, proposal.applied_at = outcome.strip(), now
    proposal.review_on = (now + path.REVIEWED_AFTER).date()
    _move(proposal, State.APPLIED, actor, now)


@transaction.atomic
def review(*, proposal_id: int, outcome: str, actor: Actor, now: datetime) -> None:
    """Say how a decision turned out, a year after it was applied or later. Raises Forbidden, NotNow."""
    proposal = steered(proposal_id, actor, now, State.APPLIED)
    if proposal.review_on and now.date() < proposal.review_on:
        raise NotNow()
    proposal.outcome = f"{proposal.outcome}\n\n{outcome.strip()}"
    _move(proposal, State.REVIEWED, actor, now)


@transaction.atomic
def answer_item(*, option_id: int, body: str, actor: Actor, now: datetime) -> None:
    """Answer an item of the roadmap in writing, for the developers' circle: the office does. Raises NotFound, OfficeOnly."""
    option = Option.objects.select_related("proposal").filter(pk=option_id).first()
    if option is None:
        raise NotFound()
    if not (actor.is_system or sits_on(OFFICE, actor=actor, instance_id=option.proposal.instance_id, now=now)):
        raise OfficeOnly()
    Answer.objects.create(option=option, body=body.strip(), by=actor.name, at=now)


def steered(proposal_id: int, actor: Actor, now: datetime, *states: State) -> Proposal:
    """Return a proposal, locked, that its author or the office may bring on. Raises NotFound, Forbidden, NotNow."""
    proposal = _held(proposal_id)
    is_author = proposal.author.person_id == actor.person_id and not actor.is_visited
    if not (actor.is_system or is_author or sits_on(OFFICE, actor=actor, instance_id=proposal.instance_id, now=now)):
        raise OfficeOnly()
    if proposal.state not in states:
        raise NotNow()
    return proposal


def _held(proposal_id: int) -> Proposal:
    proposal = lock_row(Proposal.objects.select_related("author"), proposal_id)
    if proposal is None:
        raise NotFound()
    return proposal


def _seen(proposal_id: int, actor: Actor, *states: State) -> tuple[Proposal, MemberRow]:
    proposal = _held(proposal_id)
    member = own_member(actor=actor, instance_id=proposal.instance_id)
    if proposal.state not in states:
        raise NotNow()
    return proposal, member


def _move(proposal: Proposal, state: State, actor: Actor, now: datetime) -> None:
    proposal.state = state
    proposal.save()
    emit(ProposalMoved(proposal_id=proposal.pk, state=state), by=actor, at=now)


def _write(proposal: Proposal, body: str, now: datetime) -> bool:
    """Write a version of the text unless it is the last one again."""
    text = body.strip().replace("\r\n", "\n")
    hashed = hashlib.sha256(f"{proposal.title}\n\n{text}".encode()).hexdigest()
    last = proposal.texts.order_by("-version").first()
    if last and last.hash == hashed:
        return False
    TextVersion.objects.create(
        proposal=proposal, version=last.version + 1 if last else 1, body=text, hash=hashed, at=now
    )
    return True


def _write_options(proposal: Proposal, options: Sequence[tuple[str, int | None]]) -> None:
    if len(options) > path.MOST_OPTIONS:
        raise TooManyOptions(most=path.MOST_OPTIONS)
    rows, codes = [], set[str]()
    for position, (label, cost) in enumerate(options):
        code = stem = slugify(label)[:32] or "option"
        number = 2
        while code in codes or code == path.STATUS_QUO:
            code, number = f"{stem}-{number}", number + 1
        codes.add(code)
        rows.append(Option(proposal=proposal, code=code, label=label.strip(), cost_minor=cost, position=position))
    if proposal.method == Method.SCHULZE:
        label = gettext("Leave it as it is")
        rows.append(Option(proposal=proposal, code=path.STATUS_QUO, label=label, position=len(rows)))
    if len(rows) < 2:
        raise FewOptions()
    Option.objects.bulk_create(rows)
