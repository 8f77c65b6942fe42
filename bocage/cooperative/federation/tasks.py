"""What the clock does for the federation."""

from datetime import datetime

from bocage.cooperative.federation.actions import feeds
from bocage.infra.schedule import Every

HOUR, DAY = 3600, 86_400


def read_feeds(*, now: datetime) -> None:
    """Read what peers said."""
    feeds.read_peers(now=now)


def bear_witness(*, now: datetime) -> None:
    """Sign which heads of peers we saw."""
    feeds.witness(now=now)


SCHEDULE = [Every(seconds=HOUR, do=read_feeds), Every(seconds=DAY, do=bear_witness)]
