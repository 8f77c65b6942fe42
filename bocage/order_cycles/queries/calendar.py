"""When which hub sells: what anybody may know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Min, Q

from bocage.order_cycles.models import Exchange, HandOver, OrderCycle


@dataclass(frozen=True, slots=True)
class HandOverRow:
    """When and by which way a hub hands over; `point` and `town` are those of a pickup point, if it is one."""

    method_id: int
    method: str
    kind: str
    point: str
    town: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class OpenCycle:
    """A cycle in which a hub takes orders now."""

    id: int
    name: str
    opens_at: datetime
    closes_at: datetime
    version: int
    hand_overs: tuple[HandOverRow, ...]


@dataclass(frozen=True, slots=True)
class HubTimes:
    """Until when a hub takes orders now, when it does next, and when it last did; None: not, not yet, never."""

    open_until: datetime | None = None
    opens_at: datetime | None = None
    closed_at: datetime | None = None


def open_cycles(*, hub_id: int, now: datetime) -> list[OpenCycle]:
    """Return the cycles in which a hub takes orders at `now`, the next to close first, in two SQL queries."""
    sells_here = Exchange.objects.filter(direction="outgoing", enterprise_id=hub_id).values("cycle_id")
    cycles = OrderCycle.objects.filter(id__in=sells_here, opens_at__lte=now, closes_at__gt=now)
    rows = list(cycles.order_by("closes_at", "id").values_list("id", "name", "opens_at", "closes_at", "version"))
    windows = hand_overs_of([row[0] for row in rows], hub_id=hub_id)
    return [OpenCycle(*row, hand_overs=windows.get(row[0], ())) for row in rows]


def hand_overs_of(cycle_ids: Iterable[int], *, hub_id: int) -> dict[int, tuple[HandOverRow, ...]]:
    """Return a hub's hand-overs by cycle, earliest first, of delivery methods still offered, in one SQL query."""
    rows = HandOver.objects.filter(
        exchange__cycle_id__in=list(cycle_ids), exchange__enterprise_id=hub_id, method__ended_at__isnull=True
    ).select_related("exchange", "method__point")
    found: dict[int, tuple[HandOverRow, ...]] = {}
    for row in rows.order_by("starts_at", "id"):
        point = row.method.point
        window = HandOverRow(
            method_id=row.method_id,
            method=row.method.name,
            kind=row.method.kind,
            point=point.name if point else "",
            town=point.town if point else "",
            starts_at=row.starts_at,
            ends_at=row.ends_at,
        )
        found[row.exchange.cycle_id] = (*found.get(row.exchange.cycle_id, ()), window)
    return found


def next_opening(*, hub_id: int, now: datetime) -> datetime | None:
    """Return when a hub opens next after `now`, or None, in one SQL query."""
    return hubs_open(hub_ids=[hub_id], now=now)[hub_id].opens_at


def hubs_open(*, hub_ids: Iterable[int], now: datetime) -> dict[int, HubTimes]:
    """Return the times of each of these hubs, in one SQL query."""
    ids = list(hub_ids)
    rows = (
        Exchange.objects.filter(direction="outgoing", enterprise_id__in=ids)
        .values("enterprise_id")
        .annotate(
            until=Min("cycle__closes_at", filter=Q(cycle__opens_at__lte=now, cycle__closes_at__gt=now)),
            coming=Min("cycle__opens_at", filter=Q(cycle__opens_at__gt=now)),
            over=Max("cycle__closes_at", filter=Q(cycle__closes_at__lte=now)),
        )
        .values_list("enterprise_id", "until", "coming", "over")
    )
    found = {row[0]: HubTimes(*row[1:]) for row in rows}
    return {hub_id: found.get(hub_id, HubTimes()) for hub_id in ids}
