"""Lines of many orders of a sale, changed one cell at a time; and what a hub decides for its shortages and batches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from bocage.commons.refusals import NotFound
from bocage.infra import locks
from bocage.network.rules import Actor, Right
from bocage.orders import rules
from bocage.orders.actions.amending import change_quantities, set_final_weights
from bocage.orders.models import Batch, Order, OrderLine, SharingRule
from bocage.orders.sharing import Sharing

MOST_IN_BATCH = 100_000_000


@dataclass(frozen=True, slots=True)
class LineValue:
    """What may be changed of a line: its units, and its final weight in grams, None while not weighed."""

    quantity: int
    final_weight_g: int | None


@transaction.atomic
def set_line(*, hub_id: int, line_id: int, wanted: LineValue, seen: LineValue, actor: Actor, now: datetime) -> None:
    """Give a line another quantity or final weight, held against what was shown.

    A changed quantity forgets a final weight, unless that is changed as well. Quantities are for those with
    MANAGE_ORDERS, weights for those who PACK. Raises Forbidden, LineGone, ChangedMeanwhile, and what change_quantities
    and set_final_weights raise. Emits OrderChanged.
    """
    actor.require(Right.PACK, on=hub_id)
    line = _held(hub_id, line_id)
    actual = LineValue(line.quantity, line.final_weight_g)
    if actual not in (seen, wanted):
        weight = f", {actual.final_weight_g} g" if actual.final_weight_g else ""
        raise rules.ChangedMeanwhile(lines=f"{line.product_name} ({actual.quantity}{weight})")
    weight_now = actual.final_weight_g
    if wanted.quantity != actual.quantity:
        actor.require(Right.MANAGE_ORDERS, on=hub_id)
        change_quantities(order_id=line.order_id, quantities={line.variant_id: wanted.quantity}, actor=actor, now=now)
        weight_now = None
    if wanted.final_weight_g not in (seen.final_weight_g, weight_now):
        weights = {line.pk: wanted.final_weight_g}
        set_final_weights(order_id=line.order_id, weights=weights, actor=actor, now=now)


@transaction.atomic
def choose_sharing(*, hub_id: int, rule: Sharing, actor: Actor) -> None:
    """Keep how a hub shares shortages. Raises Forbidden without MANAGE_ORDERS."""
    actor.require(Right.MANAGE_ORDERS, on=hub_id)
    SharingRule.objects.update_or_create(hub_id=hub_id, defaults={"rule": rule.value})


@transaction.atomic
def set_batch(*, hub_id: int, product_id: int, size: int, actor: Actor) -> None:
    """Keep in which lots a hub gets a product, in its unit (g, mL, items); 0 forgets it.

    Raises Forbidden without MANAGE_ORDERS, AbsurdBatch, NotFound (nobody ordered it here).
    """
    actor.require(Right.MANAGE_ORDERS, on=hub_id)
    if not 0 <= size <= MOST_IN_BATCH:
        raise rules.AbsurdBatch()
    if not OrderLine.objects.filter(order__hub_id=hub_id, variant__product_id=product_id).exists():
        raise NotFound()
    if size:
        Batch.objects.update_or_create(hub_id=hub_id, product_id=product_id, defaults={"size": size})
    else:
        Batch.objects.filter(hub_id=hub_id, product_id=product_id).delete()


def _held(hub_id: int, line_id: int) -> OrderLine:
    """Return a line of the hub whose order is held until the transaction ends. Raises LineGone."""
    order_id = OrderLine.objects.filter(id=line_id, order__hub_id=hub_id).values_list("order_id", flat=True).first()
    if order_id is None:
        raise rules.LineGone()
    locks.lock_row(Order.objects.all(), order_id)
    line = OrderLine.objects.filter(id=line_id, order_id=order_id).first()
    if line is None:
        raise rules.LineGone()
    return line
