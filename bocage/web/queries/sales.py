"""Which hubs sell now, until when, and when the others open next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Subquery

from bocage.order_cycles.models import Exchange, HandOver
from bocage.shops.queries import visitors_sights
from bocage.shops.rules.tagging import EVERYTHING, Kind, read_tags

SOON = timedelta(hours=36)


@dataclass(frozen=True, slots=True)
class Sale:
    """A hub's sale of the moment, or its next one; `state` is open, soon (closes within 36 hours) or shut."""

    cycle_id: int
    name: str
    state: str
    opens_at: datetime
    closes_at: datetime
    hand_over_at: datetime | None


def sales_of(hub_ids: Iterable[int], *, now: datetime) -> dict[int, Sale]:
    """Return per hub the open sale that closes first, else the one that opens next, of those that a visitor sees.

    One query, two where sales have tags.
    """
    hand_over = HandOver.objects.filter(exchange_id=OuterRef("id")).order_by("starts_at").values("starts_at")[:1]
    rows = (
        Exchange.objects.filter(direction="outgoing", enterprise_id__in=list(hub_ids), cycle__closes_at__gt=now)
        .annotate(hand_over_at=Subquery(hand_over))
        .order_by("cycle__closes_at", "cycle_id")
        .values_list("enterprise_id", "tags", *_FIELDS)
    )
    tagged = {hub_id for hub_id, tags, *_ in rows if tags}
    sights = visitors_sights(tagged) if tagged else {}
    found: dict[int, Sale] = {}
    for hub_id, tags, cycle_id, name, opens_at, closes_at, hand_over_at in rows:
        if not sights.get(hub_id, EVERYTHING).shows(Kind.SALES, read_tags(tags)):
            continue
        sale = Sale(cycle_id, name, _state(opens_at, closes_at, now), opens_at, closes_at, hand_over_at)
        if hub_id not in found or _comes_before(sale, found[hub_id]):
            found[hub_id] = sale
    return found


_FIELDS = ("cycle_id", "cycle__name", "cycle__opens_at", "cycle__closes_at", "hand_over_at")


def _state(opens_at: datetime, closes_at: datetime, now: datetime) -> str:
    if not opens_at <= now < closes_at:
        return "shut"
    return "soon" if closes_at - now <= SOON else "open"


def _comes_before(sale: Sale, other: Sale) -> bool:
    """An open sale comes before a coming one; of two coming ones, the one that opens first."""
    if (sale.state == "shut") != (other.state == "shut"):
        return sale.state != "shut"
    return sale.state == "shut" and sale.opens_at < other.opens_at
