"""Who may edit whose goods, and whose goods a hub may sell: what `network.rules.agreements` decides."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from bocage.commons.refusals import Forbidden
from bocage.network.models import Agreement
from bocage.network.queries.agreements import granted, person_may
from bocage.network.rules import Actor, Right
from bocage.network.rules.agreements import Act


def require_goods(*, producer_id: int, actor: Actor, now: datetime) -> None:
    """Raise Forbidden unless the actor may edit the producer's goods now."""
    if not may_manage_goods(producer_id=producer_id, actor=actor, now=now):
        raise Forbidden(right=Right.MANAGE_CATALOGUE.value)


def may_manage_goods(*, producer_id: int, actor: Actor, now: datetime) -> bool:
    """Return whether the actor may edit the producer's goods now, in at most two queries."""
    return person_may(Act.EDIT_GOODS, producer_id=producer_id, actor=actor, at=now).is_allowed


def running(now: datetime) -> QuerySet[Agreement]:
    """Return the agreements by which a hub may sell a producer's goods at `now`."""
    return granted(Act.SELL, at=now)
