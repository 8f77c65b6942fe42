"""Founding: colleges and categories; and who sits on a committee."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from bocage.commons.refusals import Forbidden, NotFound
from bocage.cooperative.governance.events import CommitteeSeated
from bocage.cooperative.governance.models import Articles, Category, College, Member, Proposal, Seat
from bocage.cooperative.governance.queries.committees import COMMITTEES, TREASURY, committee, sits_on
from bocage.cooperative.governance.rules import colleges
from bocage.cooperative.governance.rules.path import Kind, State
from bocage.cooperative.governance.rules.refusals import NoDecision, OfficeOnly, TooSmallCommittee
from bocage.infra.outbox import emit
from bocage.network.rules import Actor


@transaction.atomic
def found(
    *,
    instance_id: int,
    weights: Mapping[str, tuple[str, int]],
    categories: Mapping[str, str],
    body_id: int | None,
    actor: Actor,
) -> None:
    """Set colleges (code → name and weight) and categories (kind → name), once, before there are members.

    body_id: the enterprise that is the cooperative itself, for its book. Raises Forbidden unless a steward asks,
    UnlawfulColleges, TooFewCategories.
    """
    if not (actor.is_steward or actor.is_system) or Member.objects.filter(instance_id=instance_id).exists():
        raise Forbidden()
    colleges.check_colleges({code: weight for code, (_name, weight) in weights.items()})
    colleges.check_categories(list(categories))
    Articles.objects.update_or_create(instance_id=instance_id, defaults={"body_id": body_id})
    College.objects.bulk_create(
        College(instance_id=instance_id, code=code, name=name, weight=weight)
        for code, (name, weight) in weights.items()
    )
    Category.objects.bulk_create(
        Category(instance_id=instance_id, kind=kind, name=name) for kind, name in categories.items()
    )


@transaction.atomic
def seat(
    *,
    name: str,
    member_ids: Sequence[int],
    proposal_id: int | None = None,
    instance_id: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Seat members on a committee, in the place of whoever sat there.

    The first time a steward founds it; from then on the office does, by a decision on persons that was adopted. Peers and
    office have three members at least; the treasury may have one. Raises Forbidden, NotFound, TooSmallCommittee,
    NoDecision. Emits CommitteeSeated.
    """
    members = Member.objects.filter(instance_id=instance_id, pk__in=set(member_ids), state="active")
    if name not in COMMITTEES or members.count() != len(set(member_ids)):
        raise NotFound()
    if len(members) < (1 if name == TREASURY else colleges.COMMITTEE):
        raise TooSmallCommittee(least=colleges.COMMITTEE)
    if committee(name, instance_id=instance_id, now=now).seats:
        if not (actor.is_system or sits_on("office", actor=actor, instance_id=instance_id, now=now)):
            raise OfficeOnly()
        decided = Proposal.objects.filter(pk=proposal_id or 0, instance_id=instance_id, kind=Kind.PERSON)
        if not decided.filter(state__in=[State.DECIDED, State.APPLIED], votes__count__reason="adopted").exists():
            raise NoDecision()
    elif not (actor.is_steward or actor.is_system):
        raise Forbidden()
    Seat.objects.filter(instance_id=instance_id, committee=name, until__isnull=True).update(until=now)
    Seat.objects.bulk_create(
        Seat(instance_id=instance_id, committee=name, member=member, proposal_id=proposal_id, since=now)
        for member in members.order_by("id")
    )
    ids = sorted(set(member_ids))
    emit(CommitteeSeated(instance_id=instance_id, committee=name, member_ids=ids), by=actor, at=now)
