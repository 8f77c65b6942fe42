"""Records money received and given back, with its ledger entry."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.ledger import actions as ledger
from bocage.network.rules import Actor
from bocage.payments import rules
from bocage.payments.models import Payment, PaymentMethod
from bocage.payments.rules import FREE, Charging


@transaction.atomic(savepoint=False)
def record(
    *,
    key: str,
    hub_id: int,
    customer_id: int,
    about: str,
    means: str,
    amount: Money,
    note: str = "",
    refund_of: int | None = None,
    gift_id: int | None = None,
    actor: Actor,
    now: datetime,
) -> bool:
    """Save a payment (amount > 0) or a refund (amount < 0 of the payment `refund_of`) and post it.

    The same key twice is one payment: the second call changes nothing and returns False. Rights are the caller's to ask.
    """
    if Payment.objects.filter(key=key).exists():
        return False
    Payment.objects.create(
        key=key, hub_id=hub_id, customer_id=customer_id, about=about, means=means, amount_minor=amount.minor,
        currency=amount.currency, refund_of_id=refund_of, gift_id=gift_id, note=note, at=now, by=actor.label,
    )  # fmt: skip
    ledger.post(
        book_id=hub_id,
        key=f"payment:{key}",
        about=about,
        what="payment" if refund_of is None else "refund",
        postings=rules.payment_postings(
            customer_id=customer_id, means=means, amount_minor=amount.minor, about=about, gift_id=gift_id
        ),
        by=actor.label,
        at=now,
        currency=amount.currency,
    )
    return True


def save_method(
    *,
    hub_id: int,
    method_id: int | None,
    kind: str,
    name: str,
    instructions: str,
    tags: str = "",
    charge: Charging = FREE,
) -> int:
    """Give a hub a way to be paid, or change a running one; return its id. Rights are the caller's to ask.

    charge: what paying this way costs the customer. Raises NotFound for another hub's or an ended one.
    """
    said = {
        "kind": PaymentMethod.Kind(kind), "name": name.strip(), "instructions": instructions.strip(), "tags": tags,
        "charge_minor": charge.minor, "charge_millionths": charge.millionths, "charge_tax_id": charge.tax_rate_id,
    }  # fmt: skip
    if method_id is None:
        position = PaymentMethod.objects.filter(hub_id=hub_id).count()
        return PaymentMethod.objects.create(hub_id=hub_id, position=position, **said).pk
    if not _running(hub_id, method_id).update(**said):
        raise NotFound
    return method_id


def end_method(*, hub_id: int, method_id: int, now: datetime) -> None:
    """Stop offering a way to be paid; orders keep it. Rights are the caller's to ask. Raises NotFound."""
    if not _running(hub_id, method_id).update(ended_at=now):
        raise NotFound


def _running(hub_id: int, method_id: int) -> QuerySet[PaymentMethod]:
    return PaymentMethod.objects.filter(id=method_id, hub_id=hub_id, ended_at__isnull=True)
