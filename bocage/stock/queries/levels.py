"""How much there is, for showing; the truth is asked again when it is taken."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When

from bocage.catalogue.models import Variant
from bocage.infra.statements import Statement
from bocage.network.queries.agreements import granted
from bocage.network.rules.agreements import Act
from bocage.stock.models import StockItem
from bocage.stock.rules import NOTHING, Level, Opens


def levels(*, hub_id: int, variant_ids: Iterable[int]) -> dict[int, Level]:
    """Return what may be sold of each variant at a hub, in one query: the hub's own stock where it has one.

    Where what it is made of may be opened, all that this would make counts too.
    """
    wanted = list(variant_ids)
    found = dict.fromkeys(wanted, NOTHING)
    for variant_id, on_demand, on_hand, yields, is_unlimited, unopened in _items.rows(
        hub_id=hub_id, variant_ids=wanted
    ):
        level = Level(None if on_demand else on_hand)
        if yields and unopened is not None and level.left is not None:
            level = Opens(0, Level(None if is_unlimited else unopened), yields, on_hand).all_of_it
        found[variant_id] = level
    return found


def splits(*, variant_ids: list[int], at: datetime) -> dict[int, tuple[int, int]]:
    """Return of those variants that are made of others as they are ordered: the source, and how many one of it makes.

    One query. Not where the farm's agreement that lets the hub do so does not run at `at`.
    """
    return {row[0]: (row[1], row[2]) for row in _splits.rows(variant_ids=variant_ids, at=at)}


@Statement
def _splits(*, variant_ids: list[int], at: datetime) -> QuerySet[Variant, tuple]:
    farm, hub = OuterRef("source__product__producer_id"), OuterRef("product__producer_id")
    agreed = Exists(granted(Act.RESELL, at=at).filter(producer_id=farm, hub_id=hub))
    rows = Variant.objects.filter(id__in=variant_ids, splits_stock=True, source__ended_at__isnull=True)
    return rows.filter(agreed | Q(source__product__producer_id=F("product__producer_id"))).values_list(
        "id", "source_id", "source_yields"
    )


@Statement
def _items(*, hub_id: int, variant_ids: list[int]) -> QuerySet[StockItem, tuple]:
    """The pools that count for a hub; the hub's own come last, so that they win in a dict."""
    pools = StockItem.objects.filter(Q(hub_id=hub_id) | Q(hub__isnull=True), variant_id__in=variant_ids)
    source = StockItem.objects.filter(
        variant_id=OuterRef("variant__source_id"), hub__isnull=True, variant__ended_at__isnull=True
    )
    yields = Case(When(variant__splits_stock=True, hub__isnull=True, then="variant__source_yields"))
    in_order = pools.order_by(F("hub_id").asc(nulls_first=True))
    return in_order.annotate(
        yields=yields,
        source_on_demand=Subquery(source.values("on_demand")[:1]),
        source_on_hand=Subquery(source.values("on_hand")[:1]),
    ).values_list("variant_id", "on_demand", "on_hand", "yields", "source_on_demand", "source_on_hand")
