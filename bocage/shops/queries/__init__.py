"""Reads about a hub's shop: its terms, its places, its prices, what it lacks to sell."""

from bocage.shops.queries.readiness import Readiness, readiness
from bocage.shops.queries.terms import (
    ListingRow,
    MethodRow,
    PointRow,
    delivery_method,
    delivery_methods,
    listings,
    pickup_point,
    pickup_points,
    shop_terms,
)

__all__ = [
    "ListingRow",
    "MethodRow",
    "PointRow",
    "Readiness",
    "delivery_method",
    "delivery_methods",
    "listings",
    "pickup_point",
    "pickup_points",
    "readiness",
    "shop_terms",
]
