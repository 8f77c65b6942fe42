"""Signs of life: what recurs notes when it was begun and done, so that what has stopped is seen."""

from __future__ import annotations

from datetime import datetime, timedelta

from bocage.infra.models import Pulse

WORKER = "worker"  # the worker's own sign, beside the names of what recurs
WORKER_SECONDS = 60
LEEWAY = timedelta(minutes=5)


def note(name: str, *, begun_at: datetime, error: str = "") -> None:
    """Write down that something was begun at a moment, and either done or ended by an error."""
    ended = {"last_error": error[:2000]} if error else {"done_at": begun_at, "last_error": ""}
    Pulse.objects.update_or_create(name=name, defaults={"begun_at": begun_at, **ended})


def is_overdue(done_at: datetime | None, *, seconds: int, now: datetime) -> bool:
    """Return whether what should be done every `seconds` was left out twice, with five minutes for what takes its time."""
    return done_at is None or now - done_at > 2 * timedelta(seconds=seconds) + LEEWAY
