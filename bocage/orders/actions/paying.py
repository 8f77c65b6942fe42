"""Money received for an order on the spot or by transfer, and given back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.infra import locks
from bocage.infra.outbox import emit
from bocage.network.rules import Actor, Right
from bocage.orders import rules
from bocage.orders.actions import writing
from bocage.orders.actions.amending import check_settled
from bocage.orders.events import PaymentRecorded
from bocage.orders.models import Order
from bocage.payments import actions as payments
from bocage.payments.actions import stored
from bocage.payments.queries import already, payments_about
from bocage.payments.rules import CREDIT, OtherCurrency


@transaction.atomic
def record_payment(
    *, order_id: int, amount: Money, means: str, key: str, actor: Actor, now: datetime, note: str = ""
) -> None:
    """Record what a customer paid for an order: cash, cheque, card or transfer. More than is due becomes their credit.

    By means `credit` it is paid from what they have on their account. The same key twice is one payment. For those with
    RECORD_PAYMENTS. Raises Forbidden, NotFound, AmountMissing, OtherCurrency, AwaitsPayment, CreditGone.
    Emits PaymentRecorded.
    """
    order = _locked_for_payment(order_id, actor)
    _check_amount(order, amount)
    check_settled(order)
    if means == CREDIT and not already(key):
        stored.hold_credit(customer_id=order.customer_id, amount=amount)
    _record(order, amount, means, key, None, note, actor, now)


@transaction.atomic
def refund(*, order_id: int, amount: Money, means: str, key: str, actor: Actor, now: datetime, note: str = "") -> None:
    """Record what was given back to a customer: at most what was received for the order.

    By means `credit` it is not paid out but theirs to spend on another order.

    The same key twice is one refund. Raises Forbidden, NotFound, AmountMissing, OtherCurrency, RefundTooLarge.
    Emits PaymentRecorded.
    """
    order = _locked_for_payment(order_id, actor)
    _check_amount(order, amount)
    rows = payments_about(f"order:{order.ref}")
    received = sum(row.amount.minor for row in rows)
    first = next((row.id for row in rows if row.refund_of is None), None)
    if first is None or amount.minor > received:
        raise rules.RefundTooLarge(most=Money(max(received, 0), order.currency))
    _record(order, -amount, means, key, first, note, actor, now)


def _check_amount(order: Order, amount: Money) -> None:
    if amount.currency != order.currency:
        raise OtherCurrency(given=amount.currency, owed=order.currency)
    if amount.minor <= 0:
        raise rules.AmountMissing()


def _locked_for_payment(order_id: int, actor: Actor) -> Order:
    order = locks.lock_row(Order.objects.all(), order_id)
    if order is None:
        raise NotFound()
    actor.require(Right.RECORD_PAYMENTS, on=order.hub_id)
    return order


def _record(
    order: Order, amount: Money, means: str, key: str, refund_of: int | None, note: str, actor: Actor, now: datetime
) -> None:
    is_new = payments.record(
        key=key, hub_id=order.hub_id, customer_id=order.customer_id, about=f"order:{order.ref}", means=means,
        amount=amount, note=note, refund_of=refund_of, actor=actor, now=now,
    )  # fmt: skip
    if not is_new:
        return
    what = "payment" if refund_of is None else "refund"
    writing.remember(order, what, {"amount_minor": abs(amount.minor), "means": means}, actor, now)
    emit(
        PaymentRecorded(order_id=order.pk, ref=order.ref, hub_id=order.hub_id, amount_minor=amount.minor),
        by=actor,
        at=now,
    )
