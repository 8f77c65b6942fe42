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
from bocage.shops.queries.tagging import (
    KnownTags,
    goods_tags,
    goods_tags_of,
    known_tags,
    rules_of,
    sight,
    sight_with,
    tag_rules,
)
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
    "KnownTags",
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
    "goods_tags",
    "goods_tags_of",
    "known_tags",
    "listings",
    "movements",
    "pickup_point",
    "pickup_points",
    "readiness",
    "rules_of",
    "shop_terms",
    "sight",
    "sight_with",
    "tag_rules",
    "tags_of",
]
