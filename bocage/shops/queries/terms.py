"""A hub's terms, as those who set them see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Q, Subquery

from bocage.catalogue.models import Variant
from bocage.catalogue.queries.rights import running
from bocage.commons.measures import Exact
from bocage.commons.refusals import NotFound
from bocage.network.rules import Actor, Right
from bocage.shops.models import DeliveryMethod, Listing, PickupPoint, Shop
from bocage.shops.queries.tagging import goods_tags_of
from bocage.shops.rules import MethodDetails, PointDetails, ShopTerms


@dataclass(frozen=True, slots=True)
class PointRow:
    """A running pickup point."""

    id: int
    hub_id: int
    details: PointDetails


@dataclass(frozen=True, slots=True)
class MethodRow:
    """A running way to get orders; `point` is the name of its pickup point, if any."""

    id: int
    hub_id: int
    details: MethodDetails
    point: str
    town: str


@dataclass(frozen=True, slots=True)
class ListingRow:
    """A variant that a hub may sell, the producer's price, and what the hub decided (None: as the producer)."""

    variant_id: int
    product_id: int
    product: str
    variant: str
    unit: str
    size: Exact
    pack: str
    measure: str
    is_weighed: bool
    producer: str
    producer_price_minor: int
    price_minor: int | None
    is_hidden: bool
    tags: tuple[str, ...] = ()


def shop_terms(*, hub_id: int, actor: Actor) -> ShopTerms:
    """Return a shop's terms, or those every shop starts with, in one SQL query. Raises Forbidden."""
    actor.require(Right.MANAGE_ENTERPRISE, on=hub_id)
    shop = Shop.objects.filter(hub_id=hub_id).first()
    return ShopTerms(**{name: getattr(shop, name) for name in ShopTerms.__dataclass_fields__}) if shop else ShopTerms()


def pickup_points(*, hub_id: int, actor: Actor) -> list[PointRow]:
    """Return a hub's running pickup points by name, in one SQL query. Raises Forbidden."""
    actor.require(Right.MANAGE_CYCLES, on=hub_id)
    return [
        _point(row) for row in PickupPoint.objects.filter(hub_id=hub_id, ended_at__isnull=True).order_by("name", "id")
    ]


def pickup_point(*, point_id: int, actor: Actor) -> PointRow:
    """Return one running pickup point to edit. Raises NotFound, Forbidden."""
    row = PickupPoint.objects.filter(id=point_id, ended_at__isnull=True).first()
    if row is None:
        raise NotFound
    actor.require(Right.MANAGE_ENTERPRISE, on=row.hub_id)
    return _point(row)


def delivery_methods(*, hub_id: int, actor: Actor) -> list[MethodRow]:
    """Return a hub's running ways to get orders in their order, in one SQL query. Raises Forbidden."""
    actor.require(Right.MANAGE_CYCLES, on=hub_id)
    rows = DeliveryMethod.objects.filter(hub_id=hub_id, ended_at__isnull=True).select_related("point")
    return [_method(row) for row in rows.order_by("position", "id")]


def delivery_method(*, method_id: int, actor: Actor) -> MethodRow:
    """Return one running way to get orders to edit. Raises NotFound, Forbidden."""
    row = DeliveryMethod.objects.select_related("point").filter(id=method_id, ended_at__isnull=True).first()
    if row is None:
        raise NotFound
    actor.require(Right.MANAGE_ENTERPRISE, on=row.hub_id)
    return _method(row)


def listings(*, hub_id: int, actor: Actor, now: datetime, after_id: int = 0, limit: int = 100) -> list[ListingRow]:
    """Return variants that a hub may sell, with its own price, by product, `limit` at a time, in two SQL queries.

    `after_id` is the last product shown before. Raises Forbidden.
    """
    actor.require(Right.MANAGE_CATALOGUE, on=hub_id)
    kept = Listing.objects.filter(hub_id=hub_id, variant_id=OuterRef("id"))
    sellable = Q(product__producer_id=hub_id) | Q(
        product__producer_id__in=running(now).filter(hub_id=hub_id).values("producer_id")
    )
    rows = (
        Variant.objects.filter(sellable, ended_at__isnull=True, product__ended_at__isnull=True, product_id__gt=after_id)
        .annotate(own=Subquery(kept.values("price_minor")[:1]), hidden=Subquery(kept.values("is_hidden")[:1]))
        .order_by("product_id", "position", "id")
        .values_list(
            "id",
            "product_id",
            "product__name",
            "name",
            "unit",
            "size",
            "pack",
            "measure",
            "is_weighed",
            "product__producer__name",
            "price_minor",
            "own",
            "hidden",
        )[:limit]
    )
    shown = list(rows)
    tags = goods_tags_of(hub_id=hub_id, variant_ids=[row[0] for row in shown])
    return [ListingRow(*row[:-1], is_hidden=bool(row[-1]), tags=tags.get(row[0], ())) for row in shown]


def _point(row: PickupPoint) -> PointRow:
    details = PointDetails(**{name: getattr(row, name) for name in PointDetails.__dataclass_fields__})
    return PointRow(id=row.pk, hub_id=row.hub_id, details=details)


def _method(row: DeliveryMethod) -> MethodRow:
    details = MethodDetails(**{name: getattr(row, name) for name in MethodDetails.__dataclass_fields__})
    point = row.point
    return MethodRow(
        id=row.pk,
        hub_id=row.hub_id,
        details=details,
        point=point.name if point else "",
        town=point.town if point else "",
    )


def carried_debts(*, hub_id: int, actor: Actor) -> int:
    """Return up to which amount a hub lets debts go with the next order, minor units; 0: never. Raises Forbidden."""
    actor.require(Right.MANAGE_ENTERPRISE, on=hub_id)
    return Shop.objects.filter(hub_id=hub_id).values_list("carries_debt_up_to_minor", flat=True).first() or 0
