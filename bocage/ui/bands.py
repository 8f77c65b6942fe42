"""The wide pictures above a hub's pages: one kind of place for each kind of enterprise."""

from __future__ import annotations

from zlib import crc32

HALL = "market-hall"
BANDS = {
    "farm": ("bands/farm-shop",),
    "farm_shop": ("bands/farm-shop",),
    "buying_group": ("bands/village-table",),
    "food_hub": (HALL, "bands/depot"),
}


def band(kind: str, slug: str) -> str:
    """Return the name of the drawing for an enterprise of a `kind` (network.Enterprise.Kind), by its address.

    Where a kind has several, an enterprise keeps its own for good; a kind that we do not know stands in the market hall.
    """
    names = BANDS.get(kind, (HALL,))
    return names[crc32(slug.encode()) % len(names)]
