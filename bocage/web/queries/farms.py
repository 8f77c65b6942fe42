"""The farms of an instance, and one farm's page: what it makes and where that is sold now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery

from bocage.catalogue.models import ProducerProperty, Product, Variant
from bocage.commons.refusals import NotFound
from bocage.network.models import Enterprise
from bocage.order_cycles.models import Exchange
from bocage.order_cycles.queries.carrying import outgoing


@dataclass(frozen=True, slots=True)
class Trait:
    """A property in the reader's language."""

    slug: str
    label: str
    icon: str


@dataclass(frozen=True, slots=True)
class FarmRow:
    """A farm in the list."""

    id: int
    slug: str
    name: str
    teaser: str
    town: str
    picture: str
    products: int
    traits: tuple[Trait, ...]


@dataclass(frozen=True, slots=True)
class FarmProduct:
    """What a farm makes; `picture` is its own or its family's."""

    id: int
    name: str
    origin: str
    picture: str
    field: str
    traits: tuple[Trait, ...]


@dataclass(frozen=True, slots=True)
class SellsHere:
    """A hub that offers the farm's goods right now, and how many of them."""

    slug: str
    name: str
    town: str
    closes_at: datetime
    products: int


@dataclass(frozen=True, slots=True)
class FarmPage:
    """All that a farm's page says."""

    name: str
    teaser: str
    story: str
    town: str
    postcode: str
    since: int | None
    phone: str
    email: str
    website: str
    picture: str
    is_listed: bool
    traits: tuple[Trait, ...]
    products: tuple[FarmProduct, ...]
    sold_at: tuple[SellsHere, ...]


def farms(*, instance_id: int, language: str, trait: str = "") -> tuple[list[FarmRow], list[Trait]]:
    """Return the public producers by name, and the traits one may choose among, in three queries."""
    found = Enterprise.objects.filter(instance_id=instance_id, visibility="public", is_producer=True)
    rows = list(found.order_by("name", "id").values("id", "slug", "name", "teaser", "town", "picture"))
    ids = [row["id"] for row in rows]
    traits = _traits_of(ids, language)
    counted = Product.objects.filter(producer_id__in=ids, ended_at__isnull=True).values_list("producer_id")
    products = dict(counted.annotate(count=Count("id")))
    all_rows = [FarmRow(**row, products=products.get(row["id"], 0), traits=traits.get(row["id"], ())) for row in rows]
    offered = sorted({one for some in traits.values() for one in some}, key=lambda one: one.label)
    return [row for row in all_rows if not trait or trait in {one.slug for one in row.traits}], offered


def farm_page(*, instance_id: int, slug: str, language: str, now: datetime) -> FarmPage:
    """Return a farm with its goods and where they are sold now, in five queries. Raises NotFound, also when hidden."""
    found = Enterprise.objects.filter(instance_id=instance_id, slug=slug, is_producer=True)
    farm = found.exclude(visibility="hidden").first()
    if farm is None:
        raise NotFound()
    return FarmPage(
        name=farm.name,
        teaser=farm.teaser,
        story=farm.story,
        town=farm.town,
        postcode=farm.postcode,
        since=farm.since,
        phone=farm.phone,
        email=farm.email,
        website=farm.website,
        picture=farm.picture,
        is_listed=farm.visibility == "public",
        traits=_traits_of([farm.pk], language).get(farm.pk, ()),
        products=_products(farm.pk, language, now),
        sold_at=_sold_at(farm.pk, now),
    )


def _products(producer_id: int, language: str, now: datetime) -> tuple[FarmProduct, ...]:
    rows = (
        Product.objects.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=now), producer_id=producer_id)
        .select_related("category")
        .prefetch_related("properties")
        .order_by("category__position", "name", "id")
    )
    return tuple(
        FarmProduct(
            id=row.pk,
            name=row.name,
            origin=row.origin,
            picture=row.picture or row.category.picture,
            field=row.category.field,
            traits=tuple(_trait(one, language) for one in row.properties.all()),
        )
        for row in rows
    )


def _sold_at(producer_id: int, now: datetime) -> tuple[SellsHere, ...]:
    sides = Exchange.objects.filter(
        direction="outgoing",
        cycle__opens_at__lte=now,
        cycle__closes_at__gt=now,
        cycle__in=Exchange.objects.filter(direction="incoming", enterprise_id=producer_id).values("cycle_id"),
        enterprise__visibility="public",
    )
    sold = Variant.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=now),
        Exists(outgoing(at=now).filter(pk=OuterRef(OuterRef("pk")))),
        product__producer_id=producer_id,
    )
    counted = sold.values("product__producer_id").annotate(n=Count("product_id", distinct=True)).values("n")
    rows = (
        sides.annotate(products=Subquery(counted))
        .filter(products__gt=0)
        .order_by("cycle__closes_at", "enterprise__name", "id")
        .values_list("enterprise__slug", "enterprise__name", "enterprise__town", "cycle__closes_at", "products")
    )
    return tuple(SellsHere(*row) for row in rows)


def _traits_of(producer_ids: Iterable[int], language: str) -> dict[int, tuple[Trait, ...]]:
    rows = ProducerProperty.objects.filter(producer_id__in=list(producer_ids)).select_related("property")
    found: dict[int, list[Trait]] = defaultdict(list)
    for row in rows.order_by("property__position", "property_id"):
        found[row.producer_id].append(_trait(row.property, language))
    return {producer_id: tuple(traits) for producer_id, traits in found.items()}


def _trait(row: Any, language: str) -> Trait:
    return Trait(row.slug, row.name_fr if language.startswith("fr") else row.name_en, row.icon)
