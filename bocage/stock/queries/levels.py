"""How much there is, for showing; the truth is asked again when it is taken."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F, Q, QuerySet

from bocage.infra.statements import Statement
from bocage.stock.models import StockItem
from bocage.stock.rules import NOTHING, Level


def levels(*, hub_id: int, variant_ids: Iterable[int]) -> dict[int, Level]:
    """Return what may be sold of each variant at a hub, in one query: the hub's own stock where it has one."""
    wanted = list(variant_ids)
    return dict.fromkeys(wanted, NOTHING) | {
        variant_id: Level(None if on_demand else on_hand)
        for variant_id, on_demand, on_hand in _items.rows(hub_id=hub_id, variant_ids=wanted)
    }


@Statement
def _items(*, hub_id: int, variant_ids: list[int]) -> QuerySet[StockItem, tuple[int, bool, int]]:
    """The pools that count for a hub; the hub's own come last, so that they win in a dict."""
    pools = StockItem.objects.filter(Q(hub_id=hub_id) | Q(hub__isnull=True), variant_id__in=variant_ids)
    in_order = pools.order_by(F("hub_id").asc(nulls_first=True))
    return in_order.values_list("variant_id", "on_demand", "on_hand")
