"""Setting up a shop: its terms, where and how it hands over, what it decides for single goods.

Each write makes the shop's version grow, so that a kept offer list is computed again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F, Model

from bocage.catalogue import photos
from bocage.catalogue.models import Product, Variant
from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.infra.locks import lock_row, locked
from bocage.network.actions.enterprises import edit_enterprise
from bocage.network.html import cleaned
from bocage.network.models import Enterprise
from bocage.network.queries.agreements import granted, hub_may
from bocage.network.rules import Actor, Right
from bocage.network.rules.agreements import Act
from bocage.network.rules.customers import tidy_tags
from bocage.payments import actions as payments
from bocage.payments.queries.attempts import can_take_cards
from bocage.payments.rules import FREE, ChargeTwice, Charging, Connecting
from bocage.pricing.models import TaxRate
from bocage.shops import rules
from bocage.shops.models import DeliveryMethod, GoodsTag, Listing, PickupPoint, Shop
from bocage.shops.rules import MethodDetails, PointDetails, ShopTerms
from bocage.shops.rules.faces import PALETTES, Label, NoSuchPalette, sites

Row = TypeVar("Row", PickupPoint, DeliveryMethod)


AS_THE_PRODUCER_SAYS: tuple[tuple[int | None, bool], tuple[int | None, bool]] = ((None, False), (None, False))


@transaction.atomic
def edit_shop(*, hub_id: int, terms: ShopTerms, actor: Actor, now: datetime) -> None:
    """Set who may enter a hub's shop and what is said there. Raises Forbidden, NotASeller."""
    actor.require(Right.MANAGE_ENTERPRISE, on=hub_id)
    _require_seller(hub_id)
    terms = replace(terms, message=cleaned(terms.message), closed_message=cleaned(terms.closed_message))
    Shop.objects.update_or_create(hub_id=hub_id, defaults=asdict(terms))
    grown(hub_id)


@transaction.atomic
def set_face(*, hub_id: int, label: Label, page_body: str, actor: Actor, now: datetime) -> None:
    """Set how a hub's shop looks; its logo is set by `set_logo`. Raises Forbidden, NotASeller, NoSuchPalette."""
    actor.require(Right.MANAGE_ENTERPRISE, on=hub_id)
    _require_seller(hub_id)
    if label.palette and label.palette not in PALETTES:
        raise NoSuchPalette(palette=label.palette)
    said = {name: value for name, value in asdict(label).items() if name != "picture"}
    Shop.objects.update_or_create(hub_id=hub_id, defaults={**said, "page_body": cleaned(page_body)})
    grown(hub_id)


@transaction.atomic
def set_logo(*, hub_id: int, sent: bytes | None, actor: Actor, now: datetime) -> None:
    """Show a logo in a hub's shop, drawn anew; None takes it away, and where it led.

    Raises Forbidden, NotASeller, PhotoTooBig, NotAPhoto.
    """
    actor.require(Right.MANAGE_ENTERPRISE, on=hub_id)
    _require_seller(hub_id)
    said = {"picture": photos.keep_logo(sent)} if sent is not None else {"picture": "", "logo_link": ""}
    Shop.objects.update_or_create(hub_id=hub_id, defaults=said)
    grown(hub_id)


@transaction.atomic
def set_sites(*, hub_id: int, typed: str, actor: Actor, now: datetime) -> None:
    """Say which other sites may show a hub's shop within them, one a line; none: no site may.

    Raises Forbidden, NotASeller, NotASite, TooManySites.
    """
    actor.require(Right.MANAGE_ENTERPRISE, on=hub_id)
    _require_seller(hub_id)
    Shop.objects.update_or_create(hub_id=hub_id, defaults={"embed_sites": "\n".join(sites(typed))})
    grown(hub_id)


def set_photo(*, enterprise_id: int, sent: bytes, actor: Actor, now: datetime) -> None:
    """Show a photo of an enterprise, drawn anew as a square. Raises Forbidden, NotFound, PhotoTooBig, NotAPhoto."""
    actor.require(Right.MANAGE_ENTERPRISE, on=enterprise_id)
    edit_enterprise(enterprise_id=enterprise_id, changes={"picture": photos.keep(sent)}, actor=actor, now=now)


@transaction.atomic
def add_pickup_point(*, hub_id: int, details: PointDetails, actor: Actor, now: datetime) -> int:
    """Add a place where the hub hands over; return its id. A delivery method makes it a choice at checkout."""
    actor.require(Right.MANAGE_ENTERPRISE, on=hub_id)
    rules.check_point(details)
    point = PickupPoint.objects.create(hub_id=hub_id, **asdict(details))
    grown(hub_id)
    return point.pk


@transaction.atomic
def edit_pickup_point(*, point_id: int, details: PointDetails, actor: Actor, now: datetime) -> None:
    """Correct a place; orders already placed keep what they said."""
    point = _own(PickupPoint, point_id, actor)
    rules.check_point(details)
    _set(point, asdict(details))


@transaction.atomic
def end_pickup_point(*, point_id: int, actor: Actor, now: datetime) -> None:
    """Stop handing over at a place. Raises PointInUse while a running method uses it."""
    point = _own(PickupPoint, point_id, actor)
    user = DeliveryMethod.objects.filter(point=point, ended_at__isnull=True).order_by("id").first()
    if user is not None:
        raise rules.PointInUse(method=user.name)
    _set(point, {"ended_at": now})


@transaction.atomic
def add_delivery_method(*, hub_id: int, details: MethodDetails, actor: Actor, now: datetime) -> int:
    """Offer one more way to get an order; return its id. Raises Forbidden and what `rules.check_method` raises."""
    actor.require(Right.MANAGE_ENTERPRISE, on=hub_id)
    method = DeliveryMethod.objects.create(hub_id=hub_id, **_method_fields(hub_id, details))
    grown(hub_id)
    return method.pk


@transaction.atomic
def edit_delivery_method(*, method_id: int, details: MethodDetails, actor: Actor, now: datetime) -> None:
    """Change a way to get orders, for those placed from now on."""
    method = _own(DeliveryMethod, method_id, actor)
    _set(method, _method_fields(method.hub_id, details))


@transaction.atomic
def end_delivery_method(*, method_id: int, actor: Actor, now: datetime) -> None:
    """Stop offering a way to get orders; those placed with it are still handed over."""
    _set(_own(DeliveryMethod, method_id, actor), {"ended_at": now})


@transaction.atomic
def save_payment_method(
    *,
    hub_id: int,
    method_id: int | None = None,
    kind: str,
    name: str,
    instructions: str = "",
    tags: str = "",
    charge: Charging = FREE,
    actor: Actor,
    now: datetime,
) -> int:
    """Offer a way to pay, or change one for orders to come; return its id.

    Raises Forbidden, NotFound, ChargeTwice, NoAccountYet for card without an account that takes the money.
    """
    actor.require(Right.MANAGE_ENTERPRISE, on=hub_id)
    if kind == "card" and not can_take_cards(hub_id):
        raise rules.NoAccountYet
    if charge.minor and charge.millionths:
        raise ChargeTwice
    said = {"kind": kind, "name": name, "instructions": instructions, "tags": ",".join(tidy_tags(tags))}
    pk = payments.save_method(hub_id=hub_id, method_id=method_id, charge=charge, **said)
    grown(hub_id)
    return pk


def connect_account(*, provider: str, wish: Connecting, actor: Actor, now: datetime) -> str:
    """Connect a hub with a payment service; return where it goes on, '' if it is done. Card is then a way to pay.

    Runs outside transactions. Raises Forbidden, NotConnected, ProviderUnreachable.
    """
    actor.require(Right.MANAGE_ENTERPRISE, on=wish.hub_id)
    page = payments.connect(name=provider, wish=wish, now=now)
    grown(wish.hub_id)
    return page


def ask_account(*, hub_id: int, actor: Actor) -> None:
    """Ask the payment service whether the hub's account takes money by now. Raises Forbidden, ProviderUnreachable."""
    actor.require(Right.MANAGE_ENTERPRISE, on=hub_id)
    payments.ask_account(hub_id=hub_id)
    grown(hub_id)


def disconnect_account(*, hub_id: int, actor: Actor, now: datetime) -> None:
    """Take no payments online any more. Raises Forbidden."""
    actor.require(Right.MANAGE_ENTERPRISE, on=hub_id)
    payments.disconnect(hub_id=hub_id, now=now)
    grown(hub_id)


@transaction.atomic
def end_payment_method(*, hub_id: int, method_id: int, actor: Actor, now: datetime) -> None:
    """Stop offering a way to pay; orders placed with it keep it. Raises Forbidden, NotFound."""
    actor.require(Right.MANAGE_ENTERPRISE, on=hub_id)
    payments.end_method(hub_id=hub_id, method_id=method_id, now=now)
    grown(hub_id)


@transaction.atomic
def set_listing(
    *,
    hub_id: int,
    variant_id: int,
    price_minor: int | None = None,
    is_hidden: bool = False,
    tags: str | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Sell a variant at the hub's own price, or not at all; None and False: as the producer says, so nothing is kept.

    tags: the words it goes by at this hub alone, for its rules, separated by commas; None leaves them as they are.
    Raises Forbidden, PriceNegative, NotSoldHere, PriceOfTheFarm where the agreement keeps the producer's price.
    """
    actor.require(Right.MANAGE_CATALOGUE, on=hub_id)
    if price_minor is not None and price_minor < 0:
        raise rules.PriceNegative
    _check_sold_here(hub_id, variant_id, now, sets_price=price_minor is not None)
    if price_minor is None and not is_hidden:
        Listing.objects.filter(hub_id=hub_id, variant_id=variant_id).delete()
    else:
        values = {"price_minor": price_minor, "is_hidden": is_hidden}
        Listing.objects.update_or_create(hub_id=hub_id, variant_id=variant_id, defaults=values)
    if tags is not None:
        _tag(hub_id, variant_id, tidy_tags(tags))
    grown(hub_id)


@transaction.atomic
def tag_goods(*, hub_id: int, variant_id: int, tags: str, actor: Actor, now: datetime) -> None:
    """Let a variant go by these words at the hub alone, for its rules; separated by commas, none at all is fine.

    Raises Forbidden, NotFound, NotSoldHere.
    """
    actor.require(Right.MANAGE_CATALOGUE, on=hub_id)
    _check_sold_here(hub_id, variant_id, now, sets_price=False)
    _tag(hub_id, variant_id, tidy_tags(tags))
    grown(hub_id)


@transaction.atomic
def tag_many(
    *, hub_id: int, tags: Mapping[int, tuple[str, str]], is_undo: bool = False, actor: Actor, now: datetime
) -> int:
    """Let many variants go by other words at once; return how many were left as somebody else named them since.

    `tags` maps variant id → (as they were seen, as they are to be), in the order of the alphabet, separated by commas.
    One that no longer says what was seen refuses all, unless one undoes. Raises Forbidden, NotFound, NotSoldHere,
    ListingsMoved.
    """
    actor.require(Right.MANAGE_CATALOGUE, on=hub_id)
    if not tags:
        return 0
    grown(hub_id)  # first: it holds the shop, so that two do not name the same goods
    sold = {hub_id, *granted(Act.SELL, at=now).filter(hub_id=hub_id).values_list("producer_id", flat=True)}
    left = 0
    ids = sorted(tags)
    for start in range(0, len(ids), 1000):
        wanted = {pk: tags[pk] for pk in ids[start : start + 1000]}
        _check_all_sold(dict.fromkeys(wanted, AS_THE_PRODUCER_SAYS), sold, set())
        left += _tag_many(hub_id, wanted, is_undo)
    return left


@transaction.atomic
def set_listings(
    *,
    hub_id: int,
    listings: Mapping[int, tuple[tuple[int | None, bool], tuple[int | None, bool]]],
    is_undo: bool = False,
    actor: Actor,
    now: datetime,
) -> int:
    """Decide prices and visibility of many variants at once; return how many were left as somebody else made them since.

    `listings` maps variant id → (as it was seen, as it is to be), each (own price or None, whether hidden). One that no
    longer says what was seen refuses all, unless one undoes. Raises Forbidden, NotFound, NotSoldHere,
    PriceOfTheFarm, PriceNegative, ListingsMoved.
    """
    actor.require(Right.MANAGE_CATALOGUE, on=hub_id)
    sold, priced = (
        {hub_id, *granted(act, at=now).filter(hub_id=hub_id).values_list("producer_id", flat=True)}
        for act in (Act.SELL, Act.SET_PRICE)
    )
    left = 0
    ids = sorted(listings)
    for start in range(0, len(ids), 1000):
        wanted = {pk: listings[pk] for pk in ids[start : start + 1000]}
        _check_all_sold(wanted, sold, priced)
        left += _set_listings(hub_id, wanted, is_undo)
    grown(hub_id)
    return left


def _check_all_sold(listings: Mapping[int, Any], sold: set[int], priced: set[int]) -> None:
    found = dict(Variant.objects.filter(id__in=listings, ended_at__isnull=True).values_list("id", "product_id"))
    if len(found) != len(listings):
        raise NotFound
    products = Product.objects.filter(id__in=set(found.values())).values_list("id", "producer_id", "producer__name")
    farms = {product_id: farm for product_id, *farm in products}
    for variant_id, product_id in found.items():
        producer_id, name = farms[product_id]
        if producer_id not in sold:
            raise rules.NotSoldHere(producer=name)
        if listings[variant_id][1][0] is not None and producer_id not in priced:
            raise rules.PriceOfTheFarm(producer=name)


def _set_listings(hub_id: int, listings: Mapping[int, Any], is_undo: bool) -> int:
    rows = locked(Listing.objects.filter(hub_id=hub_id, variant_id__in=listings).order_by("pk"))
    present = {row.variant_id: (row.price_minor, row.is_hidden) for row in rows}
    moved = {pk for pk, (seen, _) in listings.items() if present.get(pk, (None, False)) != seen}
    if moved and not is_undo:
        raise rules.ListingsMoved(count=len(moved))
    wanted = {pk: to for pk, (_, to) in listings.items() if pk not in moved}
    if any(price is not None and price < 0 for price, _ in wanted.values()):
        raise rules.PriceNegative
    Listing.objects.filter(
        hub_id=hub_id, variant_id__in=[pk for pk, to in wanted.items() if to == (None, False)]
    ).delete()
    Listing.objects.bulk_create(
        [
            Listing(hub_id=hub_id, variant_id=pk, price_minor=price, is_hidden=is_hidden)
            for pk, (price, is_hidden) in wanted.items()
            if (price, is_hidden) != (None, False)
        ],
        update_conflicts=True,
        unique_fields=["hub", "variant"],
        update_fields=["price_minor", "is_hidden"],
    )
    return len(moved)


def _tag(hub_id: int, variant_id: int, names: Sequence[str]) -> None:
    there = GoodsTag.objects.filter(hub_id=hub_id, variant_id=variant_id)
    kept = set(there.values_list("name", flat=True))
    there.exclude(name__in=names).delete()
    GoodsTag.objects.bulk_create(
        GoodsTag(hub_id=hub_id, variant_id=variant_id, name=name) for name in names if name not in kept
    )


def _tag_many(hub_id: int, tags: Mapping[int, tuple[str, str]], is_undo: bool) -> int:
    present: dict[int, list[str]] = {}
    there = GoodsTag.objects.filter(hub_id=hub_id, variant_id__in=tags)
    for variant_id, name in there.order_by("variant_id", "name").values_list("variant_id", "name"):
        present.setdefault(variant_id, []).append(name)
    moved = {pk for pk, (seen, _) in tags.items() if ", ".join(present.get(pk, ())) != seen}
    if moved and not is_undo:
        raise rules.ListingsMoved(count=len(moved))
    wanted = {pk: tidy_tags(to) for pk, (_, to) in tags.items() if pk not in moved}
    there.filter(variant_id__in=list(wanted)).delete()
    GoodsTag.objects.bulk_create(
        [GoodsTag(hub_id=hub_id, variant_id=pk, name=name) for pk, names in wanted.items() for name in names],
        ignore_conflicts=True,
    )
    return len(moved)


def _check_sold_here(hub_id: int, variant_id: int, now: datetime, *, sets_price: bool) -> None:
    variant = Variant.objects.select_related("product__producer").filter(id=variant_id, ended_at__isnull=True).first()
    if variant is None:
        raise NotFound
    producer = variant.product.producer
    asked: dict[str, Any] = {"producer_id": producer.pk, "hub_id": hub_id, "at": now}
    if not hub_may(Act.SELL, **asked):
        raise rules.NotSoldHere(producer=producer.name)
    if sets_price and not hub_may(Act.SET_PRICE, **asked):
        raise rules.PriceOfTheFarm(producer=producer.name)


def _require_seller(hub_id: int) -> None:
    hub = Enterprise.objects.filter(id=hub_id).first()
    if hub is None or hub.sells == Enterprise.Sells.NONE:
        raise rules.NotASeller(hub=hub.name if hub else hub_id)


def _method_fields(hub_id: int, details: MethodDetails) -> dict[str, object]:
    rules.check_method(details)
    if details.kind == "pickup" and details.point_id is not None:
        if not PickupPoint.objects.filter(id=details.point_id, hub_id=hub_id, ended_at__isnull=True).exists():
            raise rules.PickupNeedsAPoint
        details = replace(details, postcodes="")
    else:
        details = replace(details, point_id=None, postcodes=rules.tidy_postcodes(details.postcodes))
    if details.tax_rate_id is not None and not TaxRate.objects.filter(id=details.tax_rate_id).exists():
        raise rules.ChargeNotKnown
    return asdict(replace(details, name=details.name.strip(), tags=",".join(tidy_tags(details.tags))))


def _own(model: type[Row], pk: int, actor: Actor) -> Row:
    row = lock_row(model.objects.filter(ended_at__isnull=True), pk)
    if row is None:
        raise NotFound
    actor.require(Right.MANAGE_ENTERPRISE, on=row.hub_id)
    return row


def _set(row: Model, values: dict[str, object]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    grown(row.hub_id)  # type: ignore[attr-defined]


def grown(hub_id: int) -> None:
    """Say that what the shop shows has changed, in the caller's transaction."""
    if not Shop.objects.filter(hub_id=hub_id).update(version=F("version") + 1):
        Shop.objects.get_or_create(hub_id=hub_id)


@transaction.atomic
def carry_debts(*, hub_id: int, up_to: Money, actor: Actor) -> None:
    """Let what is left to pay of earlier orders go with the next one, up to this much in all; nothing: never.

    Raises Forbidden.
    """
    actor.require(Right.MANAGE_ENTERPRISE, on=hub_id)
    Shop.objects.update_or_create(hub_id=hub_id, defaults={"carries_debt_up_to_minor": max(up_to.minor, 0)})
