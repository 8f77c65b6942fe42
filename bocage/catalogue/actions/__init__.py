"""Writing the catalogue: categories and properties of the instance, products and sizes of a producer."""

from bocage.catalogue.actions.bulk import NewSize, Written, change_many, end_many, write_many
from bocage.catalogue.actions.goods import (
    add_category,
    add_product,
    add_property,
    add_variant,
    change_product,
    change_variant,
    copy_product,
    edit_product,
    edit_variant,
    end_product,
    end_variant,
    set_photo,
    set_picture,
    set_producer_properties,
)
from bocage.catalogue.actions.taxonomy import lay_shelves, taxonomy

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
    "copy_product",
    "edit_product",
    "edit_variant",
    "end_many",
    "end_product",
    "end_variant",
    "lay_shelves",
    "set_photo",
    "set_picture",
    "set_producer_properties",
    "taxonomy",
    "write_many",
]
