"""Takes an order back, and takes it up again."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.db import transaction

from bocage.commons.refusals import NotFound
from bocage.infra import locks
from bocage.infra.outbox import emit
from bocage.network.rules import SYSTEM, Actor, Right
from bocage.orders import rules
from bocage.orders.actions import storing, telling, writing
from bocage.orders.actions.accounts import undo_credits
from bocage.orders.actions.amending import Held, open_for_change, post_change
from bocage.orders.events import OrderCancelled, OrderLapsed, OrderResumed
from bocage.orders.models import Order
from bocage.shops.actions import vouchers
from bocage.stock import actions as stock


@transaction.atomic
def cancel_order(
    *, order_id: int, actor: Actor, now: datetime, token: str = "", to_stock: bool = True, is_told: bool = True
) -> None:
    """Cancel an order: its goods go back to where they came from and nothing is owed for it any more.

    What was paid stays on the customer's account until the hub gives it back; credit and gift vouchers that paid it have
    it back at once, its voucher can be used again. to_stock: whether the goods are for sale again, or never came;
    is_told: whether the customer gets a mail. By the hub at any time; by the customer, where the hub allows it, until
    the cycle closes. Raises NotFound, ChangesNotAllowed, AlreadyCancelled. Emits OrderCancelled, or OrderLapsed for one
    that still awaited its payment.
    """
    order = open_for_change(order_id, actor, now, token)
    if order.state == Order.State.AWAITING:
        lapse(order, actor=actor, now=now)
        return
    take_back(order, actor=actor, now=now, to_stock=to_stock)
    told = {"amount_minor": order.total_minor, **writing.how(to_stock=to_stock, is_told=is_told)}
    writing.remember(order, "cancelled", told, actor, now)
    by_customer = not actor.may(Right.MANAGE_ORDERS, on=order.hub_id)
    fact = OrderCancelled(
        order_id=order.pk, ref=order.ref, hub_id=order.hub_id, by_customer=by_customer, is_told=is_told or by_customer
    )
    emit(fact, by=actor, at=now)


def take_back(order: Order, *, actor: Actor, now: datetime, to_stock: bool = True) -> None:
    """Undo a locked order in stock and books, in the caller's transaction, who says why."""
    held = Held.read(order)
    if to_stock:
        stock.give_back(returned=_pools(held), cause=writing.cause("cancellation", order.ref, actor, now))
    vouchers.give_back(about=f"order:{order.ref}", at=now)
    reversed_ = {key: -amount for key, amount in held.postings(order).items()}
    post_change(order, what="cancellation", postings=reversed_, actor=actor, now=now)
    undo_credits(order, actor=actor, now=now)
    storing.undo(order, actor=actor, now=now)
    order.state, order.cancelled_at, order.pay_by = Order.State.CANCELLED, now, None
    order.save(update_fields=["state", "cancelled_at", "pay_by"])
    telling.forget(order)  # the mail of the cancellation says all there is


def lapse(order: Order, *, actor: Actor, now: datetime) -> None:
    """Let go of a locked order that nobody paid, in the caller's transaction. Emits OrderLapsed."""
    take_back(order, actor=actor, now=now)
    writing.remember(order, "lapsed", {"amount_minor": order.total_minor}, actor, now)
    by_customer = actor.label != SYSTEM.label
    emit(OrderLapsed(order_id=order.pk, ref=order.ref, hub_id=order.hub_id, by_customer=by_customer), by=actor, at=now)


@transaction.atomic
def resume_order(*, order_id: int, actor: Actor, now: datetime) -> None:
    """Take a cancelled order up again as it was, if its goods are still there. For the hub (MANAGE_ORDERS).

    Raises Forbidden, NotFound, NotCancelled, NotEnoughStock, VoucherUsedUp, VoucherUsedByThem. Emits OrderResumed.
    """
    order = locks.lock_row(Order.objects.all(), order_id)
    if order is None:
        raise NotFound()
    actor.require(Right.MANAGE_ORDERS, on=order.hub_id)
    if order.state != Order.State.CANCELLED:
        raise rules.NotCancelled()
    held = Held.read(order)
    names = {vid: line.product_name for vid, line in held.lines.items()}
    stock.take_from(pools=_pools(held), names=names, cause=writing.cause("resumption", order.ref, actor, now))
    vouchers.use_again(about=f"order:{order.ref}")
    post_change(order, what="resumption", postings=held.postings(order), actor=actor, now=now)
    order.state, order.cancelled_at = Order.State.PLACED, None
    order.save(update_fields=["state", "cancelled_at"])
    writing.remember(order, "resumed", {"amount_minor": order.total_minor}, actor, now)
    emit(OrderResumed(order_id=order.pk, ref=order.ref, hub_id=order.hub_id), by=actor, at=now)


def _pools(held: Held) -> dict[int, int]:
    pools: Counter[int] = Counter()
    for line in held.lines.values():
        if line.stock_item_id:
            pools[line.stock_item_id] += line.quantity
    return dict(pools)
