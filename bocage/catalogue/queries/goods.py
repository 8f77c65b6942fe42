"""Products and their sizes, as those who edit them see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from bocage.catalogue.models import Product, Variant
from bocage.catalogue.queries.choices import name_column, producers_of
from bocage.catalogue.queries.rights import may_manage_goods
from bocage.catalogue.rules import MayNotResell, ProductDetails, ResoldAlready, VariantDetails
from bocage.commons.refusals import NotFound
from bocage.commons.searching import folded
from bocage.network.queries.agreements import hub_may
from bocage.network.rules import Actor, Right
from bocage.network.rules.agreements import Act


@dataclass(frozen=True, slots=True)
class VariantRow:
    """A size of a product that is still sold."""

    id: int
    details: VariantDetails
    tax_millionths: int
    source: SourceRow | None = None


@dataclass(frozen=True, slots=True)
class SourceRow:
    """What a size is made of: a size of a farm's product, what it costs there now, and whether the farm still has it."""

    id: int
    product_id: int
    product: str
    producer: str
    details: VariantDetails
    is_made: bool


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product in a list; `picture` is its own or its category's."""

    id: int
    name: str
    producer_id: int
    producer: str
    category: str
    picture: str
    field: str
    variants: tuple[VariantRow, ...]


@dataclass(frozen=True, slots=True)
class ProductPage:
    """Some products by name; `next` is where the following ones begin, "" at the end."""

    rows: tuple[ProductRow, ...]
    total: int
    next: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One product to edit, with its sizes."""

    id: int
    producer_id: int
    producer: str
    details: ProductDetails
    picture: str
    field: str
    variants: tuple[VariantRow, ...]
    may_edit: bool
    may_resell: bool = False


def products(
    *,
    enterprise_id: int,
    actor: Actor,
    now: datetime,
    language: str,
    text: str = "",
    producer_id: int | None = None,
    category_id: int | None = None,
    after: str = "",
    limit: int = 50,
) -> ProductPage:
    """Return products that an enterprise makes or may sell, by name, `limit` at a time, in four SQL queries.

    Each word of `text` is looked for in names, keywords and codes. Raises Forbidden.
    """
    actor.require(Right.MANAGE_CATALOGUE, on=enterprise_id)
    known = {row.id for row in producers_of(enterprise_id=enterprise_id, now=now)}
    rows = Product.objects.filter(
        producer_id__in=known & {producer_id} if producer_id else known, ended_at__isnull=True
    )
    if category_id:
        rows = rows.filter(Q(category_id=category_id) | Q(category__parent_id=category_id))
    for word in folded(text).split():
        rows = rows.filter(search_text__contains=word)
    total = rows.count()
    found = list(_after(rows, after).select_related("producer", "category").order_by("name", "id")[: limit + 1])
    shown = found[:limit]
    sizes = variants_of([row.pk for row in shown])
    return ProductPage(
        rows=tuple(_row(row, sizes.get(row.pk, ()), language) for row in shown),
        total=total,
        next=f"{shown[-1].pk}~{shown[-1].name}" if len(found) > limit else "",
    )


def product(*, product_id: int, enterprise_id: int, actor: Actor, now: datetime) -> Sheet:
    """Return one running product that an enterprise makes or may sell, in at most seven SQL queries.

    Raises NotFound, Forbidden.
    """
    actor.require(Right.MANAGE_CATALOGUE, on=enterprise_id)
    row = Product.objects.select_related("producer", "category").filter(id=product_id, ended_at__isnull=True).first()
    if row is None or row.producer_id not in {p.id for p in producers_of(enterprise_id=enterprise_id, now=now)}:
        raise NotFound
    names = [name for name in ProductDetails.__dataclass_fields__ if name != "property_ids"]
    own = tuple(row.properties.order_by("id").values_list("id", flat=True))
    return Sheet(
        id=row.pk,
        producer_id=row.producer_id,
        producer=row.producer.name,
        details=ProductDetails(**{name: getattr(row, name) for name in names}, property_ids=own),
        picture=row.picture or row.category.picture,
        field=row.category.field,
        variants=variants_of([row.pk]).get(row.pk, ()),
        may_edit=may_manage_goods(producer_id=row.producer_id, actor=actor, now=now),
        may_resell=hub_may(Act.RESELL, producer_id=row.producer_id, hub_id=enterprise_id, at=now)
        and row.producer_id != enterprise_id,
    )


def variants_of(product_ids: list[int]) -> dict[int, tuple[VariantRow, ...]]:
    """Return the running sizes of products by product id, in their order, in one SQL query."""
    rows = Variant.objects.filter(product_id__in=product_ids, ended_at__isnull=True).select_related(
        "tax_rate", "source__product__producer"
    )
    found: dict[int, tuple[VariantRow, ...]] = {}
    for row in rows.order_by("product_id", "position", "id"):
        millionths = row.tax_rate.rate_millionths if row.tax_rate else 0
        one = VariantRow(row.pk, _details(row), millionths, _source(row.source) if row.source else None)
        found[row.product_id] = (*found.get(row.product_id, ()), one)
    return found


def resellable(*, variant_id: int, hub_id: int, actor: Actor, now: datetime) -> SourceRow:
    """Return goods of which a hub may make its own, in three SQL queries.

    Raises NotFound, Forbidden, MayNotResell, ResoldAlready.
    """
    actor.require(Right.MANAGE_CATALOGUE, on=hub_id)
    row = Variant.objects.select_related("product__producer").filter(id=variant_id, ended_at=None).first()
    if row is None:
        raise NotFound
    if row.source_id is not None:
        raise ResoldAlready
    if not hub_may(Act.RESELL, producer_id=row.product.producer_id, hub_id=hub_id, at=now):
        raise MayNotResell(producer=row.product.producer.name)
    return _source(row)


def made_of(*, source_product_id: int, hub_id: int) -> list[tuple[int, str]]:
    """Return the id and name of a hub's own products that are made of a farm's product, in one SQL query."""
    linked = Variant.objects.filter(source__product_id=source_product_id, ended_at=None).values("product_id")
    rows = Product.objects.filter(producer_id=hub_id, id__in=linked, ended_at=None).order_by("name", "id")
    return list(rows.values_list("id", "name"))


def _details(row: Variant) -> VariantDetails:
    return VariantDetails(**{name: getattr(row, name) for name in VariantDetails.__dataclass_fields__})


def _source(row: Variant) -> SourceRow:
    product = row.product
    is_made = row.ended_at is None and product.ended_at is None
    return SourceRow(row.pk, product.pk, product.name, product.producer.name, _details(row), is_made)


def _after(rows: QuerySet[Product], after: str) -> QuerySet[Product]:
    key, _, name = after.partition("~")
    if not key.isdigit():
        return rows
    return rows.filter(Q(name__gt=name) | Q(name=name, id__gt=int(key)))


def _row(row: Product, variants: tuple[VariantRow, ...], language: str) -> ProductRow:
    return ProductRow(
        id=row.pk,
        name=row.name,
        producer_id=row.producer_id,
        producer=row.producer.name,
        category=getattr(row.category, name_column(language)),
        picture=row.picture or row.category.picture,
        field=row.category.field,
        variants=variants,
    )
