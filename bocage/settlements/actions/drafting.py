"""Draws up what a hub owes each farm for a sale, with what changed of sales that were stated before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Value
from django.db.models.functions import Concat

from bocage.commons.refusals import NotFound
from bocage.infra import locks
from bocage.infra.inserts import insert, insert_new
from bocage.ledger.models import Entry
from bocage.network.models import Enterprise
from bocage.network.rules import Actor, Right
from bocage.order_cycles.models import OrderCycle
from bocage.orders.models import Order
from bocage.settlements import queries, rules
from bocage.settlements.models import Desk, Line, Reopened, Statement
from bocage.settlements.queries.positions import FarmSums
from bocage.settlements.rules import Key, Sum


@transaction.atomic
def draw_up(*, hub_id: int, cycle_id: int, actor: Actor, now: datetime) -> int:
    """Draw up the statements of a closed sale, or draw the drafts up anew; return how many drafts there are.

    Those that were approved stay. Changes of sales stated before become lines of these. Queries are constant in orders
    and farms. For those with ISSUE_INVOICES. Raises Forbidden, NotFound, SaleStillOpen.
    """
    actor.require(Right.ISSUE_INVOICES, on=hub_id)
    closes_at = OrderCycle.objects.filter(id=cycle_id).values_list("closes_at", flat=True).first()
    if closes_at is None:
        raise NotFound()
    if closes_at > now:
        raise rules.SaleStillOpen()
    take_desk(hub_id)
    return len(redraw(hub_id, cycle_id, now))


def take_desk(hub_id: int) -> Desk:
    """Lock a hub's desk, made where it is missing, and note which stated sales have moved since it was last looked."""
    desk = locks.lock_row(Desk.objects.all(), hub_id)
    if desk is None:
        insert_new(Desk(hub_id=hub_id))
        desk = locks.lock_row(Desk.objects.all(), hub_id)
    assert desk is not None
    _look_through(desk)
    return desk


def _look_through(desk: Desk) -> None:
    """Read the book on from where it was read last: the sales of orders that moved, if anything was stated of them.

    Entries have numbers without gaps in the order in which they are committed, so that none slips through.
    """
    last = Entry.objects.filter(book_id=desk.hub_id).aggregate(last=Max("number"))["last"] or 0
    if last == desk.looked_through:
        return
    moved = Entry.objects.filter(book_id=desk.hub_id, number__gt=desk.looked_through, number__lte=last)
    stated = Statement.objects.filter(hub_id=desk.hub_id).exclude(state=Statement.State.DRAFTED)
    cycles = (
        Order.objects.filter(hub_id=desk.hub_id, cycle__in=stated.values("cycle_id"))
        .annotate(about=Concat(Value("order:"), "ref"))
        .filter(about__in=moved.values("about"))
        .order_by()
        .values_list("cycle_id", flat=True)
        .distinct()
    )
    Reopened.objects.bulk_create(
        [Reopened(hub_id=desk.hub_id, cycle_id=cycle_id) for cycle_id in cycles], ignore_conflicts=True
    )
    desk.looked_through = last
    desk.save(update_fields=["looked_through"])


def redraw(hub_id: int, cycle_id: int, now: datetime, producer_id: int | None = None) -> list[Statement]:
    """Draw up a sale's statements of one farm or of all, the desk being held; return the drafts."""
    again = set(Reopened.objects.filter(hub_id=hub_id).values_list("cycle_id", flat=True))
    asked: Any = {"hub_id": hub_id, "cycle_ids": again | {cycle_id}, "producer_id": producer_id}
    present, stated = queries.present_sums(**asked), queries.stated_sums(**asked)
    here = {row.producer_id: row for row in _of(cycle_id, hub_id, producer_id)}
    earlier = set(
        Statement.objects.filter(hub_id=hub_id, cycle_id__in=again - {cycle_id})
        .exclude(state=Statement.State.DRAFTED)
        .values_list("producer_id", "cycle_id")
    )
    states: dict[int, dict[Key, Sum]] = {}
    for farm in sorted({*present, *stated}):
        if farm in here and here[farm].state != Statement.State.DRAFTED:
            continue
        sums = rules.to_state(present.get(farm, {}), stated.get(farm, {}))
        states[farm] = {
            key: one for key, one in sums.items() if key.cycle_id == cycle_id or (farm, key.cycle_id) in earlier
        }
    _forget_settled(hub_id, again, present, stated, producer_id)
    return _write(hub_id, cycle_id, states, here, now)


def _of(cycle_id: int, hub_id: int, producer_id: int | None) -> Iterable[Statement]:
    rows = Statement.objects.filter(hub_id=hub_id, cycle_id=cycle_id)
    return rows.filter(producer_id=producer_id) if producer_id else rows


def _forget_settled(hub_id: int, again: set[int], present: FarmSums, stated: FarmSums, producer_id: int | None) -> None:
    """Look no more at sales of which everything has been stated, to every farm."""
    if producer_id is not None or not again:
        return
    off = {
        key.cycle_id
        for farm in {*present, *stated}
        for key in rules.to_state(present.get(farm, {}), stated.get(farm, {}))
    }
    Reopened.objects.filter(hub_id=hub_id, cycle_id__in=again - off).delete()


def _write(
    hub_id: int, cycle_id: int, states: Mapping[int, Mapping[Key, Sum]], here: Mapping[int, Statement], now: datetime
) -> list[Statement]:
    currency = Enterprise.objects.values_list("instance__currency", flat=True).get(id=hub_id)
    drafts = {farm: here[farm] for farm in states if farm in here}
    Line.objects.filter(statement__in=[row.pk for row in drafts.values()]).delete()
    empty = [row.pk for farm, row in drafts.items() if not states[farm]]
    Statement.objects.filter(id__in=empty).delete()
    missing = [farm for farm, sums in states.items() if sums and farm not in drafts]
    made = insert(
        Statement(hub_id=hub_id, producer_id=farm, cycle_id=cycle_id, currency=currency, drafted_at=now)
        for farm in missing
    )
    drafts = {farm: row for farm, row in drafts.items() if states[farm]} | {row.producer_id: row for row in made}
    Statement.objects.filter(id__in=[row.pk for row in drafts.values()]).update(drafted_at=now)
    insert(new_line(row, key, one) for farm, row in drafts.items() for key, one in states[farm].items())
    return list(drafts.values())


def new_line(statement: Statement, key: Key, one: Sum) -> Line:
    """Return the unsaved line that says what a key comes to."""
    return Line(
        statement=statement, cycle_id=key.cycle_id, kind=key.kind, name=key.name, variant_id=key.variant_id or None,
        variant_name=key.variant_name, unit=key.unit, size=key.size, pack=key.pack, measure=key.measure,
        is_weighed=key.is_weighed, price_minor=key.price_minor, millionths=key.millionths, fee_kind=key.fee_kind,
        quantity=one.quantity, grams=one.grams, net_minor=one.net, tax_minor=one.tax,
    )  # fmt: skip
