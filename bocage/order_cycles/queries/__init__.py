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
from bocage.order_cycles.queries.planning import (
    CycleRow,
    CycleSheet,
    FeeChoice,
    PartSheet,
    Side,
    cycle_sheet,
    cycles_of,
    part_sheet,
)
from bocage.order_cycles.queries.series import ComingDay, SeriesRow, SeriesSheet, series_of, series_sheet

__all__ = [
    "ComingDay",
    "CycleRow",
    "CycleSheet",
    "FeeChoice",
    "GoodsPage",
    "GoodsRow",
    "HandOverRow",
    "HubTimes",
    "OpenCycle",
    "PartSheet",
    "SeriesRow",
    "SeriesSheet",
    "Side",
    "cycle_sheet",
    "cycles_of",
    "hand_overs_of",
    "hubs_open",
    "is_side_of",
    "next_opening",
    "open_cycles",
    "part_sheet",
    "series_of",
    "series_sheet",
    "side_count",
    "side_goods",
]
