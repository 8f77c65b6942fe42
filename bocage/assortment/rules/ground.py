"""What a spreadsheet is held against, and what each of its rows would do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bocage.assortment.rules.faults import Wrong
from bocage.commons.measures import Exact

MAY_CHANGE = (
    "product", "category_id", "keywords", "origin", "allergens", "description", "display_name", "size", "pack",
    "price_minor", "tax_rate_id", "sku", "weight_g", "is_weighed", "is_for_sale", "stock", "tags",
    "source", "source_yields", "splits_stock",
)  # fmt: skip
COLUMN_OF = {
    "product": "name", "category_id": "category", "size": "units", "pack": "variant_unit_name", "price_minor": "price",
    "tax_rate_id": "tax_category", "is_for_sale": "for_sale", "stock": "on_hand",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """A size as it is kept. `fields` holds what a file may change, by the names of MAY_CHANGE."""

    id: int
    product_id: int
    producer_id: int
    product: str
    fields: Mapping[str, Any]
    own_was_ordered: bool = False
    may_price: bool = True
    may_count: bool = True
    may_tag: bool = True


@dataclass(frozen=True, slots=True)
class Ground:
    """What a file is held against: farms that may be written, categories, VAT rates, all sizes of these farms.

    `sources` are the unit and size of what may be made into one's own, by number. Names are folded; a category of which
    there are several has None. `hub` is whose own prices an inventory sets; `tagged` are the farms whose goods it sells,
    and gives tags.
    """

    producers: Mapping[str, int]
    names: Mapping[int, str]
    categories: Mapping[str, int | None]
    rates: Mapping[str, int]
    known: Iterable[Known]
    currency: str
    hub: str = ""
    sources: Mapping[int, tuple[str, Exact]] = field(default_factory=dict)
    tagged: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Planned:
    """What one row would do. `kind`: new, changed, same, refused, absent.

    `changes` maps a field to its old and new value. `product_id` is 0 for a product that is new too: rows of one farm
    and name then share it.
    """

    line: int
    kind: str
    label: str
    variant_id: int | None = None
    product_id: int = 0
    producer_id: int = 0
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    wrong: tuple[Wrong, ...] = ()
