"""What waits for the worker: the rest of acts on many orders."""

from __future__ import annotations

from datetime import datetime

from bocage.orders import actions


def go_on_with_acts(*, now: datetime) -> int:
    """Go on with acts on many orders; return how many orders were met."""
    return actions.carry_out_waiting(now=now)


QUEUES = [go_on_with_acts]
