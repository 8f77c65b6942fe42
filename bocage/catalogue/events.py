"""Facts about goods."""

from dataclasses import dataclass


@dataclass(frozen=True)
class GoodsChanged:
    """Something that shoppers see of these variants is new: a price, a size, a name, a property, or that they ended."""

    producer_id: int
    variant_ids: list[int]
