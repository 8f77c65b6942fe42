"""Three figures that are true today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone

from bocage.network.models import Enterprise
from bocage.orders.models import Order
from bocage.shops.models import Shop


@dataclass(frozen=True, slots=True)
class Figures:
    """How many shops, farms, and orders placed since the first of the month."""

    shops: int
    farms: int
    orders: int


def figures(*, instance_id: int, now: datetime) -> Figures:
    """Return the figures of an instance: counted, not estimated; cancelled orders and hidden enterprises do not count."""
    visible = Enterprise.objects.filter(instance_id=instance_id).exclude(visibility="hidden")
    month = timezone.localtime(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return Figures(
        shops=visible.filter(Exists(Shop.objects.filter(hub_id=OuterRef("id"))), sells__in=["own", "any"]).count(),
        farms=visible.filter(is_producer=True).count(),
        orders=Order.objects.filter(
            hub__instance_id=instance_id, state="placed", placed_at__gte=month, placed_at__lte=now
        ).count(),
    )
