"""What a shop asks and how it is answered: a line looked at again, to pay less for a while, to pay bit by bit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.cooperative.contributions import rules
from bocage.cooperative.contributions.actions.plans import cooperative_of_shop
from bocage.cooperative.contributions.models import (
    Bill,
    Contest,
    Cooperative,
    InstalmentPlan,
    SolidarityGrant,
    Statement,
)
from bocage.cooperative.contributions.queries.drafting import drafts, today_of, zone_of
from bocage.cooperative.contributions.rules import kindness
from bocage.cooperative.contributions.rules.months import CONTESTED_FOR, Month, plus_months
from bocage.infra import locks
from bocage.infra.inserts import insert_new
from bocage.network.rules import Actor, Right

RELIEFS, LONGEST = (25, 50, 75, 100), 6


@transaction.atomic
def contest(*, statement_id: int, order_id: int, words: str, actor: Actor, now: datetime) -> None:
    """Ask to look at a line again while its statement is proposed; it is left off until somebody answers. Once per line.

    Raises Forbidden, NotFound, TooLateToContest, NotOnStatement, WordsMissing.
    """
    statement = locks.lock_row(Statement.objects.all(), statement_id)
    if statement is None:
        raise NotFound()
    actor.require(Right.MANAGE_ENTERPRISE, on=statement.shop_id)
    cooperative, month = cooperative_of_shop(statement.shop_id), Month(statement.month)
    last = month.proposed_on + CONTESTED_FOR
    if statement.state != Statement.State.PROPOSED or today_of(cooperative, now) >= last:
        raise rules.TooLateToContest()
    if not words.strip():
        raise rules.WordsMissing()
    [draft] = drafts(cooperative, [statement.shop_id], month, zone_of(cooperative))
    if not any(line.order_id == order_id and line.counts for line in draft.lines):
        raise rules.NotOnStatement()
    asked = {"words": words.strip()[:500], "by_name": actor.name, "at": now}
    insert_new(Contest(statement=statement, order_id=order_id, **asked))


@transaction.atomic
def answer_contest(*, contest_id: int, stays: bool, words: str, actor: Actor, now: datetime) -> None:
    """Answer a shop's question: the line stays (it comes with the month of the answer if its own is closed) or is left out.

    For the treasurer. Raises Forbidden, NotFound, AnsweredAlready, WordsMissing.
    """
    row = locks.lock_row(Contest.objects.select_related("statement__shop"), contest_id)
    if row is None:
        raise NotFound()
    require_treasurer(row.statement.shop.instance_id, actor)
    if row.answer != Contest.Answer.OPEN:
        raise rules.AnsweredAlready()
    if not words.strip():
        raise rules.WordsMissing()
    row.answer = Contest.Answer.STAYS if stays else Contest.Answer.LEFT_OUT
    row.answer_words, row.answered_at, row.answered_by = words.strip()[:500], now, actor.name
    row.save(update_fields=["answer", "answer_words", "answered_at", "answered_by"])


@transaction.atomic
def ask_solidarity(*, shop_id: int, words: str, actor: Actor, now: datetime) -> None:
    """Ask the committee to pay less for a while, in one's own words; no papers. Raises Forbidden, WordsMissing."""
    actor.require(Right.MANAGE_ENTERPRISE, on=shop_id)
    if not words.strip():
        raise rules.WordsMissing()
    if not SolidarityGrant.objects.filter(shop_id=shop_id, decided_at__isnull=True).exists():
        SolidarityGrant.objects.create(shop_id=shop_id, words=words.strip()[:2000], asked_at=now)


@transaction.atomic
def decide_solidarity(
    *, grant_id: int, percent: int, months: int, committee: Sequence[str], reply: str, actor: Actor, now: datetime
) -> None:
    """Write down what the committee granted: 25, 50, 75 or 100 %, from the present month on, for six at most; 0 is no.

    For who manages the cooperative. Raises Forbidden, NotFound, AnsweredAlready, CommitteeTooSmall, WordsMissing.
    """
    row = locks.lock_row(SolidarityGrant.objects.select_related("shop"), grant_id)
    if row is None:
        raise NotFound()
    cooperative = require_committee(row.shop.instance_id, actor)
    if row.decided_at is not None:
        raise rules.AnsweredAlready()
    check_committee(committee)
    if percent not in (0, *RELIEFS) or not 1 <= months <= LONGEST or not reply.strip():
        raise rules.WordsMissing()
    first = Month.of(today_of(cooperative, now)).first
    row.percent, row.since, row.until = percent, first, plus_months(first, months)
    row.decided_at, row.committee, row.reply = now, ", ".join(committee)[:300], reply.strip()[:500]
    row.save()


@transaction.atomic
def agree_instalments(*, bill_id: int, count: int, actor: Actor, now: datetime) -> None:
    """Pay an invoice in two to six monthly parts, the first in a week: by one click, without asking anybody.

    Raises Forbidden, NotFound, NothingDue, AbsurdTerms.
    """
    bill = locks.lock_row(Bill.objects.all(), bill_id)
    if bill is None:
        raise NotFound()
    actor.require(Right.MANAGE_ENTERPRISE, on=bill.shop_id)
    left = bill.total_minor - bill.paid_minor
    if left <= 0 or bill.credited_at:
        raise rules.NothingDue()
    first = today_of(cooperative_of_shop(bill.shop_id), now) + timedelta(days=7)
    parts = [[on.isoformat(), part.minor] for on, part in kindness.instalments(Money(left), count, first_on=first)]
    agreed = {"parts": parts, "agreed_by": actor.name, "agreed_at": now}
    InstalmentPlan.objects.update_or_create(bill=bill, defaults=agreed)


def check_committee(names: Sequence[str]) -> None:
    """Raise CommitteeTooSmall unless three different people are named."""
    if len({name.strip().casefold() for name in names if name.strip()}) < 3:
        raise rules.CommitteeTooSmall()


def require_treasurer(instance_id: int, actor: Actor) -> Cooperative:
    """Return the cooperative of an instance to who keeps its books. Raises Forbidden, NotFound."""
    return _required(instance_id, Right.ISSUE_INVOICES, actor)


def require_committee(instance_id: int, actor: Actor) -> Cooperative:
    """Return the cooperative of an instance to who manages it. Raises Forbidden, NotFound."""
    return _required(instance_id, Right.MANAGE_ENTERPRISE, actor)


def _required(instance_id: int, right: Right, actor: Actor) -> Cooperative:
    found = Cooperative.objects.select_related("instance", "enterprise").filter(pk=instance_id).first()
    if found is None:
        raise NotFound()
    actor.require(right, on=found.enterprise_id)
    return found
