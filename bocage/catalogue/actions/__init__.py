"""Writing the catalogue: categories and properties of the instance, products and sizes of a producer."""

from bocage.catalogue.actions.bulk import NewSize, Written, change_many, end_many, write_many
from bocage.catalogue.actions.goods import (
    add_category,
    add_product,
    add_property,
    add_variant,
    change_product,
    change_variant,
    edit_product,
    edit_variant,
    end_product,
    end_variant,
    set_photo,
    set_picture,
    set_producer_properties,
)

__all__ = [
    "NewSize",
    "Written",
    "add_category",
    "add_product",
    "add_property",
    "add_variant",
    "change_many",
    "change_product",
    "change_variant",
    "edit_product",
    "edit_variant",
    "end_many",
    "end_product",
    "end_variant",
    "set_photo",
    "set_picture",
    "set_producer_properties",
    "write_many",
]
