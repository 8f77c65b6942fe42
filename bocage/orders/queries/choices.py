"""The ways to hand over and to pay that a hub offers in a cycle."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localtime

from bocage.infra.statements import Statement
from bocage.network.models import Enterprise
from bocage.order_cycles.models import HandOver, OfferedPayment
from bocage.orders.rules import delivers_to
from bocage.payments.models import PaymentMethod, ProviderAccount
from bocage.payments.providers import ready
from bocage.pricing.queries import RateRow, tax_rates
from bocage.pricing.rules import AMOUNTS, NO_TAX, Calculator, Fee, Tax
from bocage.pricing.vat import Handed, Place
from bocage.shops.rules.tagging import Kind, Sight, read_tags


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
    tags: tuple[str, ...] = ()
    country: str = "FR"

    def handed(self, postcode: str) -> Handed:
        """Return where and when goods change hands: at the pickup point, or at `postcode` in the hub's country."""
        place = Place(self.country, self.postcode if self.is_pickup else postcode)
        return Handed(place, localtime(self.starts_at).date())

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
    tags: tuple[str, ...] = ()
    fee: Fee | None = None


def delivery_choices(*, cycle_id: int, hub_id: int, method_id: int | None = None) -> list[DeliveryChoice]:
    """Return how orders of a cycle are handed over at a hub, in the hub's order, in one query; or only `method_id`."""
    place = {"cycle_id": cycle_id, "hub_id": hub_id}
    rows = _deliveries.rows(**place) if method_id is None else _delivery.rows(**place, method_id=method_id)
    return [_choice(row) for row in rows]


def payment_choices(*, cycle_id: int, hub_id: int, method_id: int | None = None) -> list[PaymentChoice]:
    """Return the ways to pay a hub in a cycle, in the hub's order, in one query; or only `method_id`.

    All that the hub has, unless it chose some of them for the cycle; paying online only while the hub's account with a
    provider can take money.
    """
    rows = _payments.rows(cycle_id=cycle_id, hub_id=hub_id, providers=ready() or [""])
    return [
        PaymentChoice(pk, kind, name, instructions, read_tags(tags), _charge(hub_id, name, *charged))
        for pk, kind, name, instructions, tags, *charged in rows
        if method_id in (None, pk)
    ]


def rates_to_choose(*, hub_id: int) -> list[RateRow]:
    """Return the rates of VAT that a hub may charge, lowest first, in two queries; none where it is not liable."""
    country, is_liable = Enterprise.objects.values_list("country", "is_vat_liable").get(id=hub_id)
    return tax_rates(country=country) if is_liable else []


@dataclass(frozen=True, slots=True)
class Ways:
    """The tags of each way to hand over and to pay that a sale has."""

    deliveries: tuple[tuple[str, ...], ...]
    payments: tuple[tuple[str, ...], ...]

    def is_left(self, sight: Sight) -> bool:
        """Return whether somebody can get an order and pay it, by what they see."""
        return any(sight.shows(Kind.DELIVERY, tags) for tags in self.deliveries) and any(
            sight.shows(Kind.PAYMENT, tags) for tags in self.payments
        )


def ways(*, cycle_ids: list[int], hub_id: int) -> dict[int, Ways]:
    """Return by cycle how a hub hands over and is paid there, in three queries."""
    deliveries, chosen = defaultdict(list), defaultdict(set)
    for cycle_id, tags in _delivery_tags.rows(cycle_ids=cycle_ids, hub_id=hub_id):
        deliveries[cycle_id].append(read_tags(tags))
    for cycle_id, method_id in _chosen.rows(cycle_ids=cycle_ids, hub_id=hub_id):
        chosen[cycle_id].add(method_id)
    payments = [(pk, read_tags(tags)) for pk, tags in _payment_tags.rows(hub_id=hub_id)]
    return {
        cycle_id: Ways(
            tuple(deliveries[cycle_id]),
            tuple(tags for pk, tags in payments if not chosen[cycle_id] or pk in chosen[cycle_id]),
        )
        for cycle_id in cycle_ids
    }


@Statement
def _payments(*, cycle_id: int, hub_id: int, providers: list[str]) -> QuerySet[PaymentMethod, tuple]:
    chosen = OfferedPayment.objects.filter(
        exchange__cycle_id=cycle_id, exchange__direction="outgoing", exchange__enterprise_id=hub_id
    )
    chosen = chosen.filter(method__ended_at__isnull=True)
    is_offered = ~Exists(chosen) | Exists(chosen.filter(method_id=OuterRef("pk")))
    accounts = ProviderAccount.objects.filter(
        hub_id=OuterRef("hub_id"), ended_at__isnull=True, can_charge=True, provider__in=providers
    )
    can_be_paid = ~Q(kind=PaymentMethod.Kind.CARD) | Exists(accounts)
    rows = PaymentMethod.objects.filter(is_offered, can_be_paid, hub_id=hub_id, ended_at__isnull=True)
    rows = rows.order_by("position", "id")
    return rows.values_list(
        "id", "kind", "name", "instructions", "tags", "charge_minor", "charge_millionths", "hub__is_vat_liable",
        "charge_tax__rate_millionths", "charge_tax__is_included", "charge_tax_id",
    )  # fmt: skip


@Statement
def _chosen(*, cycle_ids: list[int], hub_id: int) -> QuerySet[OfferedPayment, tuple[int, int]]:
    rows = OfferedPayment.objects.filter(
        exchange__cycle_id__in=cycle_ids, exchange__direction="outgoing", exchange__enterprise_id=hub_id
    )
    return rows.filter(method__ended_at__isnull=True).order_by("id").values_list("exchange__cycle_id", "method_id")


@Statement
def _payment_tags(*, hub_id: int) -> QuerySet[PaymentMethod, tuple[int, str]]:
    return PaymentMethod.objects.filter(hub_id=hub_id, ended_at__isnull=True).order_by("id").values_list("id", "tags")


@Statement
def _delivery_tags(*, cycle_ids: list[int], hub_id: int) -> QuerySet[HandOver, tuple[int, str]]:
    rows = HandOver.objects.filter(
        exchange__cycle_id__in=cycle_ids,
        exchange__enterprise_id=hub_id,
        exchange__direction="outgoing",
        method__hub_id=hub_id,
        method__ended_at__isnull=True,
    )
    return rows.order_by("id").values_list("exchange__cycle_id", "method__tags")


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
        "method__tax_rate_id", "method__hub__country", "method__hub_id", "method__tags",
        "method__calculator", *(f"method__{name}" for name in AMOUNTS),
    )  # fmt: skip


def _charge(
    hub_id: int, name: str, minor: int, part: int, is_liable: bool, rate: int | None, is_included: bool, rate_id: int | None
) -> Fee | None:  # fmt: skip
    """What paying this way costs: once per order, or a part of the goods; nothing for most ways."""
    if not minor and not part:
        return None
    return Fee(
        name=name,
        calculator=Calculator.PERCENT if part else Calculator.FLAT,
        payee_id=hub_id,
        kind="payment",
        place="payment",
        percent_millionths=part,
        amount_minor=minor,
        tax=Tax(rate, is_included, category_id=rate_id) if is_liable and rate is not None else NO_TAX,
    )


def _choice(row: tuple) -> DeliveryChoice:
    (pk, kind, name, description, street, postcode, town, directions, postcodes, starts_at, ends_at,
     is_liable, millionths, is_included, rate_id, country, hub_id, tags, calculator, *amounts) = row  # fmt: skip
    fee = Fee(
        name=name,
        calculator=Calculator(calculator),
        payee_id=hub_id,
        kind="delivery",
        place="delivery",
        tax=Tax(millionths, is_included, category_id=rate_id) if is_liable and millionths is not None else NO_TAX,
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
        country=country,
        tags=read_tags(tags),
    )
