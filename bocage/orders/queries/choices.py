"""The ways to hand over and to pay that a hub offers in a cycle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from bocage.infra.statements import Statement
from bocage.order_cycles.models import HandOver
from bocage.orders.rules import delivers_to
from bocage.payments.models import PaymentMethod
from bocage.pricing.rules import AMOUNTS, NO_TAX, Calculator, Fee, Tax


@dataclass(frozen=True, slots=True)
class DeliveryChoice:
    """A pickup point or a delivery round of a cycle, with its hours and its charge."""

    id: int
    kind: str
    name: str
    description: str
    street: str
    postcode: str
    town: str
    directions: str
    postcodes: str
    starts_at: datetime
    ends_at: datetime
    fee: Fee

    @property
    def is_pickup(self) -> bool:
        return self.kind == "pickup"

    def reaches(self, postcode: str) -> bool:
        return self.is_pickup or delivers_to(self.postcodes, postcode)


@dataclass(frozen=True, slots=True)
class PaymentChoice:
    id: int
    kind: str
    name: str
    instructions: str


def delivery_choices(*, cycle_id: int, hub_id: int, method_id: int | None = None) -> list[DeliveryChoice]:
    """Return how orders of a cycle are handed over at a hub, in the hub's order, in one query; or only `method_id`."""
    place = {"cycle_id": cycle_id, "hub_id": hub_id}
    rows = _deliveries.rows(**place) if method_id is None else _delivery.rows(**place, method_id=method_id)
    return [_choice(row) for row in rows]


def payment_choices(*, hub_id: int, method_id: int | None = None) -> list[PaymentChoice]:
    """Return the ways to pay a hub, in its order, in one query; or only `method_id`."""
    rows = _payments.rows(hub_id=hub_id)
    return [PaymentChoice(*row) for row in rows if method_id in (None, row[0])]


@Statement
def _payments(*, hub_id: int) -> QuerySet[PaymentMethod, tuple]:
    rows = PaymentMethod.objects.filter(hub_id=hub_id, ended_at__isnull=True).order_by("position", "id")
    return rows.values_list("id", "kind", "name", "instructions")


@Statement
def _deliveries(*, cycle_id: int, hub_id: int) -> QuerySet[HandOver, tuple]:
    return _hand_overs(cycle_id, hub_id)


@Statement
def _delivery(*, cycle_id: int, hub_id: int, method_id: int) -> QuerySet[HandOver, tuple]:
    return _hand_overs(cycle_id, hub_id).filter(method_id=method_id)


def _hand_overs(cycle_id: int, hub_id: int) -> QuerySet[HandOver, tuple]:
    rows = HandOver.objects.filter(
        exchange__cycle_id=cycle_id,
        exchange__enterprise_id=hub_id,
        exchange__direction="outgoing",
        method__hub_id=hub_id,
        method__ended_at__isnull=True,
    )
    return rows.order_by("method__position", "method_id").values_list(
        "method_id", "method__kind", "method__name", "method__description", "method__point__street",
        "method__point__postcode", "method__point__town", "method__point__directions", "method__postcodes", "starts_at",
        "ends_at", "method__hub__is_vat_liable", "method__tax_rate__rate_millionths", "method__tax_rate__is_included",
        "method__hub_id", "method__calculator", *(f"method__{name}" for name in AMOUNTS),
    )  # fmt: skip


def _choice(row: tuple) -> DeliveryChoice:
    (pk, kind, name, description, street, postcode, town, directions, postcodes, starts_at, ends_at,
     is_liable, millionths, is_included, hub_id, calculator, *amounts) = row  # fmt: skip
    fee = Fee(
        name=name,
        calculator=Calculator(calculator),
        payee_id=hub_id,
        kind="delivery",
        place="delivery",
        tax=Tax(millionths, is_included) if is_liable and millionths is not None else NO_TAX,
        **dict(zip(AMOUNTS, amounts, strict=True)),
    )
    return DeliveryChoice(
        id=pk,
        kind=kind,
        name=name,
        description=description,
        street=street or "",
        postcode=postcode or "",
        town=town or "",
        directions=directions or "",
        postcodes=postcodes,
        starts_at=starts_at,
        ends_at=ends_at,
        fee=fee,
    )
