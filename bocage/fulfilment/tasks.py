"""What the clock does for the barn."""

from datetime import datetime

from bocage.fulfilment import actions
from bocage.infra.schedule import Every


def tell_farms(*, now: datetime) -> None:
    """Tell farms of changes that have settled."""
    actions.tell_due(now=now)


SCHEDULE = [Every(seconds=300, do=tell_farms)]
