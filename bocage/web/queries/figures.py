"""Figures that are true today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone

from bocage.cooperative.commons_budget.queries import carried_by_users
from bocage.network.models import Enterprise
from bocage.shops.models import Shop


@dataclass(frozen=True, slots=True)
class Figures:
    """How many shops and farms, and which part of the costs contributions carry (millionths; None: not known)."""

    shops: int
    farms: int
    carried: int | None


def figures(*, instance_id: int, now: datetime) -> Figures:
    """Return the figures of an instance: counted, not estimated; hidden enterprises do not count."""
    visible = Enterprise.objects.filter(instance_id=instance_id).exclude(visibility="hidden")
    return Figures(
        shops=visible.filter(Exists(Shop.objects.filter(hub_id=OuterRef("id"))), sells__in=["own", "any"]).count(),
        farms=visible.filter(is_producer=True).count(),
        carried=carried_by_users(instance_id=instance_id, today=timezone.localtime(now).date()),
    )
