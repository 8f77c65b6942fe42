"""Rows of goods gathered under their farm, crates under the place they go to; and a long list cut into pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
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


@dataclass(frozen=True, slots=True)
class Place:
    """A pickup point or delivery round with its crates, in the order of their numbers; what is counted is all of it."""

    id: int
    name: str
    starts_at: datetime | None
    crates: tuple[Any, ...]
    total: int
    packed: int
    handed: int


def by_place(crates: Iterable[Any]) -> list[Place]:
    """Group crates by where they go: the earliest hand-over first, then by name."""
    gathered: dict[int, list[Any]] = {}
    for crate in crates:
        gathered.setdefault(crate.method_id, []).append(crate)
    places = [
        Place(
            id=method_id,
            name=rows[0].delivery_name,
            starts_at=rows[0].hand_over_from,
            crates=tuple(rows),
            total=len(rows),
            packed=sum(row.is_packed for row in rows),
            handed=sum(row.handed_over_at is not None for row in rows),
        )
        for method_id, rows in gathered.items()
    ]
    return sorted(places, key=_when)


@dataclass(frozen=True, slots=True)
class Cut:
    """A piece of a list of `total` rows. `next`: the key of its last row where more follow, else nothing."""

    rows: tuple[Any, ...]
    total: int
    next: str

    @property
    def shown(self) -> int:
        return len(self.rows)


def cut(rows: Sequence[Any], key: Callable[[Any], str], *, after: str, limit: int) -> Cut:
    """Return up to `limit` rows behind the one whose key is `after`; from the start when there is no such row."""
    start = next((place for place, row in enumerate(rows, start=1) if key(row) == after), 0) if after else 0
    piece = tuple(rows[start : start + limit])
    return Cut(piece, len(rows), key(piece[-1]) if start + limit < len(rows) else "")


def holding(places: Iterable[Place], shown: Iterable[Any]) -> list[Place]:
    """Return the places that some of `shown` go to, each with those alone, counted as before."""
    held: dict[int, list[Any]] = {}
    for row in shown:
        held.setdefault(row.method_id, []).append(row)
    return [replace(place, crates=tuple(held[place.id])) for place in places if place.id in held]


def around(rows: Sequence[Any], here: int, *, limit: int) -> Sequence[Any]:
    """Return up to `limit` neighbours of the row at `here`, itself among them, with a few of those before it."""
    start = max(0, min(here - limit // 4, len(rows) - limit))
    return rows[start : start + limit]


def _when(place: Place) -> tuple[str, str, int]:
    return (place.starts_at.isoformat() if place.starts_at else "9", place.name, place.id)
