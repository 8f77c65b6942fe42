"""What the clock does for the books."""

from datetime import datetime

from bocage.infra.schedule import Every
from bocage.ledger import actions

HOUR = 3600


def close_books(*, now: datetime) -> None:
    """Close the days, months and years that are over."""
    actions.close_due(now=now)


SCHEDULE = [Every(seconds=HOUR, do=close_books)]
