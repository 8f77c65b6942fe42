"""Lists of orders: a hub's, filtered and paged; a person's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BigIntegerField, Case, Count, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Concat

from bocage.commons.money import Money
from bocage.ledger.models import Posting
from bocage.network.rules import Actor, Right
from bocage.orders.models import Order, OrderLine
from bocage.orders.queries import link_token


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order in a list. `due` > 0 is owed by the customer, < 0 to them."""

    order_id: int
    ref: str
    token: str
    state: str
    name: str
    email: str
    hub_name: str
    hub_slug: str
    placed_at: datetime
    cycle_id: int
    cycle_name: str
    closes_at: datetime
    delivery_name: str
    hand_over_from: datetime | None
    hand_over_to: datetime | None
    lines: int
    total: Money
    paid: Money
    due: Money


@dataclass(frozen=True, slots=True)
class OrderList:
    """One page of orders, newest first: `total` counts all that match, `next` is where the next page starts, or None."""

    rows: list[OrderRow]
    total: int
    amount: Money
    next: int | None


@dataclass(frozen=True, slots=True)
class Between:
    """A time from `since` up to, but not at, `before`; None is without end."""

    since: datetime | None = None
    before: datetime | None = None

    def on(self, field: str) -> Q:
        """Return what holds of rows whose `field` lies in it."""
        bounds = {f"{field}__gte": self.since, f"{field}__lt": self.before}
        return Q(**{name: moment for name, moment in bounds.items() if moment is not None})


ANY_TIME = Between()
PAID = {"due": Q(balance__gt=0), "paid": Q(balance=0), "credit": Q(balance__lt=0)}


def hub_orders(
    *,
    hub_id: int,
    actor: Actor,
    cycle_id: int | None = None,
    state: str = "",
    paid: str = "",
    text: str = "",
    method_id: int | None = None,
    placed: Between = ANY_TIME,
    handed: Between = ANY_TIME,
    more_hubs: Sequence[int] = (),
    after: int | None = None,
    limit: int = 50,
) -> OrderList:
    """Return the orders of a hub, and of `more_hubs` beside it, newest first, in two queries. Raises Forbidden.

    state: placed, cancelled; paid: due, paid, credit; text: part of a name, e-mail or reference; placed, handed: when
    they were placed, when their hand-over begins; after: `next` of the page before.
    """
    for one in (hub_id, *more_hubs):
        actor.require(Right.SEE_ORDERS, on=one)
    rows = matching(
        hub_id=hub_id, more_hubs=more_hubs, cycle_id=cycle_id, state=state, paid=paid, text=text, method_id=method_id,
        placed=placed, handed=handed,
    )  # fmt: skip
    counted = rows.aggregate(count=Count("id"), amount=Sum("owed"))
    page = _rows(rows if after is None else rows.filter(id__lt=after), limit + 1)
    more = len(page) > limit
    return OrderList(
        rows=page[:limit],
        total=counted["count"],
        amount=Money(counted["amount"] or 0),
        next=page[limit - 1].order_id if more else None,
    )


def matching(
    *,
    hub_id: int,
    cycle_id: int | None,
    state: str,
    paid: str,
    text: str,
    method_id: int | None,
    placed: Between = ANY_TIME,
    handed: Between = ANY_TIME,
    more_hubs: Sequence[int] = (),
) -> QuerySet[Order]:
    """Return the hubs' orders that the filters of the list let through, with what is owed and the balance."""
    rows = Order.objects.filter(hub_id__in=[hub_id, *more_hubs]) if more_hubs else Order.objects.filter(hub_id=hub_id)
    rows = rows.filter(placed.on("placed_at") & handed.on("hand_over_from"))
    if cycle_id is not None:
        rows = rows.filter(cycle_id=cycle_id)
    if state:
        rows = rows.filter(state=state)
    if method_id is not None:
        rows = rows.filter(delivery_method_id=method_id)
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(email__icontains=text) | Q(ref__icontains=text))
    rows = with_balance(rows)
    return rows.filter(PAID[paid]) if paid in PAID else rows


def my_orders(*, actor: Actor, now: datetime, limit: int = 50) -> list[OrderRow]:
    """Return the orders of a signed-in person at every hub, newest first, in one query; a guest has none."""
    if actor.person_id is None:
        return []
    return _rows(with_balance(Order.objects.filter(customer__person_id=actor.person_id)), limit)


def with_balance(rows: QuerySet[Order]) -> QuerySet[Order]:
    """Add `owed` (nothing once cancelled) and `balance`, the sum of what the ledger posted on the customer, minor units."""
    posted = (
        Posting.objects.filter(entry__about=Concat(Value("order:"), OuterRef("ref")), account__kind="customer")
        .order_by()
        .values("entry__about")
        .annotate(sum=Sum("amount_minor"))
        .values("sum")
    )
    return rows.annotate(
        owed=Case(When(state="cancelled", then=Value(0)), default=F("total_minor"), output_field=BigIntegerField()),
        balance=Coalesce(Subquery(posted), Value(0), output_field=BigIntegerField()),
    )


def _rows(rows: QuerySet[Order], limit: int) -> list[OrderRow]:
    lines = (
        OrderLine.objects.filter(order=OuterRef("pk")).order_by().values("order").annotate(n=Count("id")).values("n")
    )
    fields = rows.annotate(line_count=Coalesce(Subquery(lines), 0)).order_by("-id").values_list(
        "id", "ref", "state", "name", "email", "hub__name", "hub__slug", "placed_at", "cycle_id", "cycle__name",
        "cycle__closes_at", "delivery_name", "hand_over_from", "hand_over_to", "line_count", "total_minor", "currency",
        "owed", "balance",
    )[:limit]  # fmt: skip
    return [_row(*row) for row in fields]


def _row(
    pk: int, ref: str, state: str, name: str, email: str, hub: str, slug: str, at: datetime, cycle_id: int, cycle: str,
    closes: datetime, delivery: str, start: datetime | None, end: datetime | None, lines: int, total: int, currency: str,
    owed: int, balance: int,
) -> OrderRow:  # fmt: skip
    return OrderRow(
        pk, ref, link_token(ref), state, name, email, hub, slug, at, cycle_id, cycle, closes, delivery, start, end, lines,
        Money(total, currency), Money(owed - balance, currency), Money(balance, currency),
    )  # fmt: skip
