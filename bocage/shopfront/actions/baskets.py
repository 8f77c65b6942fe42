"""Filling a basket line by line, and bringing a device's baskets along when its person logs in."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from bocage.infra.inserts import insert_new, insert_or_update
from bocage.infra.locks import locked
from bocage.infra.statements import Change, Statement
from bocage.network.rules import Actor
from bocage.orders.rules import MAX_QUANTITY, MembersOnly, OrderCycleClosed, check_quantities
from bocage.shopfront import rules
from bocage.shopfront.models import Basket, BasketLine
from bocage.shopfront.queries import baskets, shops, snapshots
from bocage.shopfront.queries.entering import entrance
from bocage.shopfront.rules import Owner
from bocage.stock.queries import levels
from bocage.stock.rules import NOTHING, Level

KEPT_FOR = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class Put:
    """What became of a line: how many are in the basket now, how many were asked for, how many are left in all."""

    variant_id: int
    name: str
    asked: int
    quantity: int
    left: int | None


@transaction.atomic
def put(
    *, owner: Owner, slug: str, cycle_id: int, quantities: Mapping[int, int], more: int = 0, actor: Actor, now: datetime
) -> list[Put]:
    """Set how many of each variant an owner's basket holds (0 takes it out), or add `more` to what it holds.

    What exceeds the stock is cut down to it; the answer says so. Raises NotFound, MembersOnly, OrderCycleClosed,
    NotOnSale, AbsurdQuantity, SoldOut, BasketIsFull; nothing is changed then.
    """
    shop, snapshot = _open(slug, cycle_id, actor, now)
    basket = _basket(owner, shop.hub_id, cycle_id, now)
    held = {} if basket.is_new else dict(_held.rows(basket_id=basket.id))
    wanted = {vid: (held.get(vid, 0) + more) if more else number for vid, number in quantities.items()}
    wanted = {vid: max(min(number, MAX_QUANTITY), 0) if more else number for vid, number in wanted.items()}
    check_quantities(number for number in wanted.values() if number != 0)
    if len(held.keys() | wanted.keys()) > rules.MOST_LINES:
        raise rules.BasketIsFull(most=rules.MOST_LINES)
    left = levels(hub_id=shop.hub_id, variant_ids=wanted)
    done = [_put(vid, number, snapshot, left.get(vid, NOTHING), held) for vid, number in wanted.items()]
    _write(basket.id, done, snapshot)
    return done


@transaction.atomic
def accept_changes(*, owner: Owner, slug: str, cycle_id: int, actor: Actor, now: datetime) -> None:
    """Make the basket what it is today: quantities cut to the stock, what is gone taken out, today's prices.

    Raises NotFound, MembersOnly, OrderCycleClosed.
    """
    shop, snapshot = _open(slug, cycle_id, actor, now)
    basket = _basket(owner, shop.hub_id, cycle_id, now)
    view = baskets.basket(owner=owner, hub_id=shop.hub_id, cycle_id=cycle_id, snapshot=snapshot)
    done = [Put(one.variant_id, one.name, one.asked, one.quantity, one.left) for one in view.changed]
    _write(basket.id, done, snapshot)


@transaction.atomic
def empty(*, owner: Owner, hub_id: int, cycle_id: int) -> None:
    """Take everything out of an owner's basket of a cycle."""
    if owner.is_known:
        BasketLine.objects.filter(
            **baskets.of(owner, "basket__"), basket__hub_id=hub_id, basket__cycle_id=cycle_id
        ).delete()


@transaction.atomic
def forget_old(*, now: datetime) -> int:
    """Forget the baskets that nobody touched for four months, at most a thousand at once; return how many."""
    old = Basket.objects.filter(changed_at__lt=now - KEPT_FOR).order_by("changed_at", "id").values_list("id", flat=True)
    ids = list(old[:1000])
    Basket.objects.filter(id__in=ids).delete()
    return len(ids)


@transaction.atomic
def merge(*, device: str, person_id: int, now: datetime) -> int:
    """Bring a device's baskets to the person who logged in there: line by line the sum, cut to the stock.

    Returns how many different products came along.
    """
    rows = Basket.objects.filter(person__isnull=True, device=device).order_by("id")
    return sum(_bring(basket, Owner(person_id=person_id), now) for basket in locked(rows)) if device else 0


def _bring(basket: Basket, owner: Owner, now: datetime) -> int:
    brought = {line.variant_id: line for line in BasketLine.objects.filter(basket=basket)}
    if brought:
        target = _basket(owner, basket.hub_id, basket.cycle_id, now)
        held = {line.variant_id: line for line in BasketLine.objects.filter(basket_id=target.id)}
        left = levels(hub_id=basket.hub_id, variant_ids=brought)
        for variant_id, line in brought.items():
            _add(target.id, held.get(variant_id), line, left.get(variant_id, NOTHING))
    basket.delete()
    return len(brought)


def _add(target_id: int, held: BasketLine | None, line: BasketLine, left: Level) -> None:
    asked = min(line.quantity + (held.quantity if held else 0), MAX_QUANTITY)
    quantity = max(left.at_most(asked), 1)  # what is gone stays as a line, so that the basket can say so
    if held is not None:
        BasketLine.objects.filter(pk=held.pk).update(quantity=quantity, shown_minor=line.shown_minor)
    else:
        BasketLine.objects.create(
            basket_id=target_id, variant_id=line.variant_id, quantity=quantity, shown_minor=line.shown_minor
        )


def _open(slug: str, cycle_id: int, actor: Actor, now: datetime) -> tuple[shops.ShopRow, snapshots.Snapshot]:
    door = entrance(slug, person_id=actor.person_id, now=now)
    if not shops.may_enter(door.shop, actor):
        raise MembersOnly()
    sale = door.sale(cycle_id)
    if sale is None:
        raise OrderCycleClosed()
    return door.shop, door.snapshot(sale, now)


@dataclass(frozen=True, slots=True)
class _Held:
    """A basket that is locked until the transaction ends; a new one has no lines yet."""

    id: int
    is_new: bool = False


def _basket(owner: Owner, hub_id: int, cycle_id: int, now: datetime) -> _Held:
    """The owner's basket, made if need be, locked until the transaction ends."""
    found = _own(owner, hub_id, cycle_id)
    if not found:
        whose = {"person_id": owner.person_id} if owner.person_id else {"device": owner.device}
        made = Basket(**whose, hub_id=hub_id, cycle_id=cycle_id, key=str(uuid.uuid4()), changed_at=now)
        if insert_new(made):
            return _Held(made.pk, is_new=True)
        found = _own(owner, hub_id, cycle_id)  # another request of the same owner was quicker
    [(pk, changed_at)] = found
    if changed_at != now:
        _touched.run(basket_id=pk, now=now)
    return _Held(pk)


def _own(owner: Owner, hub_id: int, cycle_id: int) -> list[tuple[int, datetime]]:
    where = {"hub_id": hub_id, "cycle_id": cycle_id}
    if owner.person_id is not None:
        return _of_person.rows(person_id=owner.person_id, **where)
    return _of_device.rows(device=owner.device, **where)


@Statement
def _of_person(*, person_id: int, hub_id: int, cycle_id: int) -> QuerySet[Basket, tuple]:
    rows = Basket.objects.select_for_update().filter(person_id=person_id, hub_id=hub_id, cycle_id=cycle_id)
    return rows.values_list("id", "changed_at")


@Statement
def _of_device(*, device: str, hub_id: int, cycle_id: int) -> QuerySet[Basket, tuple]:
    rows = Basket.objects.select_for_update().filter(person__isnull=True, device=device, hub_id=hub_id)
    return rows.filter(cycle_id=cycle_id).values_list("id", "changed_at")


@Change
def _touched(*, basket_id: int, now: datetime) -> tuple[QuerySet, dict[str, Any]]:
    return Basket.objects.filter(pk=basket_id), {"changed_at": now}


@Statement
def _held(*, basket_id: int) -> QuerySet[BasketLine, tuple]:
    return BasketLine.objects.filter(basket_id=basket_id).values_list("variant_id", "quantity")


def _put(variant_id: int, number: int, snapshot: snapshots.Snapshot, left: Level, held: Mapping[int, int]) -> Put:
    row = snapshot.row(variant_id)
    if row is None and (number or variant_id not in held):
        raise rules.NotOnSale()
    name = row.offer.product_name if row else ""
    had = left.at_most(number)
    if number and not had:
        raise rules.SoldOut(product=name)
    return Put(variant_id=variant_id, name=name, asked=number, quantity=had, left=left.left)


def _write(basket_id: int, done: list[Put], snapshot: snapshots.Snapshot) -> None:
    gone = [one.variant_id for one in done if not one.quantity]
    if gone:
        BasketLine.objects.filter(basket_id=basket_id, variant_id__in=gone).delete()
    rows = [
        BasketLine(
            basket_id=basket_id,
            variant_id=one.variant_id,
            quantity=one.quantity,
            shown_minor=snapshot.price(row).total.minor,
        )
        for one in done
        if one.quantity and (row := snapshot.row(one.variant_id)) is not None
    ]
    insert_or_update(rows, unique=("basket_id", "variant_id"), update=("quantity", "shown_minor"))
