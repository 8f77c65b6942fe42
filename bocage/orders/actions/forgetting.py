"""Taking a forgotten person out of their orders; lines, amounts and books stay."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet

from bocage.network.rules import NOWHERE
from bocage.orders.models import Order, OrderChange, SavedFilter

NOBODY = "…"


@transaction.atomic
def forget_erased(*, now: datetime) -> int:
    """Empty what orders of forgotten people say of them, once handed over or cancelled; return how many.

    An order still to be fetched keeps its name until then, so that it can be handed over, and nothing else. What they kept
    to look for goes too. Twice is once.
    """
    theirs = Order.objects.filter(customer__email__endswith=f"@{NOWHERE}", customer__person__isnull=True)
    _empty(theirs.exclude(email__endswith=f"@{NOWHERE}"))
    is_over = Q(hand_over_to__lt=now) | Q(hand_over_to__isnull=True) | Q(state=Order.State.CANCELLED)
    named = list(theirs.filter(is_over).exclude(name=NOBODY).order_by("id").values_list("id", flat=True))
    OrderChange.objects.filter(order_id__in=named, by_name=F("order__name")).update(by_name=NOBODY)
    Order.objects.filter(id__in=named).update(name=NOBODY)
    SavedFilter.objects.filter(person__email__endswith=f"@{NOWHERE}").delete()
    return len(named)


def _empty(rows: QuerySet[Order]) -> None:
    rows.update(
        email=f"order@{NOWHERE}", phone="", note="", delivery_street="", delivery_street2="", delivery_postcode=""
    )
