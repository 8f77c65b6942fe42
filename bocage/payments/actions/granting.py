"""Credits that a hub grants: written once with their reason, and posted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from bocage.commons.money import Money
from bocage.ledger import actions as ledger
from bocage.network.rules import Actor
from bocage.payments import rules
from bocage.payments.models import Credit
from bocage.payments.rules import Part


@transaction.atomic(savepoint=False)
def grant(
    *,
    hub_id: int,
    customer_id: int,
    about: str,
    amount: Money,
    reason: str,
    bearer_id: int,
    due_minor: int,
    parts: Sequence[Part],
    key: str,
    actor: Actor,
    now: datetime,
) -> tuple[Credit, bool]:
    """Write a credit and post it; return it, and whether it is new: the same key twice is one.

    due_minor: what it pays first; parts: what of it falls on which VAT rate. Rights are the caller's to ask. Raises
    ReasonMissing.
    """
    if not reason.strip():
        raise rules.ReasonMissing()
    before = Credit.objects.filter(key=key).first()
    if before is not None:
        return before, False
    row = Credit.objects.create(
        key=key, hub_id=hub_id, customer_id=customer_id, about=about, amount_minor=amount.minor,
        currency=amount.currency, reason=reason.strip()[:255], bearer_id=bearer_id,
        parts=[[part.millionths, part.total_minor, part.tax_minor] for part in parts], at=now, by=actor.label,
    )  # fmt: skip
    ledger.post(
        book_id=hub_id,
        key=f"{rules.CREDIT_ENTRY}{key}"[:80],
        about=about or f"account:{customer_id}",
        what="credit",
        postings=rules.credit_postings(
            customer_id=customer_id, hub_id=hub_id, bearer_id=bearer_id, amount_minor=amount.minor,
            due_minor=due_minor, parts=parts,
        ),
        by=actor.label,
        at=now,
        currency=amount.currency,
    )  # fmt: skip
    return row, True
