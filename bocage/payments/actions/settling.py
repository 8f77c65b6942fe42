"""Keeps what is known of an attempt, in one transaction with the money and the fact that follow from it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bocage.commons.money import Money
from bocage.infra import locks
from bocage.infra.outbox import emit
from bocage.network.rules import SYSTEM
from bocage.payments import rules
from bocage.payments.actions.recording import record
from bocage.payments.events import AttemptEnded, Found, MoneyArrived, MoneyReturned
from bocage.payments.models import Attempt, Finding, Payment, SavedCard
from bocage.payments.rules import CHARGE, ENDED, OPEN, REFUND, SUCCEEDED, CardSeen, Seen

_WANTS_HOLDER = "authentication_required"


@transaction.atomic
def settle(*, attempt_id: int, seen: Seen, now: datetime) -> str:
    """Keep what was seen of an attempt, however often and in whatever order it is heard; return its state then.

    A charge that succeeded becomes a Payment in the hub's book, once, and MoneyArrived; a refund MoneyReturned; what came
    to nothing AttemptEnded. An amount other than the frozen one is not believed: a Finding says so, a person must look.
    """
    attempt = locks.lock_row(Attempt.objects.all(), attempt_id)
    if attempt is None:
        raise LookupError(f"no attempt {attempt_id}")
    attempt.looked_at = now
    if seen.amount is not None and seen.amount != Money(attempt.amount_minor, attempt.currency):
        note_finding(attempt, Finding.What.MISMATCH, f"{seen.amount.minor} {seen.amount.currency}", now)
        attempt.save(update_fields=["looked_at"])
        return attempt.state
    before, attempt.state = attempt.state, rules.join(attempt.kind, attempt.state, seen.state)
    attempt.handle = attempt.handle or seen.handle
    attempt.page = (seen.page or attempt.page) if attempt.state == OPEN else ""
    attempt.reason = (
        seen.reason[:255] if attempt.state == ENDED and (before != ENDED or seen.reason) else attempt.reason
    )
    if attempt.state == SUCCEEDED:
        attempt.reason = ""
    if attempt.state in (ENDED, SUCCEEDED) and attempt.settled_at is None:
        attempt.settled_at = now
    attempt.save()
    if attempt.state != before:
        _follow(attempt, before, now)
    if attempt.state == SUCCEEDED and attempt.keeps_card and seen.card:
        _keep_card(attempt, seen.card, now)
    return attempt.state


@transaction.atomic
def note_finding(attempt: Attempt, what: str, said: str, now: datetime) -> bool:
    """Keep what was put right about an attempt, once, and say so to those above; return whether it was new."""
    defaults = {"said": said[:255], "at": now}
    is_new = Finding.objects.get_or_create(attempt=attempt, what=what, defaults=defaults)[1]
    if is_new:
        emit(Found(attempt.pk, attempt.hub_id, attempt.about, what, attempt.amount_minor), by=SYSTEM, at=now)
    return is_new


def _follow(attempt: Attempt, before: str, now: datetime) -> None:
    """Do what a new state means: money in the book, a fact for those above."""
    if attempt.state == SUCCEEDED and attempt.kind == CHARGE:
        _record(attempt, attempt.amount_minor, None, now)
        emit(MoneyArrived(attempt.pk, attempt.about, attempt.amount_minor), by=SYSTEM, at=now)
    elif attempt.state == SUCCEEDED:
        charge = Payment.objects.get(key=f"attempt:{attempt.of.key if attempt.of else ''}")
        _record(attempt, -attempt.amount_minor, charge.pk, now)
        emit(MoneyReturned(attempt.pk, attempt.about, attempt.amount_minor), by=SYSTEM, at=now)
    elif attempt.state == ENDED:
        if before == SUCCEEDED:  # a refund that came back: the hub holds the money again
            _take_back(attempt, now)
        needs_person = attempt.saved_card_id is not None or attempt.reason == _WANTS_HOLDER
        emit(AttemptEnded(attempt.pk, attempt.about, attempt.kind, needs_person), by=SYSTEM, at=now)


def _record(attempt: Attempt, minor: int, refund_of: int | None, now: datetime, *, key: str = "") -> None:
    record(
        key=key or f"attempt:{attempt.key}", hub_id=attempt.hub_id, customer_id=attempt.customer_id,
        about=attempt.about, means=Payment.Means.ONLINE, amount=Money(minor, attempt.currency),
        note=attempt.asked.get("note", "")[:255], refund_of=refund_of, actor=SYSTEM, now=now,
    )  # fmt: skip


def _take_back(attempt: Attempt, now: datetime) -> None:
    """Undo a refund in the book: the bank sent it back, so the customer has it to their credit."""
    if attempt.kind == REFUND:
        _record(attempt, attempt.amount_minor, None, now, key=f"returned:{attempt.key}")


def _keep_card(attempt: Attempt, card: CardSeen, now: datetime) -> None:
    SavedCard.objects.get_or_create(
        provider=attempt.provider,
        card=card.card,
        defaults={
            "customer_id": attempt.customer_id, "account": attempt.account, "holder": card.holder, "brand": card.brand,
            "last4": card.last4, "expires": card.expires, "agreed_at": now,
        },
    )  # fmt: skip
