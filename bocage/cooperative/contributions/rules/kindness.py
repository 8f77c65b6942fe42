"""R-KIND: what is written or said to whom when a contribution is not paid, and what may never be done (file 10, 1.6)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bocage.commons.money import Money, share_out
from bocage.commons.refusals import gettext_noop
from bocage.cooperative.contributions.rules import AbsurdTerms
from bocage.cooperative.contributions.rules.months import plus_months

FRIENDLY, SECOND, CALL, LETTER = "friendly", "second", "call", "letter"
STEPS = ((FRIENDLY, 7), (SECOND, 21), (CALL, 45), (LETTER, 75))
BY_A_PERSON = frozenset({CALL, LETTER})
MOST_INSTALMENTS = 6
PAST_DUE, THEN = timedelta(days=120), timedelta(days=30)


def next_step(due_on: date, done: Collection[str], today: date) -> str:
    """Return the one step whose day has come and that was not taken, the earliest first; '' none. Never two at once."""
    return next((step for step, days in STEPS if step not in done and due_on + timedelta(days=days) <= today), "")


@dataclass(frozen=True, slots=True)
class Standing:
    """What was done about an unpaid invoice."""

    due_on: date
    notices: Sequence[str]
    has_dispute: bool = False
    keeps_instalments: bool = False
    is_free_plan: bool = False


def missing_for_restriction(standing: Standing, *, decided_on: date, reasons: str) -> list[str]:
    """Return what stands against a restriction; empty where a committee may decide it."""
    asked = [
        (gettext_noop("four notices at least"), len(standing.notices) >= 4),
        (gettext_noop("one of them by a person"), CALL in standing.notices),
        (gettext_noop("120 days past the due date"), decided_on >= standing.due_on + PAST_DUE),
        (gettext_noop("no open question about the statement"), not standing.has_dispute),
        (gettext_noop("no instalments that are being kept"), not standing.keeps_instalments),
        (gettext_noop("a free contribution is never a reason"), not standing.is_free_plan),
        (gettext_noop("the reasons, in words"), bool(reasons.strip())),
    ]
    return [words for words, is_there in asked if not is_there]


def restricted_from(due_on: date, decided_on: date) -> date:
    """Return the earliest day of a restriction: 120 days past due and thirty after the decision."""
    return max(due_on + PAST_DUE, decided_on + THEN)


def instalments(total: Money, count: int, *, first_on: date) -> list[tuple[date, Money]]:
    """Return a sum in two to six monthly parts that add up to it. Raises AbsurdTerms."""
    if not 2 <= count <= MOST_INSTALMENTS:
        raise AbsurdTerms()
    parts = share_out(total, [1] * count)
    return [(plus_months(first_on, number), part) for number, part in enumerate(parts)]


def are_kept(parts: Sequence[tuple[date, int]], paid: int, today: date) -> bool:
    """Return whether instalments are being kept: what fell due a week ago or earlier is paid."""
    return paid >= sum(amount for on, amount in parts if on + timedelta(days=7) < today)


def reference(number: str) -> str:
    """Return the creditor reference of a document (ISO 11649): RF, two check digits, its letters and digits."""
    body = "".join(letter for letter in number.upper() if letter.isascii() and letter.isalnum())[:21]
    digits = "".join(str(int(letter, 36)) for letter in f"{body}RF00")
    return f"RF{98 - int(digits) % 97:02d}{body}"
