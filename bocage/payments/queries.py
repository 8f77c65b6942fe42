"""What was paid for a reference."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bocage.commons.money import Money
from bocage.payments.models import Payment


@dataclass(frozen=True, slots=True)
class PaymentRow:
    id: int
    means: str
    amount: Money
    refund_of: int | None
    note: str
    at: datetime


def payments_about(about: str) -> list[PaymentRow]:
    """Return the payments and refunds of a reference such as 'order:R7K2', oldest first, in one query."""
    rows = Payment.objects.filter(about=about).order_by("id")
    fields = rows.values_list("id", "means", "amount_minor", "currency", "refund_of_id", "note", "at")
    return [PaymentRow(pk, means, Money(minor, cur), of, note, at) for pk, means, minor, cur, of, note, at in fields]
