"""Reads of orders and books what turnover is made of: a handful of queries for any number of shops."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Min, Q, Sum

from bocage.cooperative.contributions.models import StatementLine
from bocage.cooperative.contributions.rules.months import Month, recognised_on, start_of
from bocage.cooperative.contributions.rules.turnover import ONLINE, Change, Order, Sold, net_of, written_off
from bocage.invoicing.models import BillingIdentity
from bocage.ledger.models import Posting
from bocage.network.models import Enterprise, Role
from bocage.orders import models as orders

MOVES = (
    "amendment", "weight", "price", "adjustment", "hand_over", "payment_way", "cancellation", "resumption", "write_off",
    "credit",
)  # fmt: skip
TURNS = ("cancellation", "resumption")
TEST_WITHIN = timedelta(hours=24)
AT_ONCE = 5_000  # ids in one query


@dataclass(frozen=True, slots=True)
class Move:
    """What the books moved of an order, by component, without VAT."""

    on: date
    turns: bool
    by_component: Mapping[str, int]
    written_off: int
    is_apart: bool = False  # a credit: it lowers what was sold, and the order's rows do not say so


def sales_of(
    shops: Mapping[int, Sequence[str]], month: Month, zone: ZoneInfo, *, also: Iterable[int] = ()
) -> dict[int, list[Order]]:
    """Return the orders that a month's statements are about: recognised in it, moved in it, and `also` these ids.

    shops: id → the components its plan counts. Seven queries and three per 5,000 orders of earlier months that moved.
    """
    since = start_of(month.first, zone)
    moved = _moves(shops, since, zone)
    named = _ids_of(moved)
    in_month = _recognised(shops, month, zone)
    rows = {row["id"]: row for row in _orders(in_month)}
    parts = _parts(lambda prefix: _recognised(shops, month, zone, prefix))
    earlier = sorted((set(named) | set(also)) - set(rows))
    for start in range(0, len(earlier), AT_ONCE):
        ids = earlier[start : start + AT_ONCE]
        rows |= {row["id"]: row for row in _orders(Q(id__in=ids))}
        for order_id, sold in _parts(_among(ids)).items():
            parts[order_id] = sold
    managers = _managers(shops)
    resellers = _resellers(shops)
    found: dict[int, list[Order]] = defaultdict(list)
    for pk in sorted(rows):
        row = rows[pk]
        counted = shops.get(row["hub_id"])
        if counted is None:
            continue
        order = _order(row, parts.get(pk, {}), moved.get(row["ref"], ()), counted, zone)
        if order.on > month.last:
            continue
        is_test = order.is_test and (row["hub_id"], row["customer__person_id"]) in managers
        found[order.shop_id].append(
            replace(order, is_test=is_test, is_resale=row["customer_id"] in resellers)
            if is_test != order.is_test or row["customer_id"] in resellers
            else order
        )
    return found


def counted_of(shop_ids: Iterable[int], month: Month, zone: ZoneInfo) -> dict[int, int]:
    """Return what closed statements counted already of orders that are recognised in a month: their day was moved."""
    rows = StatementLine.objects.filter(_recognised(shop_ids, month, zone, "order__")).exclude(why="contested")
    return dict(rows.order_by().values_list("order_id").annotate(Sum("net_minor")))


def first_sales(shop_ids: Iterable[int], zone: ZoneInfo) -> dict[int, date]:
    """Return the day of the first recognised online sale of each shop that has one. Two queries."""
    rows = orders.Order.objects.filter(hub_id__in=list(shop_ids), state="placed", channel__in=sorted(ONLINE)).order_by()
    days: dict[int, date] = {}
    for hub_id, at in rows.filter(hand_over_from__isnull=False).values_list("hub_id").annotate(Min("hand_over_from")):
        days[hub_id] = recognised_on(at, at, zone)
    for hub_id, at in rows.filter(hand_over_from__isnull=True).values_list("hub_id").annotate(Min("cycle__closes_at")):
        on = recognised_on(None, at, zone)
        days[hub_id] = min(on, days.get(hub_id, on))
    return days


def _recognised(shops: Iterable[int], month: Month, zone: ZoneInfo, prefix: str = "") -> Q:
    """The orders whose recognition is in the month, as moments, so that indexes serve."""
    week = timedelta(days=7)

    def at(name: str, value: Any) -> Q:
        return Q(**{f"{prefix}{name}": value})

    start, end = start_of(month.first, zone), start_of(month.next.first, zone)
    late, late_end = start_of(month.first - week, zone), start_of(month.next.first - week, zone)
    fetched = at("hand_over_from__gte", start) & at("hand_over_from__lt", end)
    unfetched = at("hand_over_from__isnull", True) & at("cycle__closes_at__gte", late)
    unfetched &= at("cycle__closes_at__lt", late_end)
    settled = ~at("state", "awaiting")
    return at("hub_id__in", list(shops)) & settled & (fetched | unfetched)


def _among(ids: list[int]) -> Callable[[str], Q]:
    return lambda prefix: Q(**{f"{prefix}id__in": ids})


def _orders(which: Q) -> Iterable[Any]:
    rows = orders.Order.objects.filter(which).exclude(state="awaiting").order_by()
    return rows.values(
        "id", "ref", "hub_id", "channel", "state", "customer_id", "customer__person_id", "hand_over_from",
        "cycle__closes_at", "placed_at", "cancelled_at", "total_minor",
    ).iterator(chunk_size=5_000)  # fmt: skip


def _parts(which: Callable[[str], Q]) -> dict[int, dict[str, list[Sold]]]:
    """What orders hold, by component and VAT rate: two queries, one row for each."""
    found: dict[int, dict[str, list[Sold]]] = defaultdict(lambda: defaultdict(list))
    lines = orders.OrderLine.objects.filter(which("order__")).order_by()
    told = lines.values_list("order_id", "tax_millionths", "tax_is_included").annotate(Sum("goods_minor"))
    for order_id, rate, is_included, amount in told.iterator(chunk_size=5_000):
        found[order_id]["goods"].append(Sold(rate, amount, is_included))
    charges = orders.Charge.objects.filter(which("order__")).order_by()
    told_charges = charges.values_list("order_id", "kind", "fee_kind", "tax_millionths", "tax_is_included").annotate(
        Sum("amount_minor")
    )
    for order_id, kind, fee_kind, rate, is_included, amount in told_charges.iterator(chunk_size=5_000):
        found[order_id][fee_kind if kind == "fee" else kind].append(Sold(rate, amount, is_included))
    return found


def _order(
    row: Mapping[str, Any],
    parts: Mapping[str, list[Sold]],
    moves: Iterable[Move],
    counted: Sequence[str],
    zone: ZoneInfo,
) -> Order:
    net = net_of(one for component in counted for one in parts.get(component, ()))
    changes = []
    for move in moves:
        lost = written_off(move.written_off, row["total_minor"], net) if move.written_off else 0
        moved = sum(amount for component, amount in move.by_component.items() if component in counted)
        changes.append(Change(move.on, lost or moved, move.turns))
        net += lost + (moved if move.is_apart else 0)
    cancelled_at: datetime | None = row["cancelled_at"] if row["state"] == "cancelled" else None
    return Order(
        id=row["id"],
        ref=row["ref"],
        shop_id=row["hub_id"],
        channel=row["channel"],
        on=recognised_on(row["hand_over_from"], row["cycle__closes_at"], zone),
        net=net,
        cancelled_on=cancelled_at.astimezone(zone).date() if cancelled_at else None,
        is_test=cancelled_at is not None and cancelled_at - row["placed_at"] <= TEST_WITHIN,
        changes=tuple(changes),
    )


def _moves(shops: Iterable[int], since: datetime, zone: ZoneInfo) -> dict[str, list[Move]]:
    """What the books moved of orders since a month began, by the order's reference. One query."""
    rows = Posting.objects.filter(
        entry__book_id__in=list(shops), entry__at__gte=since, entry__what__in=MOVES, entry__about__startswith="order:",
        account__kind__in=("producer", "fees", "allowance", "customer"),
    ).order_by("entry_id")  # fmt: skip
    told = rows.values_list(
        "entry_id", "entry__about", "entry__at", "entry__what", "account__kind", "account__subject", "amount_minor"
    )
    entries: dict[int, tuple[str, datetime, str, dict[str, int], list[int]]] = {}
    for entry_id, about, at, what, kind, subject, amount in told.iterator(chunk_size=5_000):
        _, _, _, sums, owed = entries.setdefault(entry_id, (about, at, what, defaultdict(int), [0]))
        if kind == "customer":
            owed[0] -= amount
        else:
            sums[subject.partition(":")[0] if kind == "fees" else "goods"] -= amount
    found: dict[str, list[Move]] = defaultdict(list)
    for about, at, what, sums, owed in entries.values():
        off = owed[0] if what == "write_off" else 0
        found[about.partition(":")[2]].append(
            Move(at.astimezone(zone).date(), what in TURNS, sums, off, what == "credit")
        )
    return found


def _ids_of(moved: Mapping[str, object]) -> list[int]:
    refs = sorted(moved)
    found: list[int] = []
    for start in range(0, len(refs), AT_ONCE):
        rows = orders.Order.objects.filter(ref__in=refs[start : start + AT_ONCE]).order_by()
        found += rows.values_list("id", flat=True)
    return found


def _managers(shops: Iterable[int]) -> set[tuple[int, int | None]]:
    rows = Role.objects.filter(enterprise_id__in=list(shops), name=Role.Name.MANAGER).order_by()
    return set(rows.values_list("enterprise_id", "person_id"))


def _resellers(shops: Iterable[int]) -> set[int]:
    """The customers that are themselves a shop of the platform, known by their SIREN."""
    identities = BillingIdentity.objects.filter(customer__hub_id__in=list(shops)).exclude(siren="").order_by()
    told = list(identities.values_list("customer_id", "siren"))
    if not told:
        return set()
    known = Enterprise.objects.exclude(sells="none").exclude(siret="").order_by()
    sirens = {siret[:9] for siret in known.values_list("siret", flat=True)}
    return {customer_id for customer_id, siren in told if siren in sirens}
