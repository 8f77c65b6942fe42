"""From the hub's approval to the books: a farm looks, contests or agrees; the hub answers; the statement is frozen."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F
from django.db.models import Sum as Added

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.infra import locks
from bocage.infra.inserts import insert, insert_new
from bocage.infra.outbox import emit
from bocage.infra.sequences import next_number
from bocage.ledger import actions as ledger
from bocage.network.models import Enterprise
from bocage.network.rules import Actor, Right
from bocage.settlements import rules
from bocage.settlements.actions.drafting import new_line, redraw, take_desk
from bocage.settlements.events import ContestAnswered, StatementApproved, StatementContested, StatementFrozen
from bocage.settlements.models import Contest, Frozen, Line, Statement
from bocage.settlements.queries.positions import KEY, key_of
from bocage.settlements.rules import AGREED, Key, Sum

State = Statement.State


@transaction.atomic
def approve(*, statement_id: int, shown: Money, actor: Actor, now: datetime) -> None:
    """Approve a statement, drawn up anew, if it still comes to what was shown; the farm is told. Twice is once.

    For the hub's people with ISSUE_INVOICES. Raises Forbidden, NotFound, SumMoved. Emits StatementApproved.
    """
    row = _of_hub(statement_id, actor)
    if row.state != State.DRAFTED:
        return
    if not redraw(row.hub_id, row.cycle_id, now, row.producer_id):
        raise rules.SumMoved(shown=shown, actual=Money(0, row.currency))
    _check_shown(row, shown)
    row.state, row.approved_at, row.approved_by, row.drafted_at = State.APPROVED, now, actor.name[:120], now
    row.save(update_fields=["state", "approved_at", "approved_by", "drafted_at"])
    emit(StatementApproved(row.pk, row.hub_id, row.producer_id), by=actor, at=now)


def note_seen(*, statement_id: int, actor: Actor, now: datetime) -> None:
    """Note that somebody of the farm has opened its statement, the first time. Nothing for anybody else."""
    farm_id = Statement.objects.filter(id=statement_id, seen_at=None).values_list("producer_id", flat=True).first()
    if farm_id is not None and farm_id in actor.roles:
        Statement.objects.filter(id=statement_id, seen_at=None).exclude(state=State.DRAFTED).update(seen_at=now)


@transaction.atomic
def contest(*, statement_id: int, line_id: int, reason: str, actor: Actor, now: datetime) -> None:
    """Say what is not right with a line of an approved statement. For the farm's people with ISSUE_INVOICES.

    Raises Forbidden, NotFound, NotToContest, ReasonMissing, ContestedAlready. Emits StatementContested.
    """
    row = _of_farm(statement_id, actor)
    if row.state != State.APPROVED:
        raise rules.NotToContest()
    if not reason.strip():
        raise rules.ReasonMissing()
    if not Line.objects.filter(statement=row, id=line_id).exclude(kind=AGREED).exists():
        raise NotFound()
    said = Contest(statement=row, line_id=line_id, reason=reason.strip()[:300], by_name=actor.name[:120], at=now)
    if not insert_new(said):
        raise rules.ContestedAlready()
    _no_longer_agreed(row)
    emit(StatementContested(row.pk, row.hub_id, row.producer_id), by=actor, at=now)


@transaction.atomic
def answer(*, contest_id: int, correction: Money | None, words: str, actor: Actor, now: datetime) -> None:
    """Answer a farm: by a correction (with VAT; below zero takes off) or, without one, by a refusal; in words.

    For the hub's people with ISSUE_INVOICES. Raises Forbidden, NotFound, AnsweredAlready, WordsMissing,
    CorrectionTooLarge. Emits ContestAnswered.
    """
    statement_id = Contest.objects.filter(id=contest_id).values_list("statement_id", flat=True).first()
    if statement_id is None:
        raise NotFound()
    row = _of_hub(statement_id, actor)
    said = Contest.objects.select_related("line").get(id=contest_id)
    if said.answer or row.state != State.APPROVED:
        raise rules.AnsweredAlready()
    if not words.strip():
        raise rules.WordsMissing()
    if correction:
        key = Key(row.cycle_id, AGREED, said.line.name, millionths=said.line.millionths)
        _check_correction(row, said.line, key, correction)
        net, tax = rules.with_vat_of(correction.minor, said.line.millionths)
        insert([new_line(row, key, Sum(0, 0, net, tax))])
        _no_longer_agreed(row)
    said.answer = Contest.Answer.CORRECTED if correction else Contest.Answer.REFUSED
    said.words, said.answered_by, said.answered_at = words.strip()[:300], actor.name[:120], now
    said.save(update_fields=["answer", "words", "answered_by", "answered_at"])
    emit(ContestAnswered(row.pk, row.hub_id, row.producer_id), by=actor, at=now)


@transaction.atomic
def agree(*, statement_id: int, shown: Money, actor: Actor, now: datetime) -> None:
    """Agree with a statement as it was shown; it is frozen at once. Twice is once. For the farm, with ISSUE_INVOICES.

    Raises Forbidden, NotFound, AnswerFirst, SumMoved. Emits StatementFrozen.
    """
    row = _of_farm(statement_id, actor)
    if row.state == State.FROZEN:
        return
    _check_shown(row, shown)
    row.agreed_at, row.agreed_by = now, actor.name[:120]
    _freeze(row, actor, now)


@transaction.atomic
def freeze(*, statement_id: int, actor: Actor, now: datetime) -> None:
    """Freeze a statement that its farm had eight days to contest. Twice is once. For the hub, with ISSUE_INVOICES.

    It gets its number, its content is written for good, and one balanced entry posts it, which carries its digest.
    Raises Forbidden, NotFound, NotApproved, AnswerFirst, TooEarly. Emits StatementFrozen.
    """
    row = _of_hub(statement_id, actor)
    if row.state != State.FROZEN:
        _freeze(row, actor, now)


def _freeze(row: Statement, actor: Actor, now: datetime) -> None:
    rules.check_may_freeze(
        approved_at=row.approved_at, has_agreed=row.agreed_at is not None,
        open_contests=Contest.objects.filter(statement=row, answer="").count(), now=now,
    )  # fmt: skip
    hub = Enterprise.objects.select_related("instance").get(id=row.hub_id)
    year = now.astimezone(ZoneInfo(hub.instance.timezone)).year
    sequence = next_number(f"settlements:{row.hub_id}:{year}")
    row.state, row.frozen_at, row.number = State.FROZEN, now, rules.numbered(year, sequence)
    row.save(update_fields=["state", "frozen_at", "number", "agreed_at", "agreed_by"])
    _carry(row)
    sums = sums_of(row.pk)
    said = _content(row, sums)
    digest = rules.digest_of(said)
    insert([Frozen(statement_id=row.pk, content=said, digest=digest)])
    emit(StatementFrozen(row.pk, row.hub_id, row.producer_id, row.number), by=actor, at=now)
    ledger.post(
        book_id=row.hub_id,
        key=rules.entry_key(row.pk, digest),
        about=f"settlement:{row.number}",
        what="settlement",
        postings=rules.postings(sums, producer_id=row.producer_id, is_hub_liable=hub.is_vat_liable),
        by=actor.label,
        at=now,
        currency=row.currency,
    )


def _carry(row: Statement) -> None:
    """Take off what earlier statements left the farm owing: they are below zero and paid by this one."""
    frozen = Statement.objects.filter(
        hub_id=row.hub_id, producer_id=row.producer_id, state=State.FROZEN, carried_to=None, currency=row.currency
    ).exclude(id=row.pk)
    lines = Line.objects.filter(statement__in=frozen).order_by().values_list("statement_id")
    due = Added(F("net_minor") + F("tax_minor")) + F("statement__carried_minor")
    owing = dict(lines.annotate(due=due).filter(due__lt=0))
    if owing:
        Statement.objects.filter(id__in=owing).update(carried_to=row)
        row.carried_minor = sum(owing.values())
        row.save(update_fields=["carried_minor"])


def _content(row: Statement, sums: list[tuple[Key, Sum]]) -> dict[str, Any]:
    return {
        "v": 1, "number": row.number, "hub": row.hub_id, "producer": row.producer_id, "cycle": row.cycle_id,
        "carried": str(row.carried_minor), "currency": row.currency,
        "frozen_at": row.frozen_at.isoformat() if row.frozen_at else "",
        "lines": [
            [key.cycle_id, key.kind, key.name, key.variant_name, key.price_minor, key.millionths, one.quantity, one.grams,
             str(one.net), str(one.tax)]
            for key, one in sums
        ],
    }  # fmt: skip


def _check_correction(row: Statement, line: Line, key: Key, correction: Money) -> None:
    """Raise CorrectionTooLarge where more is taken off than the line and what was agreed about it come to."""
    stated = line.net_minor + line.tax_minor + sum(one.net + one.tax for was, one in sums_of(row.pk) if was == key)
    if correction.minor < -max(stated, 0):
        raise rules.CorrectionTooLarge(most=Money(max(stated, 0), row.currency))


def _check_shown(row: Statement, shown: Money) -> None:
    actual = total_of(row)
    if actual != shown:
        raise rules.SumMoved(shown=shown, actual=actual)


def total_of(row: Statement) -> Money:
    """Return what a statement comes to, with VAT."""
    return Money(sum(one.net + one.tax for _key, one in sums_of(row.pk)), row.currency)


def sums_of(statement_id: int) -> list[tuple[Key, Sum]]:
    """Return the lines of a statement, in the order of their writing, in one query."""
    rows = Line.objects.filter(statement_id=statement_id).order_by("id")
    values = rows.values_list(*KEY, "quantity", "grams", "net_minor", "tax_minor")
    return [(key_of(one[: len(KEY)]), Sum(*one[len(KEY) :])) for one in values]


def _of_hub(statement_id: int, actor: Actor) -> Statement:
    return _held(statement_id, actor, "hub_id")


def _of_farm(statement_id: int, actor: Actor) -> Statement:
    row = _held(statement_id, actor, "producer_id")
    if row.state == State.DRAFTED:
        raise NotFound()
    return row


def _held(statement_id: int, actor: Actor, side: str) -> Statement:
    """Lock the hub's desk, then the statement; ask for the right on its hub or its farm."""
    found = Statement.objects.filter(id=statement_id).values_list("hub_id", side).first()
    if found is None:
        raise NotFound()
    actor.require(Right.ISSUE_INVOICES, on=found[1])
    take_desk(found[0])
    row = locks.lock_row(Statement.objects.all(), statement_id)
    if row is None:
        raise NotFound()
    return row


def _no_longer_agreed(row: Statement) -> None:
    row.agreed_at, row.agreed_by = None, ""
    row.save(update_fields=["agreed_at", "agreed_by"])
