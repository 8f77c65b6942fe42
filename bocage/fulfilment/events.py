"""Facts of the barn that others may react to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class OrderPacked:
    order_id: int
    hub_id: int
    ref: str


@dataclass(frozen=True)
class OrderHandedOver:
    order_id: int
    hub_id: int
    ref: str


@dataclass(frozen=True)
class HandOverUndone:
    order_id: int
    hub_id: int
    ref: str
