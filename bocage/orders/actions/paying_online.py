"""Orders paid online: begun by the customer, completed by what the provider says, let go when nobody pays.

The browser coming back from the bank moves nothing here. Whatever calls a provider runs outside transactions.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Concat

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound, Refused
from bocage.infra import locks
from bocage.infra.outbox import emit
from bocage.ledger.queries import due_by_reference
from bocage.network.rules import SYSTEM, Actor, Right
from bocage.orders import rules
from bocage.orders.actions import writing
from bocage.orders.actions.amending import check_theirs
from bocage.orders.actions.cancelling import lapse
from bocage.orders.events import OrderPlaced, PaymentRecorded
from bocage.orders.models import Order, OrderChange
from bocage.orders.queries.choices import payment_choices
from bocage.payments import actions as payments
from bocage.payments.queries.attempts import AttemptRow, attempts_about
from bocage.payments.rules import CHARGE, ENDED, PAY_WITHIN, SUCCEEDED, NothingToPay, OtherCurrency, ProviderUnreachable

log = logging.getLogger(__name__)
HELD_AT_MOST = timedelta(hours=2)
LOOKS_BACK = timedelta(days=60)


def pay_online(
    *, order_id: int, back_url: str, label: str, actor: Actor, now: datetime, token: str = "", keep_card: bool = False
) -> str:
    """Begin to pay what is due for an order; return the key of the attempt, whose page is then shown.

    For whoever holds the order's link, its customer, or its hub. While it awaits its payment its goods are held a while
    longer, two hours at most. Raises NotFound, IsCancelled, NothingToPay, NotConnected, AttemptUnderWay,
    ProviderUnreachable.
    """
    order = _theirs(order_id, actor, token)
    if order.state == Order.State.CANCELLED:
        raise rules.IsCancelled
    closes_at = now + PAY_WITHIN
    if order.state == Order.State.AWAITING:
        closes_at = max(min(closes_at, order.placed_at + HELD_AT_MOST), order.pay_by or now)
        held = Order.objects.filter(id=order_id, state=Order.State.AWAITING, pay_by__gt=now)
        if not held.update(pay_by=closes_at):
            raise rules.NotAwaiting
    due = _due(order)
    if due.minor <= 0:
        raise NothingToPay
    return payments.start_charge(
        payments.Start(
            hub_id=order.hub_id, customer_id=order.customer_id, about=_about(order), amount=due, label=label,
            email=order.email, language=order.language, back_url=back_url, closes_at=closes_at, keep_card=keep_card,
        ),
        actor=actor,
        now=now,
    )  # fmt: skip


def charge_saved(*, order_id: int, card_id: int, label: str, actor: Actor, now: datetime) -> str:
    """Charge what is due for an order to a card that its customer lets the hub charge; return the attempt's state.

    Where the bank wants the customer, they get a link by mail. For those with RECORD_PAYMENTS. Raises Forbidden,
    NotFound, IsCancelled, NothingToPay, AttemptUnderWay, ProviderUnreachable.
    """
    order = Order.objects.filter(id=order_id).first()
    if order is None:
        raise NotFound
    actor.require(Right.RECORD_PAYMENTS, on=order.hub_id)
    if order.state == Order.State.CANCELLED:
        raise rules.IsCancelled
    return payments.charge_saved_card(
        card_id=card_id, customer_id=order.customer_id, about=_about(order), amount=_due(order), label=label,
        email=order.email, actor=actor, now=now,
    )  # fmt: skip


def choose_other_way(*, order_id: int, method_id: int, actor: Actor, now: datetime, token: str = "") -> None:
    """Pay an order that awaits its payment in another way, offline: it stands from now on.

    Raises NotFound, NotAwaiting, MethodWithdrawn, AttemptUnderWay when the bank may still say yes. Emits OrderPlaced.
    """
    order = _theirs(order_id, actor, token)
    found = payment_choices(cycle_id=order.cycle_id, hub_id=order.hub_id, method_id=method_id)
    choice = next(iter(found), None)
    if choice is None or choice.kind == "card":
        raise rules.MethodWithdrawn
    if order.state == Order.State.AWAITING and not _stop_all(order, now):
        raise rules.NotAwaiting
    with transaction.atomic():
        order = _locked(order_id)
        if order.state != Order.State.AWAITING:
            raise rules.NotAwaiting
        order.payment_method_id = method_id
        writing.remember(order, "other_way", {"name": choice.name}, actor, now)
        _place(order, actor, now)


@transaction.atomic
def take_money(*, attempt_id: int, about: str, amount_minor: int, key: str, now: datetime) -> None:
    """Let what arrived for an order do its work: it stands now, if it waited; it goes back, if the order is gone.

    The money is in the books already. `key` names the news: the same twice does nothing. Emits PaymentRecorded,
    OrderPlaced.
    """
    order = _of_reference(about)
    if order is None or _heard(order, key):
        return
    if order.state == Order.State.CANCELLED:
        _return(order, attempt_id, amount_minor, now)
        return
    if order.state == Order.State.AWAITING and _due(order).minor <= 0:
        _place(order, SYSTEM, now)
    told = {"amount_minor": amount_minor, "means": "online", "key": key}
    writing.remember(order, "payment", told, SYSTEM, now)
    emit(
        PaymentRecorded(order_id=order.pk, ref=order.ref, hub_id=order.hub_id, amount_minor=amount_minor),
        by=SYSTEM,
        at=now,
    )


@transaction.atomic
def note_returned(*, about: str, amount_minor: int, key: str, now: datetime) -> int | None:
    """Note in an order's history, once per `key`, that money went back online; return its id, if there is one."""
    order = _of_reference(about)
    if order is None:
        return None
    if not _heard(order, key):
        told = {"amount_minor": amount_minor, "means": "online", "key": key}
        writing.remember(order, "refund", told, SYSTEM, now)
    return order.pk


@transaction.atomic
def refund_online(*, order_id: int, amount: Money, key: str, actor: Actor, now: datetime, note: str = "") -> None:
    """Give back part or all of what was paid online for an order, the way it came; the worker carries it out.

    The same key twice is one refund. For those with RECORD_PAYMENTS. Raises Forbidden, NotFound, AmountMissing,
    OtherCurrency, NotPaidOnline, RefundTooLarge.
    """
    order = _locked(order_id)
    actor.require(Right.RECORD_PAYMENTS, on=order.hub_id)
    if amount.currency != order.currency:
        raise OtherCurrency(given=amount.currency, owed=order.currency)
    if amount.minor <= 0:
        raise rules.AmountMissing
    rows, key = attempts_about(_about(order)), sha256(key.encode()).hexdigest()[:24]
    if any(row.key.startswith(f"{key}:") for row in rows):
        return
    charges = [row for row in rows if row.kind == CHARGE and row.state == SUCCEEDED]
    if not charges:
        raise rules.NotPaidOnline
    left = sum(row.left.minor for row in charges)
    if amount.minor > left:
        raise rules.RefundTooLarge(most=Money(left, order.currency))
    _spread(charges, amount.minor, key, note, actor, now)


def lapse_unpaid(*, now: datetime) -> int:
    """Let go of orders whose time to pay is over; return how many. The bank is asked first: who paid has the order.

    Where it does not answer, the goods stay held until it does.
    """
    rows = Order.objects.filter(state=Order.State.AWAITING, pay_by__lte=now).order_by("id")
    gone = 0
    for order in rows:
        try:
            if not _stop_all(order, now):
                continue
        except Refused:
            log.warning("an unpaid order is held on: the provider does not answer", extra={"order": order.ref})
            continue
        gone += _lapse(order.pk, now)
    return gone


def settle_orphans(*, now: datetime) -> int:
    """Bring orders and what was paid online for them together again, whatever was lost between; return how many.

    An order that is paid but still waits stands; what came in for a cancelled one goes back.
    """
    settled = 0
    for order in Order.objects.filter(state=Order.State.AWAITING).order_by("id"):
        paid = [row for row in attempts_about(_about(order)) if row.kind == CHARGE and row.state == SUCCEEDED]
        if paid:
            settled += _complete(order.pk, now)
    gone = Order.objects.filter(state=Order.State.CANCELLED).annotate(about=Concat(Value("order:"), "ref"))
    for attempt_id, about, minor in payments.charges_to_check(abouts=gone.values("about"), since=now - LOOKS_BACK):
        settled += _check(attempt_id, about, minor, now)
    return settled


def stop_abandoned(*, now: datetime) -> int:
    """Stop payments still under way for orders that are cancelled; return how many. Who paid meanwhile gets it back."""
    stopped = 0
    for attempt_id, about in payments.charges_under_way():
        order = Order.objects.filter(ref=about.removeprefix("order:"), state=Order.State.CANCELLED).first()
        if order is None:
            continue
        try:
            payments.stop_charge(attempt_id=attempt_id, now=now)
            stopped += 1
        except ProviderUnreachable:
            continue
    return stopped


def _stop_all(order: Order, now: datetime) -> bool:
    """Stop every payment under way; return whether none of them came through. Raises ProviderUnreachable."""
    rows = [row for row in attempts_about(_about(order)) if row.kind == CHARGE]
    states = [payments.stop_charge(attempt_id=row.id, now=now) if row.is_under_way else row.state for row in rows]
    return all(state == ENDED for state in states)


@transaction.atomic
def _lapse(order_id: int, now: datetime) -> int:
    order = _locked(order_id)
    may_be_paid = any(row.kind == CHARGE and row.state != ENDED for row in attempts_about(_about(order)))
    if order.state != Order.State.AWAITING or order.pay_by is None or order.pay_by > now or may_be_paid:
        return 0
    lapse(order, actor=SYSTEM, now=now)
    return 1


@transaction.atomic
def _complete(order_id: int, now: datetime) -> int:
    order = _locked(order_id)
    if order.state != Order.State.AWAITING or _due(order).minor > 0:
        return 0
    _place(order, SYSTEM, now)
    return 1


@transaction.atomic
def _check(attempt_id: int, about: str, minor: int, now: datetime) -> int:
    """Give back what came in for an order after it was cancelled."""
    order = _of_reference(about)
    if order is None or order.state != Order.State.CANCELLED:
        return 0
    return _return(order, attempt_id, minor, now)


def _place(order: Order, actor: Actor, now: datetime) -> None:
    """Let a locked order that waited stand, in the caller's transaction."""
    order.state, order.pay_by = Order.State.PLACED, None
    order.save(update_fields=["state", "pay_by", "payment_method_id"])
    emit(OrderPlaced(order_id=order.pk, ref=order.ref, hub_id=order.hub_id, cycle_id=order.cycle_id), by=actor, at=now)


def _return(order: Order, attempt_id: int, minor: int, now: datetime) -> int:
    """Give back what arrived after its order was cancelled: once, by the attempt's own key; return how many."""
    attempt = next((row for row in attempts_about(_about(order)) if row.id == attempt_id), None)
    arrived_after = attempt and attempt.settled_at and order.cancelled_at and attempt.settled_at >= order.cancelled_at
    if attempt is None or not arrived_after or not attempt.left:
        return 0
    payments.refund_charge(
        attempt_id=attempt_id,
        amount=Money(minor, order.currency),
        key=f"orphan:{attempt.key}"[:40],
        actor=SYSTEM,
        now=now,
    )
    payments.note_refunded(attempt_id=attempt_id, said=f"order {order.ref} was cancelled", now=now)
    return 1


def _spread(charges: list[AttemptRow], minor: int, key: str, note: str, actor: Actor, now: datetime) -> None:
    """Take a refund from the charges in turn, newest first."""
    for row in reversed(charges):
        part = min(minor, row.left.minor)
        if part:
            payments.refund_charge(
                attempt_id=row.id, amount=Money(part, row.amount.currency), key=f"{key}:{row.id}", note=note,
                actor=actor, now=now,
            )  # fmt: skip
        minor -= part


def _heard(order: Order, key: str) -> bool:
    return OrderChange.objects.filter(order=order, details__key=key).exists()


def _theirs(order_id: int, actor: Actor, token: str) -> Order:
    order = Order.objects.filter(id=order_id).first()
    if order is None:
        raise NotFound
    if not actor.may(Right.MANAGE_ORDERS, on=order.hub_id):
        check_theirs(order, actor, token)
    return order


def _locked(order_id: int) -> Order:
    order = locks.lock_row(Order.objects.all(), order_id)
    if order is None:
        raise NotFound
    return order


def _of_reference(about: str) -> Order | None:
    kind, _, ref = about.partition(":")
    found = Order.objects.filter(ref=ref).values_list("id", flat=True).first() if kind == "order" else None
    return _locked(found) if found is not None else None


def _about(order: Order) -> str:
    return f"order:{order.ref}"


def _due(order: Order) -> Money:
    about = _about(order)
    return Money(due_by_reference(kind="customer", abouts=[about]).get(about, 0), order.currency)
