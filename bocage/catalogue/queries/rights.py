"""Who may edit whose goods."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from bocage.catalogue import rules
from bocage.commons.refusals import Forbidden
from bocage.network.models import Agreement, Enterprise, Role
from bocage.network.rules import Actor, Right


def require_goods(*, producer_id: int, actor: Actor, now: datetime) -> None:
    """Raise Forbidden unless the actor may edit the producer's goods now."""
    if not may_manage_goods(producer_id=producer_id, actor=actor, now=now):
        raise Forbidden(right=Right.MANAGE_CATALOGUE.value)


def may_manage_goods(*, producer_id: int, actor: Actor, now: datetime) -> bool:
    """Return whether the actor may edit the producer's goods now: `rules.may_manage_goods`, in at most two queries."""
    if actor.may(Right.MANAGE_CATALOGUE, on=producer_id):
        return True
    hubs = actor.enterprises_with(Right.MANAGE_CATALOGUE)
    return rules.may_manage_goods(
        manages_producer=False,
        manages_a_hub_that_sells=bool(hubs) and running(now).filter(producer_id=producer_id, hub_id__in=hubs).exists(),
        producer_has_people=bool(hubs) and has_people(producer_id),
    )


def running(now: datetime) -> QuerySet[Agreement]:
    """Return the agreements that run at `now`."""
    return Agreement.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now), starts_at__lte=now)


def has_people(producer_id: int) -> bool:
    """Return whether somebody acts for the producer here: an owner, or anyone with a role."""
    owned = Enterprise.objects.filter(id=producer_id, owner__isnull=False)
    return Role.objects.filter(enterprise_id=producer_id).exists() or owned.exists()
