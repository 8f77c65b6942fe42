"""Apps above that have a say before a new cycle is planned; order cycles know none of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bocage.commons.refusals import Refused

Check = Callable[[int, datetime], None]
_asked: dict[str, Check] = {}


def ask_first(check: Check) -> None:
    """Let `check(coordinator_id, now)` refuse a new cycle, by raising. Called when its app is ready; again is once."""
    _asked[f"{check.__module__}.{check.__qualname__}"] = check


def check_new(coordinator_id: int, now: datetime) -> None:
    """Raise what apps above refuse of a new cycle of this coordinator."""
    for check in _asked.values():
        check(coordinator_id, now)


def may_plan(coordinator_id: int, now: datetime) -> bool:
    """Return whether nobody refuses a new cycle: for what recurs by itself, which then waits."""
    try:
        check_new(coordinator_id, now)
    except Refused:
        return False
    return True
