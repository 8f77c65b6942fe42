"""A cycle from its first day to its last: create, date, open, close, reopen, delete; and telling what the clock did."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, ProtectedError, Q, QuerySet

from bocage.catalogue.queries.rights import running
from bocage.infra.locks import lock_rows
from bocage.infra.outbox import emit
from bocage.network.models import Enterprise
from bocage.network.rules import SYSTEM, Actor, Right
from bocage.order_cycles import rules
from bocage.order_cycles.actions import asking
from bocage.order_cycles.actions.loading import grown, own_cycle
from bocage.order_cycles.events import CycleClosed, CycleDeleted, CycleOpened, CycleReopened
from bocage.order_cycles.models import CycleFee, Exchange, ExchangeVariant, OrderCycle, SeriesPause
from bocage.order_cycles.rules import State

Direction = Exchange.Direction


@transaction.atomic
def create_cycle(
    *, coordinator_id: int, name: str, opens_at: datetime, closes_at: datetime, actor: Actor, now: datetime
) -> int:
    """Plan a cycle; return its id. Who sells only its own gets a simple one: from itself to itself, all it makes.

    Raises Forbidden, CannotCoordinate, CycleNeedsAName, CycleClosesBeforeItOpens, and what apps above refuse.
    """
    actor.require(Right.MANAGE_CYCLES, on=coordinator_id)
    rules.check_cycle(name, opens_at, closes_at)
    asking.check_new(coordinator_id, now)
    coordinator = Enterprise.objects.filter(id=coordinator_id).first()
    if coordinator is None or coordinator.sells == Enterprise.Sells.NONE:
        raise rules.CannotCoordinate(enterprise=coordinator.name if coordinator else coordinator_id)
    cycle = OrderCycle.objects.create(
        coordinator=coordinator, name=name.strip(), opens_at=opens_at, closes_at=closes_at, created_at=now
    )
    if coordinator.sells == Enterprise.Sells.OWN:
        _mirror(cycle)
    return cycle.pk


@transaction.atomic
def edit_cycle(
    *, cycle_id: int, name: str, opens_at: datetime, closes_at: datetime, actor: Actor, now: datetime
) -> None:
    """Rename a cycle or move its dates. What is to come again will be told again. Emits CycleChanged.

    Raises Forbidden, CycleNeedsAName, CycleClosesBeforeItOpens.
    """
    cycle = own_cycle(cycle_id, actor)
    rules.check_cycle(name, opens_at, closes_at)
    cycle.name, cycle.opens_at, cycle.closes_at = name.strip(), opens_at, closes_at
    _forget_told(cycle, now)
    grown(cycle, "dates", actor, now)


@transaction.atomic
def open_now(*, cycle_id: int, actor: Actor, now: datetime) -> None:
    """Open a coming cycle before its time. Raises Forbidden, CycleIsNotUpcoming. Emits CycleChanged, CycleOpened."""
    cycle = own_cycle(cycle_id, actor)
    if _state(cycle, now) is not State.UPCOMING:
        raise rules.CycleIsNotUpcoming(cycle=cycle.name)
    cycle.opens_at = now
    grown(cycle, "opened", actor, now)
    _tell_opened(cycle, actor, now)


@transaction.atomic
def close_now(*, cycle_id: int, actor: Actor, now: datetime) -> None:
    """Close an open cycle before its time. Raises Forbidden, CycleIsNotOpen. Emits CycleChanged, CycleClosed."""
    cycle = own_cycle(cycle_id, actor)
    if _state(cycle, now) is not State.OPEN:
        raise rules.CycleIsNotOpen(cycle=cycle.name)
    cycle.closes_at = max(now, cycle.opens_at + timedelta(microseconds=1))
    grown(cycle, "closed", actor, now)
    _tell_opened(cycle, actor, now)
    _tell_closed(cycle, actor, now)


@transaction.atomic
def reopen(*, cycle_id: int, until: datetime, actor: Actor, now: datetime) -> None:
    """Take orders again in a closed cycle, until a moment to come; its closing will be told again.

    Raises Forbidden, CycleIsNotClosed, ReopenUntilThePast. Emits CycleChanged, CycleReopened.
    """
    cycle = own_cycle(cycle_id, actor)
    if _state(cycle, now) is not State.CLOSED:
        raise rules.CycleIsNotClosed(cycle=cycle.name)
    if until <= now:
        raise rules.ReopenUntilThePast
    cycle.closes_at = until
    _forget_told(cycle, now)
    grown(cycle, "reopened", actor, now)
    fact = CycleReopened(cycle_id=cycle.pk, coordinator_id=cycle.coordinator_id, closes_at=until.isoformat())
    emit(fact, by=actor, at=now)


@transaction.atomic
def delete_cycle(*, cycle_id: int, actor: Actor, now: datetime) -> None:
    """Delete a cycle that nobody ordered in; a series does not make it again.

    Raises Forbidden, CycleHasOrders. Emits CycleDeleted.
    """
    cycle = own_cycle(cycle_id, actor)
    fact = CycleDeleted(cycle_id=cycle.pk, coordinator_id=cycle.coordinator_id, name=cycle.name)
    if cycle.series_id and cycle.series_on:
        SeriesPause.objects.create(series_id=cycle.series_id, first_on=cycle.series_on, last_on=cycle.series_on)
    try:
        cycle.delete()
    except ProtectedError as error:
        raise rules.CycleHasOrders(cycle=cycle.name) from error
    emit(fact, by=actor, at=now)


def tell_due(*, now: datetime) -> int:
    """Tell of each cycle that opened or closed since, however long ago, exactly once; return how many facts.

    Safe to call at any time and by several callers at once. Emits CycleOpened, CycleClosed.
    """
    opened = OrderCycle.objects.filter(opens_at__lte=now, opening_told_at__isnull=True)
    closed = OrderCycle.objects.filter(closes_at__lte=now, closing_told_at__isnull=True)
    due = set(opened.values_list("id", flat=True)) | set(closed.values_list("id", flat=True))
    told = 0
    for cycle_id in sorted(due):
        with transaction.atomic():
            cycle = OrderCycle.objects.get(id=cycle_id)
            told += _tell_opened(cycle, SYSTEM, now) + _tell_closed(cycle, SYSTEM, now)
    return told


@transaction.atomic
def refresh(*, variant_ids: Iterable[int] = (), producer_id: int = 0, fee_id: int | None = None, now: datetime) -> int:
    """Let the versions of cycles not yet closed grow that carry these goods or this fee; return how many.

    `producer_id` makes the goods: where all it makes comes in, they may be new.
    """
    rows = OrderCycle.objects.filter(closes_at__gt=now)
    if fee_id is not None:
        charging = CycleFee.objects.filter(fee_id=fee_id).values("cycle_id")
        return rows.filter(id__in=charging).update(version=F("version") + 1)
    listed = ExchangeVariant.objects.filter(exchange_id=OuterRef("pk"), variant_id__in=list(variant_ids))
    listing = Exchange.objects.filter(Exists(listed), cycle__closes_at__gt=now).values("cycle_id")
    all_of_it = Exchange.objects.filter(
        direction=Direction.INCOMING, carries_all=True, enterprise_id=producer_id
    ).values("cycle_id")
    return rows.filter(Q(id__in=listing) | Q(id__in=all_of_it)).update(version=F("version") + 1)


def follow_agreements(*, now: datetime, producer_id: int | None = None) -> int:
    """Take farms out of cycles not yet closed whose agreement with the coordinator does not run, and back in if it does.

    Nothing more of such a farm can be ordered; what was ordered stays ordered. Safe to repeat; returns how many
    exchanges changed, looking at one producer alone where given. Emits CycleChanged.
    """
    agreed = Exists(
        running(now).filter(producer_id=OuterRef("enterprise_id"), hub_id=OuterRef("cycle__coordinator_id"))
    )
    sides = Exchange.objects.filter(direction=Direction.INCOMING, cycle__closes_at__gt=now)
    if producer_id is not None:
        sides = sides.filter(enterprise_id=producer_id)
    gone = sides.filter(~agreed, withdrawn_at__isnull=True).exclude(enterprise_id=F("cycle__coordinator_id"))
    back = sides.filter(agreed, withdrawn_at__isnull=False)
    return _switch(gone, now, withdrawn_at=now) + _switch(back, now, withdrawn_at=None)


@transaction.atomic
def _switch(sides: QuerySet[Exchange], now: datetime, *, withdrawn_at: datetime | None) -> int:
    changed = list(sides.order_by("id").values_list("id", "cycle_id"))
    for cycle in lock_rows(OrderCycle.objects.all(), [cycle_id for _, cycle_id in changed]):
        Exchange.objects.filter(cycle=cycle, id__in=[pk for pk, _ in changed]).update(withdrawn_at=withdrawn_at)
        grown(cycle, "incoming", SYSTEM, now)
    return len(changed)


def _mirror(cycle: OrderCycle) -> None:
    """All it makes comes in and goes out, what it makes later too."""
    for direction in (Direction.INCOMING, Direction.OUTGOING):
        Exchange.objects.create(cycle=cycle, direction=direction, enterprise_id=cycle.coordinator_id, carries_all=True)


def _state(cycle: OrderCycle, now: datetime) -> State:
    return rules.state(cycle.opens_at, cycle.closes_at, now)


def _forget_told(cycle: OrderCycle, now: datetime) -> None:
    if cycle.opens_at > now:
        cycle.opening_told_at = None
    if cycle.closes_at > now:
        cycle.closing_told_at = None


def _tell_opened(cycle: OrderCycle, actor: Actor, now: datetime) -> int:
    due = OrderCycle.objects.filter(id=cycle.pk, opens_at__lte=now, opening_told_at__isnull=True)
    if due.update(opening_told_at=now):
        emit(CycleOpened(cycle.pk, cycle.coordinator_id, _hubs(cycle)), by=actor, at=now)
        return 1
    return 0


def _tell_closed(cycle: OrderCycle, actor: Actor, now: datetime) -> int:
    due = OrderCycle.objects.filter(id=cycle.pk, closes_at__lte=now, closing_told_at__isnull=True)
    if due.update(closing_told_at=now):
        emit(CycleClosed(cycle.pk, cycle.coordinator_id, _hubs(cycle)), by=actor, at=now)
        return 1
    return 0


def _hubs(cycle: OrderCycle) -> list[int]:
    outgoing = Exchange.objects.filter(cycle=cycle, direction=Direction.OUTGOING).order_by("enterprise_id")
    return list(outgoing.values_list("enterprise_id", flat=True))
