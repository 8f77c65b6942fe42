"""Reads about stock: what may be sold, and what those see who count it."""

from bocage.stock.queries.counting import (
    COUNTS,
    MovementRow,
    Pool,
    StockPage,
    StockRow,
    StockSheet,
    require_holder,
    require_holders,
    stock,
    stock_of,
)
from bocage.stock.queries.levels import levels, splits

__all__ = [
    "COUNTS",
    "MovementRow",
    "Pool",
    "StockPage",
    "StockRow",
    "StockSheet",
    "levels",
    "require_holder",
    "require_holders",
    "splits",
    "stock",
    "stock_of",
]
