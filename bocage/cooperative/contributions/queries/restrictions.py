"""The one thing that a shop in arrears may be kept from."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, QuerySet

from bocage.cooperative.contributions.models import Restriction
from bocage.cooperative.contributions.rules import Restricted


def check_may_open(coordinator_id: int, now: datetime) -> None:
    """Raise Restricted where a committee's decision holds and the invoice is still not paid."""
    if standing_restrictions(coordinator_id).filter(starts_on__lte=now.date()).exists():
        raise Restricted()


def standing_restrictions(shop_id: int) -> QuerySet[Restriction]:
    """Return the decisions that hold, or will: not lifted, over an invoice that is still to be paid."""
    return Restriction.objects.filter(
        shop_id=shop_id, lifted_at__isnull=True, bill__paid_minor__lt=F("bill__total_minor"),
        bill__credited_at__isnull=True,
    )  # fmt: skip
