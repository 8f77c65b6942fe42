"""Reads about stock: what may be sold, and what those see who count it."""

from bocage.stock.queries.counting import (
    MovementRow,
    Pool,
    StockPage,
    StockRow,
    StockSheet,
    require_holder,
    stock,
    stock_of,
)
from bocage.stock.queries.levels import levels

__all__ = [
    "MovementRow",
    "Pool",
    "StockPage",
    "StockRow",
    "StockSheet",
    "levels",
    "require_holder",
    "stock",
    "stock_of",
]
