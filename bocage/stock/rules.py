"""When there is enough: pure decisions over counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bocage.commons.refusals import Refused, gettext_noop


class NotEnoughStock(Refused):
    """Fewer units are left than were asked for; `shortages` maps variant id → what is left."""

    code = "stock.not_enough"
    message = gettext_noop(
        "There is not enough left of: %(products)s. Your basket is kept: take what is left, or something else."
    )

    def __init__(self, shortages: Mapping[int, int], names: Mapping[int, str]) -> None:
        listed = ", ".join(f"{names.get(variant_id, '?')} ({left})" for variant_id, left in shortages.items())
        super().__init__(products=listed)
        self.shortages = dict(shortages)


class CountOutOfRange(Refused):
    """A count below zero, or one that nobody could mean."""

    code = "stock.count_out_of_range"
    message = gettext_noop("Count from 0 to %(most)s.")


class OwnStockNotAgreed(Refused):
    """The agreement lets the hub sell the farm's goods, and leaves their stock to the farm."""

    code = "stock.own_not_agreed"
    message = gettext_noop("Your agreement with %(producer)s keeps its own stock: only the farm counts it.")


class MovedMeanwhile(Refused):
    """Orders changed the count between looking and counting."""

    code = "stock.moved_meanwhile"
    message = gettext_noop("Meanwhile orders changed it: it says %(left)s now. Look again, then save.")


@dataclass(frozen=True, slots=True)
class Level:
    """What may still be sold of a variant at a hub: `left` units, or None where it is made on demand."""

    left: int | None

    def has(self, quantity: int) -> bool:
        return self.left is None or self.left >= quantity

    def at_most(self, quantity: int) -> int:
        """Return how many of `quantity` can be had."""
        return quantity if self.left is None else min(quantity, self.left)


@dataclass(frozen=True, slots=True)
class Pool:
    """The stock that counts for a variant at a hub: the id of its row, and what is left in it."""

    id: int
    level: Level
    opens: Opens | None = None

    @property
    def counted(self) -> Level:
        """Return what its own row says: what is opened for it is not in there yet."""
        return self.level if self.opens is None else Level(self.opens.on_hand)


@dataclass(frozen=True, slots=True)
class Opens:
    """Where more comes from when a pool with `on_hand` runs out: one unit of pool `pool_id`, opened, makes `yields`."""

    pool_id: int
    level: Level
    yields: int
    on_hand: int

    @property
    def all_of_it(self) -> Level:
        """Return what may be sold if every one is opened."""
        return UNLIMITED if self.level.left is None else Level(self.on_hand + self.level.left * self.yields)

    def needed(self, quantity: int) -> int:
        """Return how many must be opened so that `quantity` can be taken."""
        return max(0, -(-(quantity - self.on_hand) // self.yields))


MOST = 1_000_000
NOTHING = Level(0)
UNLIMITED = Level(None)


def shortages(wanted: Mapping[int, int], levels: Mapping[int, Level]) -> dict[int, int]:
    """Return what is left of each variant of which more is wanted than there is; empty when all can be had."""
    short = {}
    for variant_id, quantity in wanted.items():
        level = levels.get(variant_id, NOTHING)
        if not level.has(quantity):
            short[variant_id] = level.left or 0
    return short


def openings(wanted: Mapping[int, int], pools: Mapping[int, Pool]) -> dict[int, int]:
    """Return how many of which pool are opened so that `wanted` (variant id → units) can be taken from `pools`."""
    opened: dict[int, int] = {}
    for variant_id, quantity in wanted.items():
        opens = pools[variant_id].opens if variant_id in pools else None
        if opens is not None and opens.needed(quantity):
            opened[opens.pool_id] = opened.get(opens.pool_id, 0) + opens.needed(quantity)
    return opened


def unopenable(wanted: Mapping[int, int], pools: Mapping[int, Pool]) -> dict[int, int]:
    """Return what is left of variants whose sources do not suffice for all that is wanted together; empty if they do.

    Each alone may be had: a sack cannot become ten bags and be sold as a sack.
    """
    opened = openings(wanted, pools)
    for variant_id, quantity in wanted.items():
        if variant_id in pools and pools[variant_id].id in opened:
            opened[pools[variant_id].id] += quantity
    short = {}
    for variant_id in wanted:
        opens = pools[variant_id].opens if variant_id in pools else None
        if opens is not None and not opens.level.has(opened.get(opens.pool_id, 0)):
            short[variant_id] = opens.on_hand
    return short


def check_count(on_hand: int) -> None:
    """Refuse a count that cannot be. Raises CountOutOfRange."""
    if not 0 <= on_hand <= MOST:
        raise CountOutOfRange(most=MOST)


class CountedMeanwhile(Refused):
    """The pool says something else than who counted had seen; `present` is what it says now, None where there is none."""

    code = "stock.counted_meanwhile"
    message = gettext_noop("The stock changed meanwhile. Look at what it says now, then choose.")

    def __init__(self, present: Level | None) -> None:
        super().__init__()
        self.present = present


class StockMoved(Refused):
    """Some of many pools say something else than when they were looked at."""

    code = "stock.moved_many"
    message = gettext_noop("Rows whose stock changed meanwhile: %(count)s. Nothing was saved: read the file again.")


def said(level: Level | None) -> str:
    """Return what a pool says in one word: a number, "*" for on demand, "" where there is none."""
    return "" if level is None else "*" if level.left is None else str(level.left)


def undone(counted: str, before: str, on_hand: int) -> int:
    """Return what is left when a count from `before` to `counted` is taken back: what was sold since stays sold."""
    if not before.isdigit():
        return 0
    return max(0, on_hand + int(before) - int(counted)) if counted.isdigit() else int(before)


def check_seen(seen: int | None, on_hand: int) -> None:
    """Refuse a count made looking at another number than there is now; None looked at none. Raises MovedMeanwhile."""
    if seen is not None and seen != on_hand:
        raise MovedMeanwhile(left=on_hand)
