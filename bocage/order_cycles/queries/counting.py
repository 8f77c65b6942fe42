"""How much each side of a cycle carries, of how much it could: counted in the database, whatever the size of a cycle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from bocage.catalogue.models import Variant
from bocage.catalogue.queries.rights import running
from bocage.order_cycles.models import Exchange, ExchangeException, ExchangeVariant
from bocage.order_cycles.queries.carrying import incoming


@dataclass(frozen=True, slots=True)
class Count:
    """How many variants a side carries, of how many it could."""

    carried: int
    offered: int


def live() -> QuerySet[Variant]:
    """Return the variants that are still made."""
    return Variant.objects.filter(ended_at__isnull=True, product__ended_at__isnull=True)


def counted(exchanges: Sequence[Exchange], now: datetime) -> dict[int, Count]:
    """Return the count of each of a cycle's exchanges, by id, in five queries. `exchanges` are all of the cycle."""
    bringing = [e for e in exchanges if e.direction == Exchange.Direction.INCOMING]
    selling = [e for e in exchanges if e.direction == Exchange.Direction.OUTGOING]
    listed, left_out = _listed(exchanges), _left_out(bringing)
    made = _made(bringing)
    counts = {}
    for e in bringing:
        makes = made[e.enterprise_id]
        carried = makes - left_out[e.pk, e.enterprise_id] if e.carries_all else listed[e.pk]
        counts[e.pk] = Count(0 if e.withdrawn_at else carried, makes)
    comes = {e.enterprise_id: counts[e.pk].carried for e in bringing}
    agreed = _agreed(selling, now)
    excepted = _left_out([e for e in selling if e.carries_all])
    for e in selling:
        allowed = [farm for farm in comes if farm == e.enterprise_id or (farm, e.enterprise_id) in agreed]
        offered = sum(comes[farm] for farm in allowed)
        carried = offered - sum(excepted[e.pk, farm] for farm in allowed) if e.carries_all else listed[e.pk]
        counts[e.pk] = Count(carried, max(offered, carried))
    return counts


def brought_to(cycle_ids: Iterable[int]) -> dict[int, int]:
    """Return how many variants come into each of these cycles, in three queries."""
    rows = list(Exchange.objects.filter(cycle_id__in=list(cycle_ids), direction="incoming", withdrawn_at__isnull=True))
    listed, left_out, made = _listed(rows), _left_out(rows), _made([row for row in rows if row.carries_all])
    found: dict[int, int] = defaultdict(int)
    for e in rows:
        all_but = made[e.enterprise_id] - left_out[e.pk, e.enterprise_id]
        found[e.cycle_id] += all_but if e.carries_all else listed[e.pk]
    return found


def _made(bringing: Iterable[Exchange]) -> dict[int, int]:
    makers = [e.enterprise_id for e in bringing]
    rows = live().filter(product__producer_id__in=makers).values_list("product__producer_id")
    return defaultdict(int, rows.annotate(n=models.Count("id")))


def _listed(exchanges: Iterable[Exchange]) -> dict[int, int]:
    """What each lists: all its rows, counted in the index, less those that are no longer made or brought."""
    sides = [e for e in exchanges if not e.carries_all]
    rows = ExchangeVariant.objects.filter(exchange_id__in=[e.pk for e in sides])
    found: dict[int, int] = defaultdict(int, rows.values_list("exchange_id").annotate(n=models.Count("id")))
    makers = [e.enterprise_id for e in exchanges if e.direction == Exchange.Direction.INCOMING]
    gone = [e.enterprise_id for e in exchanges if e.withdrawn_at]
    lost = Variant.objects.filter(product__producer_id__in=makers).filter(
        Q(ended_at__isnull=False) | Q(product__ended_at__isnull=False) | Q(product__producer_id__in=gone)
    )
    for exchange_id, count in (
        rows.filter(variant_id__in=list(lost.values_list("id", flat=True)))
        .values_list("exchange_id")
        .annotate(n=models.Count("id"))
    ):
        found[exchange_id] -= count
    return found


def _left_out(exchanges: Iterable[Exchange]) -> dict[tuple[int, int], int]:
    """What each leaves out by exchange and producer, as far as it is made and, going out, comes in at all."""
    sides = list(exchanges)
    comes_in = Exists(incoming("variant_id", "variant__product__producer_id").filter(cycle=OuterRef("exchange__cycle")))
    rows = ExchangeException.objects.filter(
        Q(exchange__direction=Exchange.Direction.INCOMING) | comes_in,
        exchange_id__in=[e.pk for e in sides],
        variant__ended_at__isnull=True,
        variant__product__ended_at__isnull=True,
    ).values_list("exchange_id", "variant__product__producer_id")
    found: dict[tuple[int, int], int] = defaultdict(int)
    for exchange_id, producer_id, count in rows.annotate(n=models.Count("id")):
        found[exchange_id, producer_id] = count
    return found


def _agreed(selling: Iterable[Exchange], now: datetime) -> set[tuple[int, int]]:
    hubs = [e.enterprise_id for e in selling]
    return set(running(now).filter(hub_id__in=hubs).values_list("producer_id", "hub_id"))
