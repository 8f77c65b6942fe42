"""Notes that farms were paid."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.infra import locks
from bocage.infra.inserts import insert
from bocage.infra.outbox import emit
from bocage.ledger import actions as ledger
from bocage.network.rules import Actor, Right
from bocage.settlements import rules
from bocage.settlements.actions.deciding import total_of
from bocage.settlements.events import StatementPaid
from bocage.settlements.models import Payment, Statement


@transaction.atomic
def settle_payment(*, statement_id: int, amount: Money, at: datetime, reference: str, actor: Actor) -> bool:
    """Note that a farm was paid for a frozen statement, and post it; False where this reference is noted already.

    at: when the money left; reference: what the bank calls it, one per transfer. For those with ISSUE_INVOICES.
    Raises Forbidden, NotFound, NotFrozen, AmountNotPositive, ReferenceMissing, MoreThanOwed. Emits StatementPaid.
    """
    row = locks.lock_row(Statement.objects.all(), statement_id)
    if row is None:
        raise NotFound()
    actor.require(Right.ISSUE_INVOICES, on=row.hub_id)
    reference = reference.strip()[:60]
    if not reference:
        raise rules.ReferenceMissing()
    if row.state != Statement.State.FROZEN:
        raise rules.NotFrozen()
    if amount.minor <= 0:
        raise rules.AmountNotPositive()
    if Payment.objects.filter(statement=row, reference=reference).exists():
        return False
    left = left_of(row)
    if amount > left:
        raise rules.MoreThanOwed(left=left)
    insert([Payment(statement=row, amount_minor=amount.minor, reference=reference, at=at, by=actor.label)])
    paid = StatementPaid(row.pk, row.hub_id, row.producer_id, amount.minor, left.minor - amount.minor)
    emit(paid, by=actor, at=at)
    ledger.post(
        book_id=row.hub_id,
        key=f"settlement:{row.pk}:paid:{Payment.objects.filter(statement=row).count()}",
        about=f"settlement:{row.number}",
        what="settled",
        postings=rules.payment_postings(producer_id=row.producer_id, amount=amount.minor),
        by=actor.label,
        at=at,
        currency=row.currency,
    )
    return True


def left_of(row: Statement) -> Money:
    """Return what is still owed for a frozen statement, 0 or more."""
    due = total_of(row).minor + row.carried_minor
    paid = Payment.objects.filter(statement=row).aggregate(sum=Sum("amount_minor"))["sum"] or 0
    return Money(max(due - paid, 0), row.currency)
