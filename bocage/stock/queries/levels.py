"""How much there is, for showing; the truth is asked again when it is taken."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F, Q, QuerySet

from bocage.stock.models import StockItem
from bocage.stock.rules import NOTHING, Level


def levels(*, hub_id: int, variant_ids: Iterable[int]) -> dict[int, Level]:
    """Return what may be sold of each variant at a hub, in one query: the hub's own stock where it has one."""
    wanted = list(variant_ids)
    return dict.fromkeys(wanted, NOTHING) | {
        variant_id: Level(None if on_demand else on_hand)
        for variant_id, on_demand, on_hand in _items(hub_id)
        .filter(variant_id__in=wanted)
        .values_list("variant_id", "on_demand", "on_hand")
    }


def _items(hub_id: int) -> QuerySet[StockItem]:
    """The pools that count for a hub; the hub's own come last, so that they win in a dict."""
    return StockItem.objects.filter(Q(hub_id=hub_id) | Q(hub__isnull=True)).order_by(F("hub_id").asc(nulls_first=True))
