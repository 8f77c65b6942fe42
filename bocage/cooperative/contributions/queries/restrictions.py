"""The one thing that a shop in arrears may be kept from."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from bocage.cooperative.contributions.models import Restriction
from bocage.cooperative.contributions.rules import Restricted


def check_may_open(coordinator_id: int, now: datetime) -> None:
    """Raise Restricted where a committee's decision holds and the invoice is still not paid."""
    rows = Restriction.objects.filter(
        shop_id=coordinator_id, lifted_at__isnull=True, starts_on__lte=now.date(),
        bill__paid_minor__lt=F("bill__total_minor"), bill__credited_at__isnull=True,
    )  # fmt: skip
    if rows.exists():
        raise Restricted()
