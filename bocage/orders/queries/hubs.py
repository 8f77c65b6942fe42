"""What a hub's pages about orders stand on: what one may choose between, who is who in its books."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.network.models import Enterprise
from bocage.network.rules import Actor, Right
from bocage.orders.models import Order, OrderLine
from bocage.payments.models import GiftVoucher


@dataclass(frozen=True, slots=True)
class CycleChoice:
    id: int
    name: str
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    id: int
    name: str


def cycles_with_orders(
    *, hub_id: int, actor: Actor, limit: int = 24, more_hubs: Sequence[int] = ()
) -> list[CycleChoice]:
    """Return the sales in which this hub, and `more_hubs`, have orders, last to close first, in one query.

    Raises Forbidden.
    """
    rows = _orders(hub_id, more_hubs, actor).values_list("cycle_id", "cycle__name", "cycle__closes_at").distinct()
    return [CycleChoice(*row) for row in rows.order_by("-cycle__closes_at", "-cycle_id")[:limit]]


def places_with_orders(*, hub_id: int, actor: Actor, more_hubs: Sequence[int] = ()) -> list[PlaceChoice]:
    """Return the pickup points and deliveries that the hubs' orders name, in one query. Raises Forbidden."""
    rows = _orders(hub_id, more_hubs, actor).values_list("delivery_method_id", "delivery_method__name").distinct()
    return [PlaceChoice(*row) for row in rows.order_by("delivery_method__name", "delivery_method_id")]


def _orders(hub_id: int, more_hubs: Sequence[int], actor: Actor) -> QuerySet[Order]:
    for one in (hub_id, *more_hubs):
        actor.require(Right.SEE_ORDERS, on=one)
    return Order.objects.filter(hub_id__in=[hub_id, *more_hubs])


def order_id_at(*, hub_id: int, ref: str) -> int:
    """Return the id of a hub's order; one of another hub does not exist here. Raises NotFound."""
    found = Order.objects.filter(hub_id=hub_id, ref=ref).values_list("id", flat=True).first()
    if found is None:
        raise NotFound()
    return found


def enterprise_names(ids: Iterable[int]) -> dict[int, str]:
    """Return the names of enterprises by id, in one query."""
    return dict(Enterprise.objects.filter(id__in=set(ids)).values_list("id", "name"))


def bearers_of(*, hub_id: int, actor: Actor) -> list[tuple[int, str]]:
    """Return who may bear a credit, id and name: the hub first, then the farms whose goods it sold; two queries.

    Raises Forbidden.
    """
    actor.require(Right.SEE_ORDERS, on=hub_id)
    sold = OrderLine.objects.filter(order__hub_id=hub_id).values("producer_id")
    farms = Enterprise.objects.filter(id__in=sold).exclude(id=hub_id).order_by("name", "id")
    return [*Enterprise.objects.filter(id=hub_id).values_list("id", "name"), *farms.values_list("id", "name")]


def iban_of(hub_id: int) -> str:
    """Return the account that transfers to a hub go to; '' where it told none."""
    return Enterprise.objects.values_list("iban", flat=True).get(id=hub_id)


@dataclass(frozen=True, slots=True)
class Seller:
    """A hub as whoever buys a gift voucher of it sees it."""

    id: int
    slug: str
    name: str
    email: str
    iban: str
    currency: str


def seller_by(slug: str) -> Seller:
    """Return the hub that sells under an address, in one query. Raises NotFound."""
    rows = Enterprise.objects.filter(slug=slug, instance__isnull=False).exclude(sells="none")
    found = rows.values_list("id", "slug", "name", "email", "iban", "instance__currency").first()
    if found is None:
        raise NotFound()
    return Seller(*found)


@dataclass(frozen=True, slots=True)
class GiftMail:
    """What the mail with the code of a gift voucher says."""

    code: str
    amount: Money
    hub_id: int
    hub: str
    hub_slug: str
    hub_email: str
    buyer: str
    to_name: str
    to_email: str
    message: str
    language: str
    expires_at: datetime | None


def gift_mail(gift_id: int) -> GiftMail:
    """Return what to write about a gift voucher, to whom. Not asked on anybody's behalf: only subscribers call it."""
    row = GiftVoucher.objects.select_related("hub", "buyer").get(id=gift_id)
    return GiftMail(
        row.code, Money(row.amount_minor, row.currency), row.hub_id, row.hub.name, row.hub.slug, row.hub.email,
        row.buyer.name, row.to_name or row.buyer.name, row.to_email or row.buyer.email, row.message, row.language,
        row.expires_at,
    )  # fmt: skip
