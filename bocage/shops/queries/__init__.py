"""Reads about a hub's shop: its terms, its places, its prices, what it lacks to sell."""

from bocage.shops.queries.customers import (
    CustomerList,
    CustomerRow,
    Movement,
    customer,
    customers,
    every_customer,
    movements,
    tags_of,
)
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
    "CustomerList",
    "CustomerRow",
    "ListingRow",
    "MethodRow",
    "Movement",
    "PointRow",
    "Readiness",
    "customer",
    "customers",
    "delivery_method",
    "delivery_methods",
    "every_customer",
    "listings",
    "movements",
    "pickup_point",
    "pickup_points",
    "readiness",
    "shop_terms",
    "tags_of",
]
