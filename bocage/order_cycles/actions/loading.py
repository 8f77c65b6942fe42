"""Loading what an action is about: locked, with the right asked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists

from bocage.commons.refusals import Forbidden, NotFound
from bocage.infra.locks import lock_row
from bocage.infra.outbox import emit
from bocage.network.rules import Actor, Right
from bocage.order_cycles.events import CycleChanged
from bocage.order_cycles.models import Exchange, ExchangeVariant, OrderCycle
from bocage.order_cycles.queries.carrying import incoming


def own_cycle(cycle_id: int, actor: Actor) -> OrderCycle:
    """Return a cycle, locked, that the actor coordinates. Raises NotFound, Forbidden."""
    cycle = lock_row(OrderCycle.objects.select_related("coordinator__instance"), cycle_id)
    if cycle is None:
        raise NotFound
    actor.require(Right.MANAGE_CYCLES, on=cycle.coordinator_id)
    return cycle


def own_exchange(exchange_id: int, actor: Actor, *, partner_too: bool = False) -> tuple[OrderCycle, Exchange]:
    """Return an exchange and its cycle, locked; for its coordinator, and its own enterprise where `partner_too`."""
    exchange = Exchange.objects.select_related("enterprise").filter(id=exchange_id).first()
    if exchange is None:
        raise NotFound
    cycle = lock_row(OrderCycle.objects.select_related("coordinator__instance"), exchange.cycle_id)
    if cycle is None:
        raise NotFound
    allowed = [cycle.coordinator_id, *([exchange.enterprise_id] if partner_too else [])]
    if not any(actor.may(Right.MANAGE_CYCLES, on=enterprise_id) for enterprise_id in allowed):
        raise Forbidden(right=Right.MANAGE_CYCLES.value)
    return cycle, exchange


def grown(cycle: OrderCycle, what: str, actor: Actor, now: datetime) -> None:
    """Save a cycle as changed: its version grows, so that kept offers are computed again. Emits CycleChanged.

    Changed by a person, it is no longer its series' to change.
    """
    cycle.version += 1
    cycle.is_touched = cycle.is_touched or not actor.is_system
    cycle.save()
    emit(CycleChanged(cycle_id=cycle.pk, what=what), by=actor, at=now)


def cut_outgoing(cycle: OrderCycle, variant_ids: Collection[int] | None = None) -> None:
    """Take out of all hubs' lists what does not come in, looking at `variant_ids` alone where given."""
    outgoing = ExchangeVariant.objects.filter(exchange__cycle=cycle, exchange__direction=Exchange.Direction.OUTGOING)
    if variant_ids is not None:
        outgoing = outgoing.filter(variant_id__in=variant_ids)
    comes_in = incoming("variant_id", "variant__product__producer_id").filter(cycle=cycle)
    gone = outgoing.exclude(Exists(comes_in)).values_list("id", flat=True)
    ExchangeVariant.objects.filter(id__in=list(gone)).delete()
