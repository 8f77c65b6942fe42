"""Fill the shelves: categories, properties, products, sizes, stock, and what hubs decide for single goods."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bocage.assortment import actions as assortment
from bocage.catalogue.actions import add_category, add_property
from bocage.catalogue.models import ProducerProperty, Product, Variant
from bocage.catalogue.rules import VariantDetails, search_text
from bocage.network.models import Agreement
from bocage.network.rules import SYSTEM
from bocage.shops.actions import set_listing
from bocage.stock.models import Movement, StockItem
from bocage.web.town.data import Good, Size, Town
from bocage.web.town.places import Ground

RESOLD = ("panier-de-la-halle", "gravelle", "Farine de blé T80", "25 kg")
RESERVE = 10_000  # on hand while the past sales are played; `count` brings it down to what the data say


@dataclass(frozen=True, slots=True)
class Shelved:
    """A size on a shelf."""

    variant_id: int
    farm: str
    good: Good
    size: Size


def fill(town: Town, ground: Ground, *, at: datetime) -> list[Shelved]:
    """Write all goods with their stock; return them in the order of the data files."""
    properties = _properties(town, at)
    categories = _categories(town, at)
    ProducerProperty.objects.bulk_create(
        ProducerProperty(producer_id=ground.enterprises[farm.who.slug], property_id=properties[slug])
        for farm in town.farms
        for slug in farm.properties
    )
    products = _products(town, ground, categories, properties)
    goods = _variants(town, ground, products)
    _stock(goods, at)
    _listings(town, ground, goods, at)
    return goods


def count(goods: list[Shelved]) -> None:
    """Let each pool hold what the data say, as if it had been counted right on the first day."""
    level = {one.variant_id: one.size.stock for one in goods}
    items = {item.pk: item for item in StockItem.objects.filter(variant_id__in=level, on_demand=False)}
    first = list(Movement.objects.filter(item_id__in=items, reason="count"))
    for movement in first:
        item = items[movement.item_id]
        stock = level[item.variant_id] or 0
        movement.change += stock - item.on_hand
        item.on_hand = stock
    Movement.objects.bulk_update(first, ["change"])
    StockItem.objects.bulk_update(items.values(), ["on_hand"])


def resell(ground: Ground, goods: list[Shelved], *, now: datetime) -> None:
    """Let the first hub fill the mill's large sacks into bags of its own, as the mill agreed."""
    hub, farm, good, sack = RESOLD
    source = next(one for one in goods if (one.farm, one.good.name, one.size.text) == (farm, good, sack))
    hub_id, farm_id = ground.enterprises[hub], ground.enterprises[farm]
    agreed = Agreement.objects.filter(producer_id=farm_id, hub_id=hub_id)
    agreed.update(handling=Agreement.Handling.RESELLS)
    rate_id = Variant.objects.values_list("tax_rate_id", flat=True).get(pk=source.variant_id)
    bag = VariantDetails(
        unit="weight", size=2500, measure="kg", pack="sachet", price_minor=440, tax_rate_id=rate_id,
        source_id=source.variant_id, source_yields=10, splits_stock=True,
    )  # fmt: skip
    assortment.resell(hub_id=hub_id, name=f"{good}, en sachet", details=bag, on_hand=4, actor=SYSTEM, now=now)


def _properties(town: Town, at: datetime) -> dict[str, int]:
    return {
        trait.slug: add_property(
            slug=trait.slug,
            name_fr=trait.fr,
            name_en=trait.en,
            icon=trait.icon,
            position=position,
            actor=SYSTEM,
            now=at,
        )
        for position, trait in enumerate(town.traits)
    }


def _categories(town: Town, at: datetime) -> dict[str, int]:
    ids: dict[str, int] = {}
    for position, shelf in enumerate(town.shelves):
        ids[shelf.slug] = add_category(
            slug=shelf.slug,
            name_fr=shelf.fr,
            name_en=shelf.en,
            picture=shelf.picture,
            field=shelf.field,
            parent_id=ids.get(shelf.parent),
            position=position,
            dfc_type=shelf.dfc,
            actor=SYSTEM,
            now=at,
        )
    return ids


def _products(
    town: Town, ground: Ground, categories: dict[str, int], properties: dict[str, int]
) -> dict[tuple[str, str], int]:
    goods = [(farm.who.slug, good) for farm in town.farms for good in farm.goods]
    rows = Product.objects.bulk_create(
        Product(
            producer_id=ground.enterprises[slug],
            category_id=categories[good.shelf],
            name=good.name,
            description=f"<p>{good.text}</p>" if good.text else "",
            keywords=good.keywords,
            origin=good.origin,
            allergens=good.allergens,
            picture=good.picture,
            search_text=search_text(good.name, good.keywords, ()),
        )
        for slug, good in goods
    )
    through = Product.properties.through
    through.objects.bulk_create(
        through(product_id=row.pk, property_id=properties[name])
        for row, (_, good) in zip(rows, goods, strict=True)
        for name in good.properties
    )
    return {(slug, good.name): row.pk for row, (slug, good) in zip(rows, goods, strict=True)}


def _variants(town: Town, ground: Ground, products: dict[tuple[str, str], int]) -> list[Shelved]:
    rate_of = {shelf.slug: ground.rates[shelf.rate] for shelf in town.shelves}
    found = [(farm.who.slug, good, size) for farm in town.farms for good in farm.goods for size in good.sizes]
    rows = Variant.objects.bulk_create(
        Variant(
            product_id=products[slug, good.name],
            unit=size.unit,
            size=size.size,
            pack=size.pack,
            is_weighed=size.is_weighed,
            price_minor=size.price_minor,
            tax_rate_id=rate_of[good.shelf],
            sku=size.sku,
            position=good.sizes.index(size),
        )
        for slug, good, size in found
    )
    return [Shelved(row.pk, slug, good, size) for row, (slug, good, size) in zip(rows, found, strict=True)]


def _stock(goods: list[Shelved], at: datetime) -> None:
    items = StockItem.objects.bulk_create(
        StockItem(
            variant_id=one.variant_id,
            on_demand=one.size.stock is None,
            on_hand=0 if one.size.stock is None else RESERVE,
        )
        for one in goods
    )
    Movement.objects.bulk_create(
        Movement(item=item, change=item.on_hand, reason="count", by=SYSTEM.label, at=at)
        for item in items
        if not item.on_demand
    )


def _listings(town: Town, ground: Ground, goods: list[Shelved], at: datetime) -> None:
    found = {(one.farm, one.good.name, one.size.text): one.variant_id for one in goods}
    for hub in town.hubs:
        for own in hub.listings:
            set_listing(
                hub_id=ground.enterprises[hub.who.slug],
                variant_id=found[own.farm, own.product, own.size],
                price_minor=own.price_minor,
                is_hidden=own.is_hidden,
                actor=SYSTEM,
                now=at,
            )
