"""What waits for the worker: documents to be handed to platforms; what recurs: asking what became of them."""

from __future__ import annotations

from datetime import datetime

from bocage.infra.schedule import Every
from bocage.invoicing import actions


def hand_in_due(*, now: datetime) -> int:
    """Hand in the documents that wait; return how many were tried."""
    return actions.hand_in_due(now=now)


def note_statuses(*, now: datetime) -> int:
    """Keep what platforms say of documents; return how many facts were new."""
    return actions.note_statuses(now=now)


QUEUES = [hand_in_due]
SCHEDULE = [Every(seconds=15 * 60, do=note_statuses)]
