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


@dataclass(frozen=True)
class SupplierOrderTold:
    """A version of what a farm brings is final: the farm is to be written to."""

    order_id: int
    number: int
    producer_id: int


@dataclass(frozen=True)
class SupplierOrderConfirmed:
    """A farm said that it brings what a version says."""

    order_id: int
    number: int
