"""What the clock does for the stewards."""

from datetime import datetime

from bocage.infra.schedule import Every
from bocage.web.machine import actions


def call_stewards(*, now: datetime) -> None:
    """Write to the stewards, once a day, while something is overdue or was given up."""
    actions.call_stewards(now=now)


SCHEDULE = [Every(seconds=1800, do=call_stewards)]
