"""A customer's account at a hub: paid in, paid out, and credits granted with a reason."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.infra import locks
from bocage.ledger import actions as ledger
from bocage.ledger.queries import due_by_reference
from bocage.ledger.rules import AccountKey
from bocage.network.models import Customer
from bocage.network.rules import Actor, Right
from bocage.orders import rules
from bocage.orders.actions import writing
from bocage.orders.actions.amending import Held
from bocage.orders.actions.invoicing import credit_granted, parts_of
from bocage.orders.models import Order, OrderLine
from bocage.payments import actions as payments
from bocage.payments.actions import stored
from bocage.payments.actions.granting import grant
from bocage.payments.models import Credit
from bocage.payments.queries import accounts, payments_about
from bocage.payments.rules import PAY_WITHIN, Part, credit_postings
from bocage.pricing.discounts import take_off, voucher_fee


@transaction.atomic
def top_up(
    *, hub_id: int, customer_id: int, amount: Money, means: str, key: str, actor: Actor, now: datetime, note: str = ""
) -> None:
    """Record what a customer paid in advance: it is theirs to spend on orders to come.

    The same key twice is one top-up. For those with RECORD_PAYMENTS. Raises Forbidden, NotFound, AmountMissing.
    """
    _customer(hub_id, customer_id, actor, Right.RECORD_PAYMENTS)
    if amount.minor <= 0:
        raise rules.AmountMissing()
    payments.record(
        key=key, hub_id=hub_id, customer_id=customer_id, about=f"account:{customer_id}", means=means, amount=amount,
        note=note, actor=actor, now=now,
    )  # fmt: skip


def top_up_online(
    *, customer_id: int, amount: Money, back_url: str, label: str, language: str, actor: Actor, now: datetime
) -> str:
    """Begin to pay in advance by card; return the key of the attempt. The money is credit once the provider says so.

    For the customer's own person. Raises NotFound, AmountMissing, NotConnected, AttemptUnderWay, ProviderUnreachable.
    """
    row = Customer.objects.filter(id=customer_id, person_id=actor.person_id).first() if actor.person_id else None
    if row is None:
        raise NotFound()
    if amount.minor <= 0:
        raise rules.AmountMissing()
    return payments.start_charge(
        payments.Start(
            hub_id=row.hub_id, customer_id=row.pk, about=f"account:{row.pk}", amount=amount, label=label,
            email=row.email, language=language, back_url=back_url, closes_at=now + PAY_WITHIN,
        ),
        actor=actor,
        now=now,
    )  # fmt: skip


@transaction.atomic
def pay_out(
    *, hub_id: int, customer_id: int, amount: Money, means: str, key: str, actor: Actor, now: datetime, note: str = ""
) -> None:
    """Record what of their credit a customer got back in money: at most what they paid in and still have.

    The same key twice is once. For those with RECORD_PAYMENTS. Raises Forbidden, NotFound, AmountMissing, RefundTooLarge.
    """
    _customer(hub_id, customer_id, actor, Right.RECORD_PAYMENTS)
    if amount.minor <= 0:
        raise rules.AmountMissing()
    stored.hold_credit(customer_id=customer_id, amount=Money(0, amount.currency))
    rows = payments_about(f"account:{customer_id}")
    first = next((row.id for row in rows if row.refund_of is None), None)
    paid_in = Money(sum(row.amount.minor for row in rows), amount.currency)
    most = min(paid_in, accounts.held(customer_id, amount.currency))
    if first is None or amount > most:
        raise rules.RefundTooLarge(most=most)
    payments.record(
        key=key, hub_id=hub_id, customer_id=customer_id, about=f"account:{customer_id}", means=means, amount=-amount,
        note=note, refund_of=first, actor=actor, now=now,
    )  # fmt: skip


@transaction.atomic
def grant_credit(
    *,
    hub_id: int,
    customer_id: int,
    amount: Money,
    reason: str,
    bearer_id: int,
    key: str,
    actor: Actor,
    now: datetime,
    ref: str = "",
) -> Credit:
    """Grant a customer a credit, borne by the hub or by a farm whose goods it sold; the same key twice is one.

    ref: the order it is for. Then it is part of that order's price: first what is due shrinks, the rest is theirs to spend,
    the VAT in it is owed no more, and where the order is invoiced a credit note says so. Without an order it is a kindness
    to spend later. For those with MANAGE_ORDERS. Raises Forbidden, NotFound, AmountMissing, ReasonMissing,
    BearerNotKnown, FarmBearsForOrder, IsCancelled, AwaitsPayment, CreditTooLarge.
    """
    _customer(hub_id, customer_id, actor, Right.MANAGE_ORDERS)
    if amount.minor <= 0:
        raise rules.AmountMissing()
    _check_bearer(hub_id, bearer_id)
    order = _order(hub_id, customer_id, ref) if ref else None
    if bearer_id != hub_id and (order is None or not _has_goods_of(order, bearer_id)):
        raise rules.FarmBearsForOrder()
    due, parts = _falls_on(order, amount) if order is not None else (0, ())
    credit, is_new = grant(
        hub_id=hub_id, customer_id=order.customer_id if order else customer_id, about=f"order:{ref}" if ref else "",
        amount=amount, reason=reason, bearer_id=bearer_id, due_minor=max(due, 0), parts=parts, key=key, actor=actor,
        now=now,
    )  # fmt: skip
    if order is not None and is_new:
        told = {"amount_minor": amount.minor, "reason": credit.reason}
        writing.remember(order, "credit", told, actor, now)
        credit_granted(order, credit, now=now)
    return credit


def undo_credits(order: Order, *, actor: Actor, now: datetime) -> None:
    """Take back the credits granted on an order that is being cancelled, in the caller's transaction; one query if none."""
    for row in accounts.credits_about(f"order:{order.ref}"):
        postings = _undone(row)
        ledger.post(
            book_id=order.hub_id, key=f"credit:{row.pk}:undone", about=row.about, what="credit", postings=postings,
            by=actor.label, at=now, currency=row.currency,
        )  # fmt: skip
        row.undone_at = now
        row.save(update_fields=["undone_at"])


def _undone(row: Credit) -> dict[AccountKey, int]:
    postings = credit_postings(
        customer_id=row.customer_id, hub_id=row.hub_id, bearer_id=row.bearer_id, amount_minor=row.amount_minor,
        due_minor=row.amount_minor, parts=parts_of(row),
    )  # fmt: skip
    return {key: -minor for key, minor in postings.items()}


def _falls_on(order: Order, amount: Money) -> tuple[int, tuple[Part, ...]]:
    """Return what is due for an order, and how a credit on it is spread over its VAT rates. Raises CreditTooLarge."""
    about = f"order:{order.ref}"
    granted = sum(row.amount_minor for row in accounts.credits_about(about))
    most = Money(order.total_minor - granted, order.currency)
    if amount > most:
        raise rules.CreditTooLarge(most=most)
    quote = Held.read(order).quote
    fee = voucher_fee(code="", hub_id=order.hub_id, amount_minor=amount.minor)
    charges = take_off(fee, goods=quote.goods_total, by_rate=quote.by_rate)
    parts = tuple(Part(one.rate.millionths, -one.total.minor, -one.tax.minor) for one in charges)
    return due_by_reference(kind="customer", abouts=[about]).get(about, 0), parts


def _check_bearer(hub_id: int, bearer_id: int) -> None:
    if bearer_id != hub_id and not OrderLine.objects.filter(order__hub_id=hub_id, producer_id=bearer_id).exists():
        raise rules.BearerNotKnown()


def _has_goods_of(order: Order, producer_id: int) -> bool:
    return OrderLine.objects.filter(order=order, producer_id=producer_id).exists()


def _order(hub_id: int, customer_id: int, ref: str) -> Order:
    found = Order.objects.filter(ref=ref, hub_id=hub_id).values_list("id", "customer_id", "customer__main_id").first()
    if found is None or customer_id not in found[1:]:
        raise NotFound()
    order = locks.lock_row(Order.objects.all(), found[0])
    assert order is not None
    if order.state == Order.State.CANCELLED:
        raise rules.IsCancelled()
    if order.state == Order.State.AWAITING:
        raise rules.AwaitsPayment()
    return order


def _customer(hub_id: int, customer_id: int, actor: Actor, right: Right) -> None:
    actor.require(right, on=hub_id)
    if not Customer.objects.filter(id=customer_id, hub_id=hub_id).exists():
        raise NotFound()
