"""The clock of the cooperative: votes close and are counted by themselves."""

from __future__ import annotations

from datetime import datetime

from bocage.cooperative.governance import actions
from bocage.infra.schedule import Every


def close_votes(*, now: datetime) -> int:
    """Close and count the votes whose time is over; return how many."""
    return actions.close_due(now=now)


SCHEDULE = [Every(seconds=60, do=close_votes)]
