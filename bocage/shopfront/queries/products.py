"""One product in full, for its sheet."""

from __future__ import annotations

from dataclasses import dataclass

from bocage.catalogue.models import Product
from bocage.commons.refusals import NotFound


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a producer says of a product and of itself."""

    id: int
    name: str
    description: str
    origin: str
    allergens: str
    farm: str
    farm_slug: str
    farm_town: str
    farm_teaser: str
    farm_since: int | None
    farm_picture: str
    farm_visibility: str


def sheet(product_id: int, *, sold: bool) -> Sheet:
    """Return the sheet of a product that is `sold` in the sale, in one query. Raises NotFound otherwise."""
    fields = ("id", "name", "description", "origin", "allergens")
    of_farm = ("name", "slug", "town", "teaser", "since", "picture", "visibility")
    rows = Product.objects.filter(id=product_id).values_list(*fields, *(f"producer__{name}" for name in of_farm))
    row = rows.first() if sold else None
    if row is None:
        raise NotFound()
    return Sheet(*row)
