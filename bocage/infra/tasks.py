"""What the clock does for the ground itself."""

from datetime import datetime, timedelta

from django.conf import settings

from bocage.infra import media, outbox
from bocage.infra.schedule import Every

HOUR, DAY = 3600, 24 * 3600


def prune_events(*, now: datetime) -> None:
    """Forget events that were delivered long ago."""
    outbox.prune(now=now, keep=timedelta(days=settings.EVENTS_KEPT_DAYS))


def sweep_pictures(*, now: datetime) -> None:
    """Delete stored pictures that nothing shows any more."""
    media.sweep(now=now)


SCHEDULE = [Every(seconds=DAY, do=prune_events), Every(seconds=HOUR, do=sweep_pictures)]
