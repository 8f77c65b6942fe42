"""Turning a basket into an order, step by step."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Func, JSONField, QuerySet, TextField, Value
from django.db.models.functions import Cast

from bocage.commons.money import Money
from bocage.infra.statements import Change, Statement
from bocage.network import actions as network
from bocage.network.actions.addresses import MOST, PostalAddress
from bocage.network.queries import saved_addresses
from bocage.network.rules import Actor
from bocage.orders.actions.placing import Offered, Placed, Terms, place_offered
from bocage.orders.rules import Buyer, Delivered, OrderCycleClosed, Wanted
from bocage.payments.queries.accounts import gift_by_code, gift_usable, tidy
from bocage.shopfront import rules
from bocage.shopfront.models import Basket, BasketLine
from bocage.shopfront.queries import baskets, shops
from bocage.shopfront.queries.checkout import placed_with, voucher_of
from bocage.shopfront.queries.entering import entrance
from bocage.shopfront.queries.snapshots import Snapshot
from bocage.shopfront.rules import NOTHING_STORED, Details, Owner, Stored
from bocage.shops.rules.vouchers import tidy_code
from bocage.stock import actions as stock

_COLUMNS = ("id", "person_id", "device", "hub_id", "cycle_id", "key", "details", "changed_at")


def keep_details(*, owner: Owner, hub_id: int, cycle_id: int, details: Mapping[str, Any]) -> bool:
    """Keep what a step of the checkout asked with the owner's basket, beside what others asked, in one query.

    Returns False where there is no basket to keep it with.
    """
    where = {"hub_id": hub_id, "cycle_id": cycle_id, "details": json.dumps(dict(details))}
    if owner.person_id is not None:
        return bool(_keep_of_person.run(person_id=owner.person_id, **where))
    return owner.is_known and bool(_keep_of_device.run(device=owner.device, **where))


def keep_voucher(*, owner: Owner, hub_id: int, cycle_id: int, code: str, goods: Money, now: datetime) -> None:
    """Keep with the owner's basket the voucher that its `goods` are ordered with; a blank code is none.

    Raises what `voucher_of` raises, and BasketIsEmpty.
    """
    if tidy_code(code):
        voucher_of(hub_id=hub_id, code=code, goods=goods, at=now)
    if not keep_details(owner=owner, hub_id=hub_id, cycle_id=cycle_id, details={"voucher": tidy_code(code)}):
        raise rules.BasketIsEmpty()


@transaction.atomic
def check_out(
    *,
    owner: Owner,
    slug: str,
    cycle_id: int,
    key: str,
    shown_total: Money,
    stored: Stored = NOTHING_STORED,
    accepted: bool,
    language: str,
    actor: Actor,
    now: datetime,
) -> Placed:
    """Order what is in a basket at the total that was shown, and let go of the basket; confirmed twice is one order.

    stored: what of it is paid from the account and with a gift voucher, and what is left from last time, as shown. Raises
    BasketIsEmpty, StepMissing, PhoneMissing, TermsNotAccepted and all that `place_order` raises; the basket is kept then.
    """
    basket = _locked(owner, key)
    if basket is None:
        before = placed_with(key)
        if before is None:
            raise rules.BasketIsEmpty()
        return before
    shop, sale, found = _sale(slug, cycle_id, basket, actor, now)
    details = Details.read(basket.details)
    kept = baskets.kept(owner=owner, hub_id=shop.hub_id, cycle_id=cycle_id)
    pools = stock.hold_counting(hub_id=shop.hub_id, variant_ids=kept.lines, at=now)
    quantities = baskets.orderable(kept, found, {variant_id: pool.level for variant_id, pool in pools.items()})
    _check(details, quantities, shop, accepted)
    terms = Terms(sale.opens_at, sale.closes_at, shop.is_members_only, shop.allows_guests, shop.has_rules)
    placed = place_offered(
        wanted=_wanted(key, shop.hub_id, cycle_id, quantities, details, language, stored),
        shown_total=shown_total,
        actor=actor,
        now=now,
        offered=Offered(found.offers_of(quantities), found.deliveries, found.payments, terms, pools),
    )
    network.accept(text_ids=[text.id for text in found.texts], email=details.email, person_id=actor.person_id, now=now)
    _keep_address(details, actor)
    _let_go(basket)
    return placed


def keep_stored(
    *, owner: Owner, hub_id: int, cycle_id: int, credit_minor: int | None, gift: str, now: datetime
) -> None:
    """Keep with the owner's basket what it is to be paid with in advance: so much of the account, a gift voucher's code.

    credit_minor None: as before. Raises GiftNotKnown, GiftExpired, GiftGone, BasketIsEmpty.
    """
    if gift:
        gift_usable(gift_by_code(hub_id=hub_id, code=gift), code=gift, at=now)
    details: dict[str, Any] = {"gift": tidy(gift)} | ({} if credit_minor is None else {"credit_minor": credit_minor})
    if not keep_details(owner=owner, hub_id=hub_id, cycle_id=cycle_id, details=details):
        raise rules.BasketIsEmpty()


class _Merged(Func):
    """A JSON object with the members of another put into it."""

    function, output_field = "json_patch", JSONField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="%(expressions)s", arg_joiner=" || ", **extra)


@Change
def _keep_of_person(*, person_id: int, hub_id: int, cycle_id: int, details: str) -> tuple[QuerySet, dict[str, Any]]:
    rows = Basket.objects.filter(person_id=person_id, hub_id=hub_id, cycle_id=cycle_id)
    return rows, _with_details(details)


@Change
def _keep_of_device(*, device: str, hub_id: int, cycle_id: int, details: str) -> tuple[QuerySet, dict[str, Any]]:
    rows = Basket.objects.filter(person__isnull=True, device=device, hub_id=hub_id, cycle_id=cycle_id)
    return rows, _with_details(details)


def _with_details(written: str) -> dict[str, Any]:
    return {"details": _Merged("details", Cast(Value(written, TextField()), JSONField()))}


def _locked(owner: Owner, key: str) -> Basket | None:
    """The owner's basket of this key, locked until the transaction ends."""
    if owner.person_id is not None:
        rows = _of_person.rows(person_id=owner.person_id, key=key)
    else:
        rows = _of_device.rows(device=owner.device, key=key) if owner.is_known else []
    return Basket(*rows[0]) if rows else None


@Statement
def _of_person(*, person_id: int, key: str) -> QuerySet[Basket, tuple]:
    return Basket.objects.select_for_update().filter(person_id=person_id, key=key).values_list(*_COLUMNS)


@Statement
def _of_device(*, device: str, key: str) -> QuerySet[Basket, tuple]:
    rows = Basket.objects.select_for_update().filter(person__isnull=True, device=device, key=key)
    return rows.values_list(*_COLUMNS)


def _let_go(basket: Basket) -> None:
    """Delete a basket and its lines, of which nothing else knows."""
    _lines_gone.run(basket_id=basket.pk)
    _basket_gone.run(basket_id=basket.pk)


@Change
def _lines_gone(*, basket_id: int) -> tuple[QuerySet, None]:
    return BasketLine.objects.filter(basket_id=basket_id), None


@Change
def _basket_gone(*, basket_id: int) -> tuple[QuerySet, None]:
    return Basket.objects.filter(pk=basket_id), None


def _sale(
    slug: str, cycle_id: int, basket: Basket, actor: Actor, now: datetime
) -> tuple[shops.ShopRow, shops.Sale, Snapshot]:
    door = entrance(slug, person_id=actor.person_id, now=now)
    sale = door.sale(cycle_id)
    if sale is None or (basket.hub_id, basket.cycle_id) != (door.shop.hub_id, cycle_id):
        raise OrderCycleClosed()
    return door.shop, sale, door.snapshot(sale, now)


def _check(details: Details, quantities: Mapping[int, int], shop: shops.ShopRow, accepted: bool) -> None:
    if not quantities:
        raise rules.BasketIsEmpty()
    if not details.knows_who or not details.knows_how_to_pay:
        raise rules.StepMissing()
    if shop.needs_phone and not details.phone:
        raise rules.PhoneMissing()
    if not accepted:
        raise rules.TermsNotAccepted()


def _wanted(
    key: str, hub_id: int, cycle_id: int, quantities: dict[int, int], details: Details, language: str, stored: Stored
) -> Wanted:
    return Wanted(
        key=key,
        hub_id=hub_id,
        cycle_id=cycle_id,
        quantities=quantities,
        delivery_method_id=details.delivery_method_id,
        payment_method_id=details.payment_method_id,
        buyer=Buyer(name=details.name, email=details.email, phone=details.phone, language=language),
        address=Delivered(details.street, details.street2, details.postcode, details.town),
        note=details.note,
        voucher=details.voucher,
        credit_minor=stored.credit_minor,
        gift=details.gift,
        gift_minor=stored.gift_minor,
        debt_minor=stored.debt_minor,
    )


def _keep_address(details: Details, actor: Actor) -> None:
    """Keep the address of the delivery if asked to; one that is kept already, or one too many, stops no order."""
    if actor.person_id is None or not details.save_address or not details.street:
        return
    kept = saved_addresses(actor=actor)
    if len(kept) < MOST and all((one.street, one.postcode) != (details.street, details.postcode) for one in kept):
        where = (details.street, details.postcode, details.town, details.street2)
        network.save_address(to=PostalAddress(details.name, *where, phone=details.phone), actor=actor)
