"""Cards that customers let hubs charge: theirs to take back at any time."""

from __future__ import annotations

from datetime import datetime

from bocage.commons.refusals import NotFound
from bocage.network.rules import Actor
from bocage.payments.models import SavedCard


def take_back_card(*, card_id: int, actor: Actor, now: datetime) -> None:
    """Let a hub no longer charge a card of the actor's own. Raises NotFound."""
    if actor.person_id is None:
        raise NotFound
    mine = SavedCard.objects.filter(id=card_id, customer__person_id=actor.person_id, ended_at__isnull=True)
    if not mine.update(ended_at=now):
        raise NotFound
