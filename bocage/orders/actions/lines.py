"""Lines of many orders of a sale, changed one cell at a time; and what a hub decides for its shortages and batches."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from bocage.catalogue.models import Variant
from bocage.commons.money import MINOR_DIGITS
from bocage.commons.refusals import NotFound
from bocage.infra import locks
from bocage.network.models import Enterprise
from bocage.network.rules import Actor, Right
from bocage.orders import rules
from bocage.orders.actions.amending import amend_price, amend_quantities, amend_weights
from bocage.orders.models import Batch, FarmAccess, Order, OrderLine, SharingRule
from bocage.orders.sharing import Sharing

MOST_IN_BATCH = 100_000_000


@dataclass(frozen=True, slots=True)
class LineValue:
    """What may be changed of a line: its units; its final weight in grams, None while not weighed; its price of one
    before fees, in minor units, None where that is not spoken of.
    """

    quantity: int
    final_weight_g: int | None
    price_minor: int | None = None


@transaction.atomic
def set_line(*, hub_id: int, line_id: int, wanted: LineValue, seen: LineValue, actor: Actor, now: datetime) -> None:
    """Give a line another quantity, final weight or price, held against what was shown.

    A changed quantity forgets a final weight, unless that is changed as well; 0 takes the line out, back into stock.
    Quantities and prices are for those with MANAGE_ORDERS, weights for those who PACK. The customer is told when nothing
    moves any more (`actions.telling`). Raises Forbidden, LineGone, ChangedMeanwhile, and what amend_quantities,
    amend_weights and amend_price raise. Emits OrderChanged.
    """
    actor.require(Right.PACK, on=hub_id)
    order, line = _held(OrderLine.objects.filter(order__hub_id=hub_id), line_id)
    if _is_priced_or_counted(line, wanted):
        actor.require(Right.MANAGE_ORDERS, on=hub_id)
    _set(order, line, wanted, seen, actor, now)


@transaction.atomic
def set_farm_line(
    *, farm_id: int, line_id: int, wanted: LineValue, seen: LineValue, actor: Actor, now: datetime
) -> None:
    """Let a farm change a line of its own goods, where the hub that sells them allows it, as `set_line` does.

    For those with MANAGE_ORDERS at the farm; the history names them and the farm. Raises HubEditsAlone, HubAddsAlone,
    HubSetsPrices, and what set_line raises.
    """
    actor.require(Right.MANAGE_ORDERS, on=farm_id)
    order, line = _held(OrderLine.objects.filter(producer_id=farm_id), line_id)
    access = FarmAccess.objects.filter(hub_id=order.hub_id).first()
    names = dict(Enterprise.objects.filter(id__in=[order.hub_id, farm_id]).values_list("id", "name"))
    if access is None or not access.edits_lines:
        raise rules.HubEditsAlone(hub=names[order.hub_id])
    if wanted.quantity == 0 and not access.adds_lines:
        raise rules.HubAddsAlone(hub=names[order.hub_id])
    if wanted.price_minor not in (None, line.price_minor) and not access.edits_prices:
        raise rules.HubSetsPrices(hub=names[order.hub_id])
    _set(order, line, wanted, seen, actor.called(f"{actor.name}, {names[farm_id]}"), now)


@transaction.atomic
def add_farm_line(
    *, farm_id: int, hub_id: int, ref: str, variant_id: int, quantity: int, actor: Actor, now: datetime
) -> None:
    """Let a farm put goods of its own into an order that holds some of them, where the hub that sells them allows it.

    For those with MANAGE_ORDERS at the farm; the history names them and the farm, the customer is told when nothing
    moves any more. What the order holds already is changed on its line. Raises Forbidden, NotFound (an order without the
    farm's goods, goods of others, a variant that it holds), HubEditsAlone, HubAddsAlone, and what amend_quantities
    raises. Emits OrderChanged.
    """
    actor.require(Right.MANAGE_ORDERS, on=farm_id)
    own = OrderLine.objects.filter(order__hub_id=hub_id, order__ref=ref, producer_id=farm_id)
    order_id = own.values_list("order_id", flat=True).first()
    is_own = Variant.objects.filter(id=variant_id, product__producer_id=farm_id).exists()
    order = locks.lock_row(Order.objects.all(), order_id) if order_id is not None and is_own else None
    if order is None or own.filter(variant_id=variant_id).exists():
        raise NotFound()
    access = FarmAccess.objects.filter(hub_id=hub_id).first()
    names = dict(Enterprise.objects.filter(id__in=[hub_id, farm_id]).values_list("id", "name"))
    if access is None or not access.edits_lines:
        raise rules.HubEditsAlone(hub=names[hub_id])
    if not access.adds_lines:
        raise rules.HubAddsAlone(hub=names[hub_id])
    known_as = actor.called(f"{actor.name}, {names[farm_id]}")
    amend_quantities(order, {variant_id: quantity}, actor=known_as, now=now, seen={variant_id: 0}, offered_to_hub=True)


@transaction.atomic
def set_farm_access(
    *, hub_id: int, edits_lines: bool, adds_lines: bool, edits_prices: bool, sees_names: bool, actor: Actor
) -> None:
    """Keep what a hub lets farms do with the lines of their goods. Raises Forbidden without MANAGE_ENTERPRISE."""
    actor.require(Right.MANAGE_ENTERPRISE, on=hub_id)
    values = {
        "edits_lines": edits_lines,
        "adds_lines": edits_lines and adds_lines,
        "edits_prices": edits_lines and edits_prices,
        "sees_names": sees_names,
    }
    FarmAccess.objects.update_or_create(hub_id=hub_id, defaults=values)


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


def _held(lines: QuerySet[OrderLine], line_id: int) -> tuple[Order, OrderLine]:
    """Return one of `lines` with its order, which is held until the transaction ends. Raises LineGone."""
    order_id = lines.filter(id=line_id).values_list("order_id", flat=True).first()
    order = locks.lock_row(Order.objects.all(), order_id) if order_id is not None else None
    line = lines.filter(id=line_id).first()
    if order is None or line is None:
        raise rules.LineGone()
    return order, line


def _set(order: Order, line: OrderLine, wanted: LineValue, seen: LineValue, actor: Actor, now: datetime) -> None:
    actual = LineValue(line.quantity, line.final_weight_g, None if seen.price_minor is None else line.price_minor)
    if actual not in (seen, wanted):
        told = actual if actual.price_minor != seen.price_minor else replace(actual, price_minor=None)
        raise rules.ChangedMeanwhile(lines=f"{line.product_name} ({_said(told, order.currency)})")
    weight_now = actual.final_weight_g
    if wanted.quantity != actual.quantity:
        amend_quantities(order, {line.variant_id: wanted.quantity}, actor=actor, now=now)
        weight_now = None
    if wanted.quantity == 0:
        return
    if wanted.price_minor is not None and wanted.price_minor != line.price_minor:
        amend_price(order, line, wanted.price_minor, actor=actor, now=now)
    if wanted.final_weight_g not in (seen.final_weight_g, weight_now):
        amend_weights(order, {line.pk: wanted.final_weight_g}, actor=actor, now=now, is_told=True)


def _is_priced_or_counted(line: OrderLine, wanted: LineValue) -> bool:
    return wanted.quantity != line.quantity or wanted.price_minor not in (None, line.price_minor)


def _said(value: LineValue, currency: str) -> str:
    """Say a line's values shortly, in figures alone: 3; 3, 1.08 kg; 3, 2.50 EUR."""
    parts = [str(value.quantity)]
    if value.final_weight_g:
        parts.append(f"{value.final_weight_g / 1000:g} kg")
    if value.price_minor is not None:
        digits = MINOR_DIGITS[currency]
        parts.append(f"{Decimal(value.price_minor).scaleb(-digits):.{digits}f} {currency}")
    return ", ".join(parts)
