"""Rows of goods gathered under their farm."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from bocage.commons.money import Money, total


@dataclass(frozen=True, slots=True)
class Farm:
    name: str
    rows: tuple[Any, ...]

    @property
    def items(self) -> int:
        return sum(row.quantity for row in self.rows)

    @property
    def goods(self) -> Money:
        return total(row.goods for row in self.rows)

    @property
    def tax(self) -> Money:
        return total(row.tax for row in self.rows)


def by_farm(rows: Iterable[Any], key: Callable[[Any], str]) -> list[Farm]:
    """Return rows that come sorted by farm, gathered under each."""
    return [Farm(name, tuple(group)) for name, group in groupby(rows, key=key)]
