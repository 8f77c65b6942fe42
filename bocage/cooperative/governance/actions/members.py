"""Members come and go; their shares move with them, in a register whose lines are written once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from bocage.commons.refusals import Forbidden, NotFound
from bocage.cooperative.governance.events import (
    MemberAdmitted,
    MemberBecameActive,
    MemberLeft,
    MembershipAsked,
    SharesMoved,
)
from bocage.cooperative.governance.models import Category, College, Delegation, Member, Seat, ShareMovement
from bocage.cooperative.governance.queries.committees import OFFICE, PEERS, committee, sits_on
from bocage.cooperative.governance.queries.members import articles, require_keeper, shares_of
from bocage.cooperative.governance.rules.refusals import AlreadyMember, AnsweredAlready, NotSoMany, OfficeOnly
from bocage.infra.inserts import insert_new
from bocage.infra.locks import lock_row
from bocage.infra.outbox import emit
from bocage.infra.sequences import next_number
from bocage.ledger import actions as ledger
from bocage.ledger.rules import AccountKey
from bocage.network.models import Enterprise
from bocage.network.rules import Actor, Right

SIGN = {"subscription": 1, "payment": 1, "refund": -1, "cancellation": -1}


@transaction.atomic
def apply_for(
    *,
    instance_id: int,
    college_id: int,
    category_id: int,
    name: str,
    words: str = "",
    shares: int = 1,
    enterprise_id: int | None = None,
    actor: Actor,
    now: datetime,
) -> int:
    """Ask to become a member, oneself or for an enterprise that one manages; subscribe shares. Return the member's id.

    Raises Forbidden, NotFound, AlreadyMember. Emits MembershipAsked, SharesMoved.
    """
    if actor.person_id is None:
        raise Forbidden()
    if enterprise_id is not None:
        actor.require(Right.MANAGE_ENTERPRISE, on=enterprise_id)
        name = Enterprise.objects.values_list("name", flat=True).get(pk=enterprise_id)
    known = Member.objects.filter(instance_id=instance_id).exclude(state__in=["left", "declined"])
    own = Q(person_id=actor.person_id, enterprise=None) if enterprise_id is None else Q(enterprise_id=enterprise_id)
    if known.filter(own).exists():
        raise AlreadyMember()
    college = College.objects.filter(pk=college_id, instance_id=instance_id).first()
    category = Category.objects.filter(pk=category_id, instance_id=instance_id).first()
    if college is None or category is None:
        raise NotFound()
    member = Member(
        instance_id=instance_id,
        number=next_number(f"member:{instance_id}"),
        person_id=actor.person_id,
        enterprise_id=enterprise_id,
        name=name.strip(),
        category=category,
        college=college,
        words=words.strip(),
        applied_at=now,
    )
    if not insert_new(member):
        raise AlreadyMember()
    emit(MembershipAsked(member_id=member.pk), by=actor, at=now)
    _move(member, "subscription", max(shares, 1), "", actor, now)
    return member.pk


@transaction.atomic
def admit(*, member_id: int, actor: Actor, now: datetime) -> None:
    """Admit a candidate. The office does, or the peers; the steward until an office sits.

    Raises OfficeOnly, NotFound, AnsweredAlready. Emits MemberAdmitted.
    """
    member = _candidate(member_id, actor, now)
    member.state = Member.State.ADMITTED
    member.save(update_fields=["state"])
    emit(MemberAdmitted(member_id=member.pk), by=actor, at=now)
    _wake(member, actor, now)


@transaction.atomic
def decline(*, member_id: int, actor: Actor, now: datetime) -> None:
    """Decline a candidate; their unpaid shares are cancelled, paid ones are refunded by the treasury.

    Raises OfficeOnly, NotFound, AnsweredAlready.
    """
    member = _candidate(member_id, actor, now)
    member.state = Member.State.DECLINED
    member.save(update_fields=["state"])
    _paid, due = shares_of(member.pk)
    if due:
        _move(member, "cancellation", due, "", actor, now)


@transaction.atomic
def move_shares(*, member_id: int, kind: str, shares: int, words: str = "", actor: Actor, now: datetime) -> int:
    """Write a line into the register of shares; return its number. The first share paid makes an admitted member active.

    kind: subscription, payment (of subscribed shares), refund (of paid ones, at nominal value), cancellation (of unpaid
    ones). Raises OfficeOnly, NotFound, NotSoMany. Emits SharesMoved, MemberBecameActive.
    """
    member = _member(member_id)
    require_keeper(actor=actor, instance_id=member.instance_id, now=now)
    if kind not in SIGN:
        raise NotFound()
    paid, due = shares_of(member.pk)
    left = {"payment": due, "cancellation": due, "refund": paid}.get(kind, shares)
    if not 0 < shares <= left:
        raise NotSoMany(left=left)
    number = _move(member, kind, shares, words, actor, now)
    _wake(member, actor, now)
    return number


@transaction.atomic
def leave(*, member_id: int, actor: Actor, now: datetime) -> None:
    """Leave the cooperative: votes end at once, what is paid is refunded by the treasury. Only oneself. Emits MemberLeft."""
    member = _member(member_id)
    if member.person_id != actor.person_id or actor.is_visited or member.state in ("left", "declined"):
        raise Forbidden()
    paid, due = shares_of(member.pk)
    if due:
        _move(member, "cancellation", due, "", actor, now)
    member.state = Member.State.LEAVING if paid else Member.State.LEFT
    member.left_at = now
    member.save(update_fields=["state", "left_at"])
    Seat.objects.filter(member=member, until__isnull=True).update(until=now)
    for side in ("giver", "holder"):
        Delegation.objects.filter(**{side: member}, until__isnull=True).update(until=now)
    emit(MemberLeft(member_id=member.pk), by=actor, at=now)


def _member(member_id: int) -> Member:
    member = lock_row(Member.objects.all(), member_id)
    if member is None:
        raise NotFound()
    return member


def _candidate(member_id: int, actor: Actor, now: datetime) -> Member:
    member = _member(member_id)
    pk = member.instance_id
    may = actor.is_system or any(sits_on(one, actor=actor, instance_id=pk, now=now) for one in (OFFICE, PEERS))
    if not may and not (actor.is_steward and not committee(OFFICE, instance_id=pk, now=now).seats):
        raise OfficeOnly()
    if member.state != Member.State.CANDIDATE:
        raise AnsweredAlready()
    return member


def _wake(member: Member, actor: Actor, now: datetime) -> None:
    """Admitted and with a share paid: active. Leaving and with none left: gone."""
    paid, _due = shares_of(member.pk)
    if member.state == Member.State.ADMITTED and paid:
        member.state, member.active_at = Member.State.ACTIVE, now
        emit(MemberBecameActive(member_id=member.pk), by=actor, at=now)
    elif member.state == Member.State.LEAVING and not paid:
        member.state = Member.State.LEFT
    member.save(update_fields=["state", "active_at"])


def _move(member: Member, kind: str, shares: int, words: str, actor: Actor, now: datetime) -> int:
    terms = articles(member.instance_id)
    signed = SIGN[kind] * shares
    amount = signed * terms.share_value_minor
    number = next_number(f"share:{member.instance_id}")
    row = ShareMovement.objects.create(
        instance_id=member.instance_id, number=number, member=member, kind=kind, shares=signed, amount_minor=amount,
        words=words.strip(), at=now, by=actor.label,
    )  # fmt: skip
    emit(SharesMoved(member_id=member.pk, movement_id=row.pk, kind=kind, amount_minor=amount), by=actor, at=now)
    if terms.body_id and kind in ("payment", "refund"):
        key = f"share:{member.instance_id}:{number}"
        postings = {AccountKey("takings", "bank"): amount, AccountKey("capital", f"member:{member.number}"): -amount}
        ledger.post(
            book_id=terms.body_id, key=key, about=key, what=f"share {kind}", postings=postings, by=actor.label, at=now
        )
    return number
