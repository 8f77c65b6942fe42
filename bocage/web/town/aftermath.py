"""What becomes of orders: changed, cancelled, resumed, weighed, packed, paid in full or in part, given back, fetched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bocage.commons.money import Money
from bocage.fulfilment.actions import hand_over, pack_order
from bocage.network.rules import Actor
from bocage.orders import actions
from bocage.orders.models import Order, OrderLine
from bocage.web.town.selling import Planned

PACKING_LASTS = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Ordered:
    """An order as it was placed, by whom, whether it will be paid by transfer, or was paid online."""

    order_id: int
    token: str
    actor: Actor
    at: datetime
    by_transfer: bool
    online: bool = False


def play(sale: Planned, placed: list[Ordered], *, manager: Actor, rng: Random, now: datetime) -> None:
    """Let a sale's orders go the way of its mood: `open` ones hardly moved, `packing` half packed, `done` all over."""
    for number, one in enumerate(placed):
        fate = rng.random()
        last = min(sale.closes_at, now)
        if fate < 0.05:
            _cancel(one, manager, rng, last)
            continue
        if fate < 0.07:
            _resume(one, manager, rng, last)
        elif fate < 0.11:
            _change(one, _between(one.at, last, rng), rng)
        if sale.sale.mood == "open":
            if one.by_transfer and rng.random() < 0.5:
                _transfer(one, manager, _between(one.at, now, rng))
        else:
            _prepare(sale, one, number, len(placed), manager=manager, rng=rng, now=now)


def _prepare(sale: Planned, one: Ordered, number: int, of: int, *, manager: Actor, rng: Random, now: datetime) -> None:
    """Transfer, weigh, pack, hand over, pay: as far as the sale has come by now."""
    order = Order.objects.get(id=one.order_id)
    if order.hand_over_from is None or order.hand_over_to is None:
        raise ValueError(f"order {order.ref} has no hour to be fetched at")
    if one.by_transfer and rng.random() < 0.9:
        _transfer(one, manager, _between(one.at, min(sale.closes_at + timedelta(days=1), now), rng))
    if sale.sale.mood == "packing" and number >= of * 0.45:
        return
    packed_at = min(order.hand_over_from - PACKING_LASTS * (1 - number / of), now)
    _weigh(one, manager, packed_at, rng)
    pack_order(order_id=one.order_id, actor=manager, now=packed_at)
    if sale.sale.mood == "packing" and (number >= of * 0.1 or now < order.hand_over_from):
        return
    if rng.random() < 0.02:
        return  # never fetched
    fetched_at = min(_between(order.hand_over_from, order.hand_over_to, rng), now)
    hand_over(order_id=one.order_id, actor=manager, now=fetched_at)
    _settle(one, manager, fetched_at, rng)


def _between(start: datetime, end: datetime, rng: Random) -> datetime:
    return start + timedelta(seconds=int(max((end - start).total_seconds(), 0) * rng.uniform(0.02, 0.9)))


def _cancel(one: Ordered, manager: Actor, rng: Random, last: datetime) -> datetime:
    """Cancel an order; a transfer that came before is given back. Return when it was over."""
    at = _between(one.at, last, rng)
    if not one.by_transfer:
        actions.cancel_order(order_id=one.order_id, actor=one.actor, now=at, token=one.token)
        return at
    paid = _transfer(one, manager, at)
    at = _between(at, last, rng)
    actions.cancel_order(order_id=one.order_id, actor=one.actor, now=at, token=one.token)
    at = _between(at, last, rng)
    _refund(one, paid, "transfer", "Commande annulée", manager, at)
    return at


def _resume(one: Ordered, manager: Actor, rng: Random, last: datetime) -> None:
    """Cancel, think again, and ask the hub to take it up."""
    at = _between(one.at, last, rng)
    actions.cancel_order(order_id=one.order_id, actor=one.actor, now=at, token=one.token)
    actions.resume_order(order_id=one.order_id, actor=manager, now=_between(at, last, rng))


def _change(one: Ordered, at: datetime, rng: Random) -> None:
    """One more of something, or one thing less."""
    lines = list(OrderLine.objects.filter(order_id=one.order_id).order_by("id"))
    line = rng.choice(lines)
    quantity = 0 if len(lines) > 1 and rng.random() < 0.4 else line.quantity + 1
    actions.change_quantities(
        order_id=one.order_id, quantities={line.variant_id: quantity}, actor=one.actor, now=at, token=one.token
    )


def _weigh(one: Ordered, manager: Actor, at: datetime, rng: Random) -> None:
    lines = OrderLine.objects.filter(order_id=one.order_id, is_weighed=True).order_by("id")
    weights = {line.pk: round(line.size * line.quantity * rng.uniform(0.92, 1.09) / 5) * 5 for line in lines}
    if weights:
        actions.set_final_weights(order_id=one.order_id, weights=weights, actor=manager, now=at)


def _transfer(one: Ordered, manager: Actor, at: datetime) -> int:
    total: int = Order.objects.values_list("total_minor", flat=True).get(id=one.order_id)
    _pay(one, total, "transfer", "transfer", manager, at)
    return total


def _settle(one: Ordered, manager: Actor, at: datetime, rng: Random) -> None:
    """Pay what is left at the hand-over; a few pay in part or later, a few get something back."""
    order = Order.objects.get(id=one.order_id)
    means = rng.choices(("card", "cash", "cheque"), (5, 3, 2))[0]
    luck = rng.random()
    if one.by_transfer or one.online or luck < 0.04:
        return  # what the scales changed stays on the customer's account
    if luck < 0.1:
        _pay(one, max(order.total_minor // 2 // 500 * 500, 500), "part", means, manager, at)
        return
    _pay(one, order.total_minor, "counter", means, manager, at)
    if luck > 0.9:
        spoilt = OrderLine.objects.filter(order_id=one.order_id).order_by("total_minor", "id")[0]
        _refund(one, spoilt.total_minor, means, f"Abîmé : {spoilt.product_name}", manager, at)


def _refund(one: Ordered, minor: int, means: str, note: str, manager: Actor, at: datetime) -> None:
    actions.refund(
        order_id=one.order_id,
        amount=Money(minor, "EUR"),
        means=means,
        key=f"town:{one.order_id}:refund",
        actor=manager,
        now=at,
        note=note,
    )


def _pay(one: Ordered, minor: int, key: str, means: str, manager: Actor, at: datetime) -> None:
    actions.record_payment(
        order_id=one.order_id,
        amount=Money(minor, "EUR"),
        means=means,
        key=f"town:{one.order_id}:{key}",
        actor=manager,
        now=at,
    )
