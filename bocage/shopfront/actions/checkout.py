"""Turning a basket into an order, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Func, JSONField, QuerySet, Value

from bocage.commons.money import Money
from bocage.infra.statements import Statement
from bocage.network import actions as network
from bocage.network.actions.addresses import MOST, PostalAddress
from bocage.network.queries import current_texts, saved_addresses
from bocage.network.rules import Actor
from bocage.orders.actions.placing import Offered, Placed, place_offered
from bocage.orders.rules import Buyer, Delivered, OrderCycleClosed, Wanted
from bocage.shopfront import rules
from bocage.shopfront.models import Basket, BasketLine
from bocage.shopfront.queries import baskets, shops
from bocage.shopfront.queries.checkout import placed_with
from bocage.shopfront.queries.snapshots import Snapshot, snapshot
from bocage.shopfront.rules import Details, Owner
from bocage.stock.queries import levels

_COLUMNS = ("id", "person_id", "device", "hub_id", "cycle_id", "key", "details", "changed_at")


def keep_details(*, owner: Owner, key: str, details: Mapping[str, Any]) -> None:
    """Keep what a step of the checkout asked with the owner's basket, beside what others asked: one query.

    Raises BasketIsEmpty when it is gone.
    """
    rows = Basket.objects.filter(**baskets.of(owner), key=key) if owner.is_known else Basket.objects.none()
    if not rows.update(details=_Merged("details", Value(dict(details), JSONField()))):
        raise rules.BasketIsEmpty()


@transaction.atomic
def check_out(
    *,
    owner: Owner,
    slug: str,
    cycle_id: int,
    key: str,
    shown_total: Money,
    accepted: bool,
    language: str,
    actor: Actor,
    now: datetime,
) -> Placed:
    """Order what is in a basket at the total that was shown, and let go of the basket; confirmed twice is one order.

    Raises BasketIsEmpty, StepMissing, PhoneMissing, TermsNotAccepted and all that `place_order` raises; the basket is
    kept then.
    """
    basket = _locked(owner, key)
    if basket is None:
        before = placed_with(key)
        if before is None:
            raise rules.BasketIsEmpty()
        return before
    shop, found = _sale(slug, cycle_id, basket, now)
    details = Details.read(basket.details)
    quantities = _quantities(owner, shop.hub_id, cycle_id, found)
    _check(details, quantities, shop, accepted)
    texts = [text.id for text in current_texts(instance_id=shop.instance_id, hub_id=shop.hub_id)]
    placed = place_offered(
        wanted=_wanted(key, shop.hub_id, cycle_id, quantities, details, language),
        shown_total=shown_total,
        actor=actor,
        now=now,
        offered=Offered(found.offers_of(quantities), found.deliveries),
    )
    network.accept(text_ids=texts, email=details.email, person_id=actor.person_id, now=now)
    _keep_address(details, actor)
    _let_go(basket)
    return placed


class _Merged(Func):
    """A JSON object with the members of another put into it."""

    function, output_field = "json_patch", JSONField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="%(expressions)s", arg_joiner=" || ", **extra)


def _quantities(owner: Owner, hub_id: int, cycle_id: int, found: Snapshot) -> dict[int, int]:
    stored = baskets.kept(owner=owner, hub_id=hub_id, cycle_id=cycle_id)
    left = levels(hub_id=hub_id, variant_ids=stored.lines) if stored.lines else {}
    return baskets.orderable(stored, found, left)


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
    for rows in (BasketLine.objects.filter(basket_id=basket.pk), Basket.objects.filter(pk=basket.pk)):
        rows._raw_delete(rows.db)


def _sale(slug: str, cycle_id: int, basket: Basket, now: datetime) -> tuple[shops.ShopRow, Snapshot]:
    shop, sales = shops.doorway(slug, now=now)
    sale = next((one for one in sales if one.id == cycle_id), None)
    if sale is None or (basket.hub_id, basket.cycle_id) != (shop.hub_id, cycle_id):
        raise OrderCycleClosed()
    found = snapshot(
        cycle_id=cycle_id, hub_id=shop.hub_id, cycle_version=sale.version, shop_version=shop.version, at=now
    )
    return shop, found


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
    key: str, hub_id: int, cycle_id: int, quantities: dict[int, int], details: Details, language: str
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
    )


def _keep_address(details: Details, actor: Actor) -> None:
    """Keep the address of the delivery if asked to; one that is kept already, or one too many, stops no order."""
    if actor.person_id is None or not details.save_address or not details.street:
        return
    kept = saved_addresses(actor=actor)
    if len(kept) < MOST and all((one.street, one.postcode) != (details.street, details.postcode) for one in kept):
        where = (details.street, details.postcode, details.town, details.street2)
        network.save_address(to=PostalAddress(details.name, *where, phone=details.phone), actor=actor)
