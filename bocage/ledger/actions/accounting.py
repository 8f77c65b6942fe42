"""Writes the plan of accounts of a hub: each time a new one, so that closed months keep theirs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from bocage.commons.refusals import Refused
from bocage.infra.inserts import insert_new
from bocage.ledger.models import AccountPlan
from bocage.ledger.rules import accounts
from bocage.network.rules import Actor, Right


class BadAccountNumber(Refused):
    """A number that no chart of accounts has."""

    code = "ledger.bad_account_number"
    message = gettext_noop(
        "%(number)s is no account number: begin with three digits, then digits or capitals, 12 in all."
    )


class PlanChanged(Refused):
    """Somebody else wrote a plan since this one was read."""

    code = "ledger.plan_changed"
    message = gettext_noop("Somebody changed these numbers meanwhile. Look at theirs, then write yours again.")


@transaction.atomic
def number_accounts(*, book_id: int, numbers: Mapping[str, str], seen: int, actor: Actor, now: datetime) -> None:
    """Have the accounts of a book numbered so from now on: open months and those to come; closed ones keep theirs.

    numbers: line of the plan → number; seen: the version that was read. For those with SEE_BOOKS: the book's entries stay
    as they are. Raises Forbidden, BadAccountNumber, PlanChanged.
    """
    actor.require(Right.SEE_BOOKS, on=book_id)
    kept = {slot: numbers[slot] for slot in accounts.DEFAULTS if numbers.get(slot)}
    for number in kept.values():
        if not accounts.is_number(number):
            raise BadAccountNumber(number=number)
    latest = AccountPlan.objects.filter(book_id=book_id).order_by("-version").first()
    if (latest.version if latest else 0) != seen:
        raise PlanChanged
    row = AccountPlan(book_id=book_id, version=seen + 1, numbers=kept, at=now, by=actor.label)
    if not insert_new(row):
        raise PlanChanged
