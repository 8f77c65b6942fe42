"""Build the demo town: the same seed gives the same town, its dates counted from today."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from django.db import transaction
from django.db.models import F

from bocage.fulfilment import actions as fulfilment
from bocage.fulfilment.queries import supplier_orders
from bocage.infra.models import Delivery, Event
from bocage.network.models import Instance
from bocage.network.rules import SYSTEM
from bocage.order_cycles.actions import tell_due
from bocage.web.town import (
    accounts,
    crediting,
    deciding,
    giving,
    ordering,
    papers,
    places,
    reserving,
    selling,
    settling,
    sharing,
    shelving,
)
from bocage.web.town.data import Town
from bocage.web.town.load import town

FOUNDED = timedelta(days=120)
FRESH_ORDERS = 6  # so many confirmations are still to be mailed when the town wakes up


def is_built() -> bool:
    """Return whether the demo town stands in this database."""
    return Instance.objects.filter(slug=town().platform.slug).exists()


@transaction.atomic
def build(*, now: datetime, seed: int = 1, data: Town | None = None) -> None:
    """Build a town, by default that of the data files, into an empty database, as one transaction.

    References of orders are drawn by the orders themselves; all the rest follows from `seed` and `now`.
    """
    data, rng = data or town(), Random(seed)
    founded = now - FOUNDED
    ground = places.settle(data, at=founded)
    goods = shelving.fill(data, ground, at=founded)
    sales = selling.plan(data, ground, goods, now=now)
    ordering.fill(data, ground, sales, rng=rng, now=now)
    papers.issue(ground, sales)
    crediting.give(now=now)
    shelving.count(goods)
    reserving.reserve(data, ground, goods, now=now)
    shelving.resell(ground, goods, now=now)
    accounts.keep(ground, rng=Random(seed), now=now)
    sharing.join(ground, now=now)
    deciding.decide(ground.instance, now=now, rng=Random(seed))
    giving.give(ground, rng=Random(seed), now=now)
    settling.settle(ground, sales, now=now)
    tell_due(now=now)
    _tell_farms(sales, now=now)
    _leave_the_past_in_peace()


def _tell_farms(sales: list[selling.Planned], *, now: datetime) -> None:
    """Let farms know what to bring to what has closed; two of three said yes the next morning."""
    for sale in sales:
        if sale.closes_at > now:
            continue
        fulfilment.renew(cycle_id=sale.cycle_id, now=sale.closes_at)
        fulfilment.tell_due(now=sale.closes_at)
        told = supplier_orders(hub_id=sale.hub_id, cycle_id=sale.cycle_id, actor=SYSTEM)
        for number, row in enumerate(told):
            if number % 3 and row.number:
                at = min(sale.closes_at + timedelta(hours=11, minutes=7 * number), now)
                fulfilment.confirm(order_id=row.order_id, number=row.number, by=row.farm, now=at)


def _leave_the_past_in_peace() -> None:
    """Mark what the past events had to tell as told: nobody wants the mails of three months at once."""
    fresh = Event.objects.filter(kind="orders.OrderPlaced").order_by("-at", "-id").values_list("id", flat=True)
    old = Delivery.objects.filter(delivered_at__isnull=True).exclude(event_id__in=list(fresh[:FRESH_ORDERS]))
    old.update(delivered_at=F("due_at"), attempts=1)
