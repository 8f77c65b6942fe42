"""Hubs with cycles, for tests."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bocage.catalogue.tests.make import (
    NOW,
    agreement,
    category,
    enterprise,
    farm,
    fee,
    hub,
    instance,
    manager,
    person,
    product,
    prop,
    rate,
    variant,
)
from bocage.network.models import Enterprise
from bocage.order_cycles.models import CycleFee, Exchange, ExchangeVariant, HandOver, OrderCycle
from bocage.shops.models import DeliveryMethod, PickupPoint

__all__ = [
    "NOW",
    "agreement",
    "category",
    "cycle",
    "cycle_fee",
    "enterprise",
    "exchange",
    "farm",
    "fee",
    "hand_over",
    "hub",
    "instance",
    "manager",
    "method",
    "person",
    "product",
    "prop",
    "rate",
    "variant",
]


def cycle(coordinator: Enterprise | None = None, **fields: Any) -> OrderCycle:
    opens_at: datetime = fields.setdefault("opens_at", NOW - timedelta(days=1))
    fields.setdefault("closes_at", opens_at + timedelta(days=3))
    return OrderCycle.objects.create(
        **{"coordinator": coordinator or hub(), "name": "Semaine 41", "created_at": NOW, **fields}
    )


def exchange(cycle: OrderCycle, partner: Enterprise, direction: str, variants: Any = (), **fields: Any) -> Exchange:
    made = Exchange.objects.create(cycle=cycle, enterprise=partner, direction=direction, **fields)
    ExchangeVariant.objects.bulk_create(ExchangeVariant(exchange=made, variant=v) for v in variants)
    return made


def cycle_fee(cycle: OrderCycle, fee: Any, exchange: Exchange | None = None) -> CycleFee:
    return CycleFee.objects.create(cycle=cycle, exchange=exchange, fee=fee)


def method(at: Enterprise, **fields: Any) -> DeliveryMethod:
    point = PickupPoint.objects.create(hub=at, name="La halle", town="Malvran")
    return DeliveryMethod.objects.create(
        **{"hub": at, "kind": "pickup", "point": point, "name": "À la halle", **fields}
    )


def hand_over(exchange: Exchange, method: DeliveryMethod, starts_at: datetime, hours: int = 2) -> HandOver:
    ends_at = starts_at + timedelta(hours=hours)
    return HandOver.objects.create(exchange=exchange, method=method, starts_at=starts_at, ends_at=ends_at)
