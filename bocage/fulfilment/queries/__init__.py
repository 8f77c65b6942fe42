"""Reads of the barn: which sales are packed, baskets, goods by product, what each farm brings."""

from bocage.fulfilment.queries.baskets import (
    Basket,
    BasketLine,
    BasketRow,
    ParcelState,
    basket,
    basket_lines,
    baskets,
    parcel_state,
)
from bocage.fulfilment.queries.goods import (
    Delivery,
    FarmTotal,
    ForWhom,
    ProductRow,
    SupplierRow,
    farm_totals,
    products,
    suppliers,
    to_bring,
)
from bocage.fulfilment.queries.sales import PackSale, Waiting, present_sale, sales, waiting

__all__ = [
    "Basket",
    "BasketLine",
    "BasketRow",
    "Delivery",
    "FarmTotal",
    "ForWhom",
    "PackSale",
    "ParcelState",
    "ProductRow",
    "SupplierRow",
    "Waiting",
    "basket",
    "basket_lines",
    "baskets",
    "farm_totals",
    "parcel_state",
    "present_sale",
    "products",
    "sales",
    "suppliers",
    "to_bring",
    "waiting",
]
