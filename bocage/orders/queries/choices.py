"""The ways to hand over and to pay that a hub offers in a cycle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bocage.network.models import Enterprise
from bocage.order_cycles.models import HandOver
from bocage.orders.rules import delivers_to
from bocage.payments.models import PaymentMethod
from bocage.pricing.rules import NO_TAX, Calculator, Fee, Tax
from bocage.shops.models import DeliveryMethod


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
    rows = HandOver.objects.filter(
        exchange__cycle_id=cycle_id,
        exchange__enterprise_id=hub_id,
        exchange__direction="outgoing",
        method__hub_id=hub_id,
        method__ended_at__isnull=True,
    ).select_related("method", "method__point", "method__tax_rate", "method__hub")
    if method_id is not None:
        rows = rows.filter(method_id=method_id)
    return [_choice(row) for row in rows.order_by("method__position", "method_id")]


def payment_choices(*, hub_id: int, method_id: int | None = None) -> list[PaymentChoice]:
    """Return the ways to pay a hub, in its order, in one query; or only `method_id`."""
    rows = PaymentMethod.objects.filter(hub_id=hub_id, ended_at__isnull=True)
    if method_id is not None:
        rows = rows.filter(id=method_id)
    fields = rows.order_by("position", "id").values_list("id", "kind", "name", "instructions")
    return [PaymentChoice(*row) for row in fields]


def _choice(row: HandOver) -> DeliveryChoice:
    method, point = row.method, row.method.point
    return DeliveryChoice(
        id=method.pk,
        kind=method.kind,
        name=method.name,
        description=method.description,
        street=point.street if point else "",
        postcode=point.postcode if point else "",
        town=point.town if point else "",
        directions=point.directions if point else "",
        postcodes=method.postcodes,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        fee=_charge_of(method, method.hub),
    )


def _charge_of(method: DeliveryMethod, hub: Enterprise) -> Fee:
    rate = method.tax_rate
    return Fee(
        name=method.name,
        calculator=Calculator(method.calculator),
        payee_id=method.hub_id,
        kind="delivery",
        place="delivery",
        percent_millionths=method.percent_millionths,
        amount_minor=method.amount_minor,
        additional_minor=method.additional_minor,
        threshold_minor=method.threshold_minor,
        reduced_minor=method.reduced_minor,
        limit=method.limit,
        tax=Tax(rate.rate_millionths, rate.is_included) if rate and hub.is_vat_liable else NO_TAX,
    )
