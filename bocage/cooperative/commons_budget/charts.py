"""The pictures of the accounts as numbers for SVG."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bocage.cooperative.commons_budget.queries import Accounts
from bocage.cooperative.commons_budget.queries.accounts import Source

SIDE, STEP = 10, 20  # squares in a row; from one to the next


@dataclass(frozen=True, slots=True)
class Square:
    """One of the hundred."""

    key: str
    x: int
    y: int


def squares(sources: Iterable[Source]) -> list[Square]:
    """Return a hundred squares, each of who paid it, row by row from the bottom."""
    keys = [source.key for source in sources for _ in range(source.squares)]
    return [Square(key, number % SIDE * STEP, (SIDE - 1 - number // SIDE) * STEP) for number, key in enumerate(keys)]


@dataclass(frozen=True, slots=True)
class Column:
    """A quarter: how high contributions stand in its costs, on a field of 60 by 100 that begins at x."""

    label: str
    x: int
    y: int
    height: int
    words_x: int


def columns(found: Accounts) -> Sequence[Column]:
    """Return a column per quarter: the part of its costs that contributions paid, a hundred high at most."""
    drawn = []
    for place, row in enumerate(found.quarters):
        height = min(100, round((row.coverage or 0) / 10_000))
        drawn.append(Column(str(row.quarter), place * 60 + 6, 100 - height, height, place * 60 + 30))
    return drawn
