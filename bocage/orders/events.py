"""What happened to an order, for those who want to react."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class OrderPlaced:
    order_id: int
    ref: str
    hub_id: int
    cycle_id: int


@dataclass(frozen=True)
class OrderChanged:
    order_id: int
    ref: str
    hub_id: int
    what: str


@dataclass(frozen=True)
class OrderCancelled:
    order_id: int
    ref: str
    hub_id: int
    by_customer: bool
    is_told: bool = True  # whether the customer gets a mail


@dataclass(frozen=True)
class OrderLapsed:
    """An order that awaited its payment was let go: nobody paid in time, or its customer gave it up."""

    order_id: int
    ref: str
    hub_id: int
    by_customer: bool


@dataclass(frozen=True)
class OrderResumed:
    order_id: int
    ref: str
    hub_id: int


@dataclass(frozen=True)
class PaymentRecorded:
    order_id: int
    ref: str
    hub_id: int
    amount_minor: int


@dataclass(frozen=True)
class ConfirmationWanted:
    """The hub sends the confirmation of an order once more."""

    order_id: int
    ref: str
    hub_id: int


@dataclass(frozen=True)
class CustomerToTell:
    """What changed of an order is to be told to its customer: all that they did not know yet, once."""

    order_id: int
    ref: str
    hub_id: int
    lines: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class GiftSold:
    """A gift voucher is paid: its code may be told."""

    gift_id: int
    hub_id: int
