"""What a change of an order would come to, before anybody makes it: read off the same computation as the change."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from datetime import datetime

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.network.rules import Actor, Right
from bocage.orders.actions.amending import Held
from bocage.orders.actions.terms import Repriced, rates_of
from bocage.orders.models import Order
from bocage.orders.queries.choices import DeliveryChoice, delivery_choices
from bocage.orders.rules import Delivered, make_quote


@dataclass(frozen=True, slots=True)
class Way:
    """A way to hand an order over, and what the order comes to by it; `is_own`: it is handed over so now."""

    choice: DeliveryChoice
    total: Money
    is_own: bool

    @property
    def id(self) -> int:
        return self.choice.id

    @property
    def name(self) -> str:
        return self.choice.name


def ways_to_hand_over(*, order_id: int, address: Delivered, actor: Actor, now: datetime) -> list[Way]:
    """Return how an order can be handed over in its sale, and what it comes to by each, brought to `address` if it is.

    Five queries. Raises NotFound, Forbidden without MANAGE_ORDERS.
    """
    order = Order.objects.select_related("hub").filter(id=order_id).first()
    if order is None:
        raise NotFound()
    actor.require(Right.MANAGE_ORDERS, on=order.hub_id)
    held, rates = Held.read(order), rates_of(order, now)
    found = []
    for choice in delivery_choices(cycle_id=order.cycle_id, hub_id=order.hub_id):
        there = Repriced.by(copy(order), held, choice, address, rates)
        quote = make_quote(there.items, there.fees, voucher=held.quote.voucher, currency=order.currency)
        found.append(Way(choice, quote.total, choice.id == order.delivery_method_id))
    return found
