"""Writing the catalogue: categories and properties of the instance, products and sizes of a producer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from bocage.catalogue import photos, queries, rules
from bocage.catalogue.events import GoodsChanged
from bocage.catalogue.models import Category, ProducerProperty, Product, Property, Variant
from bocage.catalogue.rules import ProductDetails, VariantDetails
from bocage.commons.refusals import Forbidden, NotFound
from bocage.infra.locks import lock_row
from bocage.infra.outbox import emit
from bocage.infra.versions import bump
from bocage.network.html import cleaned
from bocage.network.models import Enterprise
from bocage.network.queries.agreements import granted
from bocage.network.rules import Actor
from bocage.network.rules.agreements import Act
from bocage.pricing.models import TaxRate

CELLS_OF_PRODUCT = frozenset({"name", "category_id", "keywords", "origin", "allergens"})
CELLS_OF_VARIANT = frozenset(
    {
        "name",
        "unit",
        "size",
        "measure",
        "pack",
        "weight_g",
        "is_weighed",
        "price_minor",
        "tax_rate_id",
        "sku",
        "is_for_sale",
        "source_id",
        "source_yields",
        "splits_stock",
    }
)


@transaction.atomic
def add_product(
    *, producer_id: int, details: ProductDetails, first: VariantDetails | None = None, actor: Actor, now: datetime
) -> int:
    """Add a product to what a producer makes, with its `first` size or still without one; return its id.

    Only producers have products, and hubs those that they make of others' goods. Raises Forbidden, NotAProducer,
    ProductNeedsAName, NoSuchChoice, and what `check_sources` raises.
    """
    queries.require_goods(producer_id=producer_id, actor=actor, now=now)
    if not may_have_products(producer_id, now):
        raise rules.NotAProducer
    product = Product.objects.create(producer_id=producer_id, **_product_fields(details))
    product.properties.set(details.property_ids)
    if first is not None:
        check_sources([first], producer_id, now)
    if first is not None:
        Variant.objects.create(product=product, **_variant_fields(first))
    _let_find(product)
    return product.pk


@transaction.atomic
def copy_product(*, product_id: int, name: str, actor: Actor, now: datetime) -> int:
    """Add a product like another, called `name`, with its picture, properties and sizes; return its id.

    Codes are left blank, since each is of one thing, and there is no stock until somebody counts it. Raises NotFound,
    Forbidden, ProductEnded.
    """
    product = _own_product(product_id, actor, now)
    properties = list(product.properties.all())
    sizes = Variant.objects.filter(product=product, ended_at__isnull=True).order_by("position", "id")
    copies = list(sizes)
    product.pk, product.name = None, name[: rules.LONGEST_NAME]
    product._state.adding = True
    product.save()
    product.properties.set(properties)
    for copy in copies:
        copy.pk, copy.product, copy.sku = None, product, ""
        copy._state.adding = True
    Variant.objects.bulk_create(copies)
    _let_find(product)
    bump(f"producer:{product.producer_id}")
    return product.pk


@transaction.atomic
def edit_product(*, product_id: int, details: ProductDetails, actor: Actor, now: datetime) -> None:
    """Say something new of a product, for all its sizes. Emits GoodsChanged."""
    product = _own_product(product_id, actor, now)
    for name, value in _product_fields(details).items():
        setattr(product, name, value)
    product.save()
    product.properties.set(details.property_ids)
    _let_find(product)
    _tell(product, actor, now)


@transaction.atomic
def set_picture(*, product_id: int, picture: str, actor: Actor, now: datetime) -> None:
    """Show another picture of a product: the path of a drawing or of a stored file. Emits GoodsChanged."""
    product = _own_product(product_id, actor, now)
    product.picture = picture
    product.save(update_fields=["picture"])
    _tell(product, actor, now)


def set_photo(*, product_id: int, sent: bytes, actor: Actor, now: datetime) -> None:
    """Show a photo of a product: `sent` is the file as it came. Emits GoodsChanged.

    It is drawn anew before the transaction, since that takes a while. Raises NotFound, Forbidden, NotAPhoto,
    PhotoTooBig, ProductEnded.
    """
    producer_id = Product.objects.filter(id=product_id).values_list("producer_id", flat=True).first()
    if producer_id is None:
        raise NotFound
    queries.require_goods(producer_id=producer_id, actor=actor, now=now)
    set_picture(product_id=product_id, picture=photos.keep(sent), actor=actor, now=now)


@transaction.atomic
def end_product(*, product_id: int, actor: Actor, now: datetime) -> None:
    """Withdraw a product and all its sizes: nobody can order it now, what was ordered stays. Emits GoodsChanged."""
    product = _own_product(product_id, actor, now)
    _tell(product, actor, now)
    Variant.objects.filter(product=product, ended_at__isnull=True).update(ended_at=now)
    product.ended_at = now
    product.save(update_fields=["ended_at"])


@transaction.atomic
def add_variant(*, product_id: int, details: VariantDetails, actor: Actor, now: datetime) -> int:
    """Sell a product in one more size; return the variant's id. Emits GoodsChanged.

    It is offered once a cycle carries it. Raises Forbidden, ProductEnded and what `rules.check_variant` raises.
    """
    product = _own_product(product_id, actor, now)
    check_sources([details], product.producer_id, now)
    variant = Variant.objects.create(product=product, **_variant_fields(details))
    _let_find(product)
    _tell(product, actor, now)
    return variant.pk


@transaction.atomic
def edit_variant(*, variant_id: int, details: VariantDetails, actor: Actor, now: datetime) -> None:
    """Change a size or its price for all orders placed from now on. Emits GoodsChanged."""
    variant = _own_variant(variant_id, actor, now)
    check_sources([details], variant.product.producer_id, now, unless=variant)
    for name, value in _variant_fields(details).items():
        setattr(variant, name, value)
    variant.save()
    _let_find(variant.product)
    bump(f"producer:{variant.product.producer_id}")
    emit(GoodsChanged(producer_id=variant.product.producer_id, variant_ids=[variant.pk]), by=actor, at=now)


@transaction.atomic
def change_product(*, product_id: int, field: str, value: Any, seen: Any, actor: Actor, now: datetime) -> None:
    """Change one of `CELLS_OF_PRODUCT` of a product, for all its sizes; `seen` is what it said to who changes it.

    Raises NotFound, Forbidden, ProductEnded, ChangedMeanwhile, ProductNeedsAName, NoSuchChoice. Emits GoodsChanged.
    """
    assert field in CELLS_OF_PRODUCT
    product = _own_product(product_id, actor, now)
    value = value.strip() if isinstance(value, str) else value
    rules.check_seen(seen, getattr(product, field), value)
    if field == "name" and not value:
        raise rules.ProductNeedsAName
    if field == "category_id" and not Category.objects.filter(id=value).exists():
        raise rules.NoSuchChoice
    setattr(product, field, value)
    product.save(update_fields=[field])
    if field in ("name", "keywords"):
        _let_find(product)
    _tell(product, actor, now)


@transaction.atomic
def change_variant(
    *, variant_id: int, changes: Mapping[str, Any], seen: Mapping[str, Any], actor: Actor, now: datetime
) -> None:
    """Change some of `CELLS_OF_VARIANT` of a size at once; `seen` is what each said to who changes it.

    Raises NotFound, Forbidden, ChangedMeanwhile and what `rules.check_variant` raises. Emits GoodsChanged.
    """
    assert CELLS_OF_VARIANT.issuperset(changes)
    variant = _own_variant(variant_id, actor, now)
    present = {name: getattr(variant, name) for name in changes}
    rules.check_seen(dict(seen), present, dict(changes))
    names = VariantDetails.__dataclass_fields__
    details = VariantDetails(**{name: changes.get(name, getattr(variant, name)) for name in names})
    check_sources([details], variant.product.producer_id, now, unless=variant)
    for name, value in _variant_fields(details).items():
        setattr(variant, name, value)
    variant.save(update_fields=list(changes))
    if changes.keys() & {"name", "sku"}:
        _let_find(variant.product)
    bump(f"producer:{variant.product.producer_id}")
    emit(GoodsChanged(producer_id=variant.product.producer_id, variant_ids=[variant.pk]), by=actor, at=now)


@transaction.atomic
def end_variant(*, variant_id: int, actor: Actor, now: datetime) -> None:
    """Withdraw a size: open cycles stop offering it, what was ordered stays. Raises LastVariant. Emits GoodsChanged."""
    variant = _own_variant(variant_id, actor, now)
    lock_row(Product.objects.all(), variant.product_id)
    if not Variant.objects.filter(product=variant.product, ended_at__isnull=True).exclude(id=variant.pk).exists():
        raise rules.LastVariant
    variant.ended_at = now
    variant.save(update_fields=["ended_at"])
    bump(f"producer:{variant.product.producer_id}")
    emit(GoodsChanged(producer_id=variant.product.producer_id, variant_ids=[variant.pk]), by=actor, at=now)


@transaction.atomic
def set_producer_properties(*, producer_id: int, property_ids: Sequence[int], actor: Actor, now: datetime) -> None:
    """Say what is true of all products of a producer, replacing what was said. Emits GoodsChanged."""
    queries.require_goods(producer_id=producer_id, actor=actor, now=now)
    wanted = _known_properties(property_ids)
    ProducerProperty.objects.filter(producer_id=producer_id).exclude(property_id__in=wanted).delete()
    ProducerProperty.objects.bulk_create(
        (ProducerProperty(producer_id=producer_id, property_id=pid) for pid in sorted(wanted)), ignore_conflicts=True
    )
    variants = Variant.objects.filter(product__producer_id=producer_id, ended_at__isnull=True).order_by("id")
    bump(f"producer:{producer_id}")
    emit(
        GoodsChanged(producer_id=producer_id, variant_ids=list(variants.values_list("id", flat=True))), by=actor, at=now
    )


@transaction.atomic
def add_category(
    *,
    slug: str,
    name_fr: str,
    name_en: str,
    picture: str,
    field: str = "meadow",
    parent_id: int | None = None,
    position: int = 0,
    dfc_type: str = "",
    actor: Actor,
    now: datetime,
) -> int:
    """Add a shelf to the catalogue of the instance; return its id. Stewards only."""
    _require_steward(actor)
    bump("catalogue")
    values = {"name_fr": name_fr, "name_en": name_en, "picture": picture, "field": field, "position": position}
    return Category.objects.create(slug=slug, parent_id=parent_id, dfc_type=dfc_type, **values).pk


@transaction.atomic
def add_property(
    *, slug: str, name_fr: str, name_en: str, icon: str = "", position: int = 0, actor: Actor, now: datetime
) -> int:
    """Add something that may be true of products or producers; return its id. Stewards only."""
    _require_steward(actor)
    bump("catalogue")
    return Property.objects.create(slug=slug, name_fr=name_fr, name_en=name_en, icon=icon, position=position).pk


def _require_steward(actor: Actor) -> None:
    if not (actor.is_steward or actor.is_system):
        raise Forbidden(right="steward")


def _own_product(product_id: int, actor: Actor, now: datetime) -> Product:
    product = lock_row(Product.objects.all(), product_id)
    if product is None:
        raise NotFound
    queries.require_goods(producer_id=product.producer_id, actor=actor, now=now)
    if product.ended_at is not None:
        raise rules.ProductEnded
    return product


def _own_variant(variant_id: int, actor: Actor, now: datetime) -> Variant:
    variant = lock_row(Variant.objects.select_related("product"), variant_id)
    if variant is None or variant.ended_at is not None:
        raise NotFound
    queries.require_goods(producer_id=variant.product.producer_id, actor=actor, now=now)
    return variant


def _product_fields(details: ProductDetails) -> dict[str, object]:
    rules.check_product(details)
    if not Category.objects.filter(id=details.category_id).exists():
        raise rules.NoSuchChoice
    _known_properties(details.property_ids)
    fields = asdict(replace(details, name=details.name.strip(), description=cleaned(details.description)))
    del fields["property_ids"]
    return fields


def _variant_fields(details: VariantDetails) -> dict[str, object]:
    rules.check_variant(details)
    if details.tax_rate_id is not None and not TaxRate.objects.filter(id=details.tax_rate_id).exists():
        raise rules.NoSuchChoice
    return asdict(replace(details, name=details.name.strip(), pack=details.pack.strip()))


def may_have_products(enterprise_id: int, now: datetime) -> bool:
    """Return whether an enterprise makes something, be it of goods that it may resell, in two queries at most."""
    is_producer = Enterprise.objects.filter(id=enterprise_id, is_producer=True).exists()
    return is_producer or granted(Act.RESELL, at=now).filter(hub_id=enterprise_id).exists()


def check_sources(
    wanted: Sequence[VariantDetails], producer_id: int, now: datetime, *, unless: Variant | None = None
) -> None:
    """Refuse sizes made of goods of which this enterprise may not make its own, in two queries at most.

    `unless` is the size as it is: a link that stays is held against the farm's goods, but not against the agreement, since
    what was bought stays bought. Raises NotFound, MayNotResell and what `rules.check_source` raises.
    """
    ids = {one.source_id for one in wanted if one.source_id is not None}
    if not ids:
        return
    rows = Variant.objects.select_related("product__producer").filter(id__in=ids).in_bulk()
    agreed = set(granted(Act.RESELL, at=now).filter(hub_id=producer_id).values_list("producer_id", flat=True))
    for one in wanted:
        if one.source_id is None:
            continue
        source = rows.get(one.source_id)
        is_kept = unless is not None and unless.source_id == one.source_id
        if source is None or (source.ended_at is not None and not is_kept):
            raise NotFound
        farm = source.product.producer
        if farm.pk not in agreed | {producer_id} and not is_kept:
            raise rules.MayNotResell(producer=farm.name)
        rules.check_source(one, unit=source.unit, size=source.size, is_resold=source.source_id is not None)


def _let_find(product: Product) -> None:
    """Keep the words by which a product is found in step with what is said of it and its sizes."""
    sizes = Variant.objects.filter(product=product, ended_at__isnull=True).order_by("position", "id")
    text = rules.search_text(product.name, product.keywords, sizes.values_list("name", "sku"))
    Product.objects.filter(pk=product.pk).exclude(search_text=text).update(search_text=text)


def _known_properties(ids: Sequence[int]) -> set[int]:
    wanted = set(ids)
    if wanted and Property.objects.filter(id__in=wanted).count() != len(wanted):
        raise rules.NoSuchChoice
    return wanted


def _tell(product: Product, actor: Actor, now: datetime) -> None:
    variants = (
        Variant.objects.filter(product=product, ended_at__isnull=True).order_by("id").values_list("id", flat=True)
    )
    bump(f"producer:{product.producer_id}")
    emit(GoodsChanged(producer_id=product.producer_id, variant_ids=list(variants)), by=actor, at=now)
