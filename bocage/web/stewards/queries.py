"""What stewards see across apps before they forget a person."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from bocage.orders.models import Order


@dataclass(frozen=True, slots=True)
class OrdersOf:
    """How many orders a person placed, and how many of them are still to be handed over."""

    placed: int
    to_come: int


def orders_of(*, customer_ids: Collection[int], now: datetime) -> OrdersOf:
    """Return how many orders rest on these customers, in one query."""
    coming = Q(hand_over_to__gte=now) & ~Q(state=Order.State.CANCELLED)
    rows = Order.objects.filter(customer_id__in=list(customer_ids))
    return OrdersOf(**rows.aggregate(placed=Count("id"), to_come=Count("id", filter=coming)))
