"""What was paid for a reference."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from bocage.commons.money import Money
from bocage.network.rules import Actor, Right
from bocage.payments.models import Payment, PaymentMethod


@dataclass(frozen=True, slots=True)
class PaymentRow:
    id: int
    means: str
    amount: Money
    refund_of: int | None
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MethodRow:
    """A way to pay a hub, as its managers see it."""

    id: int
    kind: str
    name: str
    instructions: str
    tags: str = ""
    charge_minor: int = 0
    charge_millionths: int = 0
    charge_tax_id: int | None = None


def payment_methods(*, hub_id: int, actor: Actor) -> list[MethodRow]:
    """Return a hub's running ways to pay in their order, in one query. Raises Forbidden."""
    actor.require(Right.MANAGE_CYCLES, on=hub_id)
    rows = PaymentMethod.objects.filter(hub_id=hub_id, ended_at__isnull=True).order_by("position", "id")
    return [MethodRow(*row) for row in rows.values_list(*MethodRow.__dataclass_fields__)]


def already(key: str) -> bool:
    """Return whether a payment of this key is recorded, in one query."""
    return Payment.objects.filter(key=key).exists()


def is_paid(about: str) -> bool:
    """Return whether anything was received for a reference, in one query."""
    return Payment.objects.filter(about=about, amount_minor__gt=0).exists()


def gift_of(key: str) -> int | None:
    """Return which gift voucher the payment of this key paid, if any, in one query."""
    about = Payment.objects.filter(key=key, about__startswith="gift:").values_list("about", flat=True).first()
    return int(about.partition(":")[2]) if about else None


def paid_about(abouts: Iterable[str]) -> int:
    """Return what came in for these references, less what went back, in minor units, in one query."""
    return Payment.objects.filter(about__in=list(abouts)).aggregate(sum=Sum("amount_minor"))["sum"] or 0


def payments_about(about: str) -> list[PaymentRow]:
    """Return the payments and refunds of a reference such as 'order:R7K2', oldest first, in one query."""
    rows = Payment.objects.filter(about=about).order_by("id")
    fields = rows.values_list("id", "means", "amount_minor", "currency", "refund_of_id", "note", "at")
    return [PaymentRow(pk, means, Money(minor, cur), of, note, at) for pk, means, minor, cur, of, note, at in fields]
