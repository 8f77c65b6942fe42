"""Facts about order cycles."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CycleOpened:
    """A cycle takes orders: told once for each opening, also when nobody was there to tell it at the time."""

    cycle_id: int
    coordinator_id: int
    hub_ids: list[int]


@dataclass(frozen=True)
class CycleClosed:
    """A cycle takes no more orders: told once for each closing."""

    cycle_id: int
    coordinator_id: int
    hub_ids: list[int]


@dataclass(frozen=True)
class CycleReopened:
    """A closed cycle takes orders again, until `closes_at` (ISO 8601)."""

    cycle_id: int
    coordinator_id: int
    closes_at: str


@dataclass(frozen=True)
class CycleChanged:
    """A cycle's name, dates, goods, fees or hand-overs are other than before; `what` says which."""

    cycle_id: int
    what: str


@dataclass(frozen=True)
class CycleDeleted:
    """A cycle that nobody had ordered in is gone."""

    cycle_id: int
    coordinator_id: int
    name: str


@dataclass(frozen=True)
class SeriesChanged:
    """Sales that recur were planned, changed, paused or ended (`what`); `made` and `unmade` cycles came of it."""

    series_id: int
    coordinator_id: int
    what: str
    made: int
    unmade: int
