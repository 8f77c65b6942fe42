"""Reads about order cycles, by topic: when (calendar), how they are made (planning), what they offer (offers)."""

from bocage.order_cycles.queries.calendar import (
    HandOverRow,
    HubTimes,
    OpenCycle,
    hand_overs_of,
    hubs_open,
    next_opening,
    open_cycles,
)
from bocage.order_cycles.queries.goods import GoodsPage, GoodsRow, is_side_of, side_count, side_goods
from bocage.order_cycles.queries.planning import CycleRow, CycleSheet, FeeChoice, Side, cycle_sheet, cycles_of

__all__ = [
    "CycleRow",
    "CycleSheet",
    "FeeChoice",
    "GoodsPage",
    "GoodsRow",
    "HandOverRow",
    "HubTimes",
    "OpenCycle",
    "Side",
    "cycle_sheet",
    "cycles_of",
    "hand_overs_of",
    "hubs_open",
    "is_side_of",
    "next_opening",
    "open_cycles",
    "side_count",
    "side_goods",
]
