"""Reads about goods, as typed rows."""

from bocage.catalogue.queries.choices import (
    CategoryRow,
    Choice,
    categories,
    producer_properties,
    producers_of,
    producers_to_edit,
    properties,
)
from bocage.catalogue.queries.goods import ProductPage, ProductRow, Sheet, VariantRow, product, products, variants_of
from bocage.catalogue.queries.rights import may_manage_goods, require_goods

__all__ = [
    "CategoryRow",
    "Choice",
    "ProductPage",
    "ProductRow",
    "Sheet",
    "VariantRow",
    "categories",
    "may_manage_goods",
    "producer_properties",
    "producers_of",
    "producers_to_edit",
    "product",
    "products",
    "properties",
    "require_goods",
    "variants_of",
]
