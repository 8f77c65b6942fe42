"""What the dashboard shows, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Concat, TruncDate
from django.utils import timezone

from bocage.commons.money import Money
from bocage.ledger.models import Posting
from bocage.network.rules import Actor, Right
from bocage.order_cycles.models import Exchange, HandOver, OrderCycle
from bocage.order_cycles.queries.carrying import outgoing
from bocage.orders.models import Order
from bocage.stock.models import StockItem
from bocage.web.dashboard.rules import Sold

REMEMBERED = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class SaleRow:
    """A sale that this hub takes part in, with its standing orders so far."""

    id: int
    name: str
    opens_at: datetime
    closes_at: datetime
    orders: int

    def is_open(self, now: datetime) -> bool:
        return self.opens_at <= now < self.closes_at


@dataclass(frozen=True, slots=True)
class Moment:
    """What is handed over (pickup, delivery) or brought (bring) of a sale on one day; `count`: places or farms."""

    cycle_id: int
    what: str
    name: str
    starts_at: datetime
    ends_at: datetime
    count: int = 1


@dataclass(frozen=True, slots=True)
class ShortRow:
    """A product of which little is left."""

    product: str
    left: int


@dataclass(frozen=True, slots=True)
class Unsettled:
    """Orders that were handed over and are not settled: how many, and how much in all."""

    orders: int
    amount: Money


def sales_of(*, hub_id: int, actor: Actor, now: datetime) -> list[SaleRow]:
    """Return the hub's sales that closed in the last 60 days or are to close, first to close first, in one query.

    Raises Forbidden.
    """
    actor.require(Right.SEE_ORDERS, on=hub_id)
    sells = Exchange.objects.filter(cycle_id=OuterRef("id"), direction="outgoing", enterprise_id=hub_id)
    orders = Order.objects.filter(cycle_id=OuterRef("id"), hub_id=hub_id, state=Order.State.PLACED)
    counted = orders.order_by().values("cycle_id").annotate(count=Count("id")).values("count")
    rows = (
        OrderCycle.objects.filter(Q(Exists(sells)) | Q(coordinator_id=hub_id), closes_at__gt=now - timedelta(days=60))
        .annotate(count=Subquery(counted))
        .order_by("closes_at", "id")
        .values_list("id", "name", "opens_at", "closes_at", "count")
    )
    return [SaleRow(*row[:-1], orders=row[-1] or 0) for row in rows]


def moments_of(*, hub_id: int, actor: Actor, starts_at: datetime, ends_at: datetime) -> list[Moment]:
    """Return what is handed over by, and brought to, this hub in [starts_at, ends_at), in two queries. Raises Forbidden."""
    actor.require(Right.SEE_ORDERS, on=hub_id)
    handed = HandOver.objects.filter(
        exchange__enterprise_id=hub_id, exchange__direction="outgoing", starts_at__lt=ends_at, ends_at__gte=starts_at
    )
    brought = (
        Exchange.objects.filter(direction="incoming", bring_at__gte=starts_at, bring_at__lt=ends_at)
        .filter(Q(cycle__coordinator_id=hub_id) | Exists(_outgoing(hub_id)))
        .values_list("cycle_id", "bring_at")
        .annotate(farms=Count("id"))
        .order_by("bring_at", "cycle_id")
    )
    rows = handed.order_by("starts_at", "id").values_list(
        "exchange__cycle_id", "method__name", "starts_at", "ends_at", "method__kind"
    )
    return _of_one_day(rows) + [Moment(cycle, "bring", "", at, at, farms) for cycle, at, farms in brought]


def sold(*, hub_id: int, actor: Actor, cycle_id: int, until: datetime) -> Sold:
    """Return what a sale had brought by `until`: standing orders alone, in one query. Raises Forbidden."""
    actor.require(Right.SEE_ORDERS, on=hub_id)
    found = Order.objects.filter(
        hub_id=hub_id, cycle_id=cycle_id, state=Order.State.PLACED, placed_at__lte=until
    ).aggregate(amount=Sum("total_minor"), count=Count("id"))
    return Sold(Money(found["amount"] or 0), found["count"])


def by_day(*, hub_id: int, actor: Actor, cycle_id: int) -> dict[date, tuple[int, int]]:
    """Return per day what was ordered, in minor units, and in how many orders, in one query. Raises Forbidden."""
    actor.require(Right.SEE_ORDERS, on=hub_id)
    rows = (
        Order.objects.filter(hub_id=hub_id, cycle_id=cycle_id, state=Order.State.PLACED)
        .annotate(day=TruncDate("placed_at"))
        .values_list("day")
        .annotate(amount=Sum("total_minor"), count=Count("id"))
        .order_by("day")
    )
    return {day: (amount, count) for day, amount, count in rows}


def past_sales(*, hub_id: int, actor: Actor, cycle_ids: Iterable[int]) -> dict[int, Sold]:
    """Return what each of these sales brought in all, in one query. Raises Forbidden."""
    actor.require(Right.SEE_ORDERS, on=hub_id)
    rows = (
        Order.objects.filter(hub_id=hub_id, cycle_id__in=list(cycle_ids), state=Order.State.PLACED)
        .values_list("cycle_id")
        .annotate(amount=Sum("total_minor"), count=Count("id"))
    )
    return {cycle: Sold(Money(amount), count) for cycle, amount, count in rows}


def nearly_sold_out(*, hub_id: int, actor: Actor, now: datetime, limit: int = 3) -> list[ShortRow]:
    """Return what this hub offers right now of which at most `limit` are left, least first, in one query.

    Raises Forbidden.
    """
    actor.require(Right.SEE_ORDERS, on=hub_id)
    offered = outgoing(at=now, variant="variant_id", producer="variant__product__producer_id").filter(
        enterprise_id=hub_id, cycle__opens_at__lte=now, cycle__closes_at__gt=now
    )
    own = StockItem.objects.filter(variant_id=OuterRef("variant_id"), hub_id=hub_id)
    rows = (
        StockItem.objects.filter(on_demand=False, on_hand__lte=limit, variant__ended_at__isnull=True)
        .filter(Q(hub_id=hub_id) | Q(hub_id__isnull=True) & ~Exists(own))
        .filter(Exists(offered))
        .order_by("on_hand", "variant__product__name", "id")
        .values_list("variant__product__name", "on_hand")
    )
    return [ShortRow(*row) for row in rows]


def unsettled(*, hub_id: int, actor: Actor, now: datetime) -> tuple[Unsettled, Unsettled]:
    """Return what is still to be paid for orders whose hand-over has begun, and what is to be given back, in one query.

    Looks back 120 days. Raises Forbidden.
    """
    actor.require(Right.SEE_ORDERS, on=hub_id)
    since = now - REMEMBERED
    orders = Order.objects.filter(hub_id=hub_id, placed_at__gt=since).annotate(about=Concat(Value("order:"), "ref"))
    begun = orders.filter(hand_over_from__lte=now)
    found = (
        _customers_postings(hub_id, since)
        .values("entry__about")
        .annotate(due=Sum("amount_minor"))
        .filter(
            Q(due__gt=0, entry__about__in=begun.values("about")) | Q(due__lt=0, entry__about__in=orders.values("about"))
        )
        .aggregate(
            due_count=Count("due", filter=Q(due__gt=0)),
            due_sum=Sum("due", filter=Q(due__gt=0)),
            credit_count=Count("due", filter=Q(due__lt=0)),
            credit_sum=Sum("due", filter=Q(due__lt=0)),
        )
    )
    return (
        Unsettled(found["due_count"], Money(found["due_sum"] or 0)),
        Unsettled(found["credit_count"], Money(-(found["credit_sum"] or 0))),
    )


def _customers_postings(hub_id: int, since: datetime) -> QuerySet[Posting]:
    """What moved on the hub's customers since a moment: all of it for orders placed since, as no entry is older than its
    order; read in one pass instead of order by order."""
    return Posting.objects.filter(
        entry__book_id=hub_id, entry__at__gte=since, account__kind="customer", account__book_id=hub_id
    )


def _of_one_day(rows: Iterable[tuple[int, str, datetime, datetime, str]]) -> list[Moment]:
    """Gather the hand-overs of a sale that begin on the same day."""
    found: dict[tuple[int, date], Moment] = {}
    for cycle, name, start, end, kind in rows:
        key = (cycle, timezone.localtime(start).date())
        first = found.get(key)
        found[key] = (
            replace(first, ends_at=max(first.ends_at, end), count=first.count + 1)
            if first
            else Moment(cycle, kind, name, start, end)
        )
    return list(found.values())


def _outgoing(hub_id: int) -> QuerySet[Exchange]:
    return Exchange.objects.filter(cycle_id=OuterRef("cycle_id"), direction="outgoing", enterprise_id=hub_id)
