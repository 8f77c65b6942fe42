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
from bocage.catalogue.queries.goods import (
    ProductPage,
    ProductRow,
    Sheet,
    SourceRow,
    VariantRow,
    made_of,
    product,
    products,
    resellable,
    variants_of,
)
from bocage.catalogue.queries.rights import may_manage_goods, require_goods

__all__ = [
    "CategoryRow",
    "Choice",
    "ProductPage",
    "ProductRow",
    "Sheet",
    "SourceRow",
    "VariantRow",
    "categories",
    "made_of",
    "may_manage_goods",
    "producer_properties",
    "producers_of",
    "producers_to_edit",
    "product",
    "products",
    "properties",
    "require_goods",
    "resellable",
    "variants_of",
]
