"""What the checkout shows: what somebody may choose, what is known of them already, what they must accept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bocage.commons.money import Money
from bocage.network.models import Person
from bocage.network.queries import AddressRow, saved_addresses
from bocage.network.rules import Actor
from bocage.orders.actions.placing import Placed
from bocage.orders.models import Order
from bocage.orders.queries import link_token
from bocage.orders.queries.choices import DeliveryChoice
from bocage.pricing.rules import Fee
from bocage.shopfront.queries.baskets import BasketView
from bocage.shopfront.queries.snapshots import Snapshot
from bocage.shopfront.rules import Details
from bocage.shops.queries.vouchers import by_code
from bocage.shops.rules.vouchers import check_minimum, check_usable, tidy_code


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a buyer before they write anything: their account and kept addresses."""

    details: Details
    addresses: tuple[AddressRow, ...] = ()


def known(actor: Actor) -> Known:
    """Return what a person's account says of them, in two queries; nothing for guests."""
    if actor.person_id is None:
        return Known(Details())
    name, email, phone = Person.objects.filter(id=actor.person_id).values_list("name", "email", "phone").get()
    addresses = tuple(saved_addresses(actor=actor))
    details = Details(name=name, email=email, phone=phone)
    if addresses:
        usual = addresses[0]
        details = replace(
            details, phone=phone or usual.phone, street=usual.street, street2=usual.street2,
            postcode=usual.postcode, town=usual.town,
        )  # fmt: skip
    return Known(details, addresses)


def details_of(basket: BasketView, actor: Actor) -> Details:
    """Return what the basket's checkout knows, filled up from the account while nothing was written yet."""
    written = Details.read(basket.details)
    if written.name:
        return written
    return replace(
        known(actor).details,
        delivery_method_id=written.delivery_method_id,
        payment_method_id=written.payment_method_id,
    )


def delivery_of(snapshot: Snapshot, method_id: int) -> DeliveryChoice | None:
    """Return the way to hand over that was chosen, or None if it is not offered any more."""
    return next((choice for choice in snapshot.deliveries if choice.id == method_id), None)


def voucher_of(*, hub_id: int, code: str, goods: Money, at: datetime) -> Fee:
    """Return what a hub's voucher takes off for `goods`, in one query.

    Raises VoucherNotKnown, VoucherEnded, VoucherExpired, VoucherUsedUp, VoucherNeedsMore.
    """
    found = by_code(hub_id=hub_id, code=code)
    fee = check_usable(found, code=tidy_code(code), at=at).fee
    check_minimum(fee, goods)
    return fee


def placed_with(key: str) -> Placed | None:
    """Return the order that a basket's key became, or None."""
    row = Order.objects.filter(key=key).values_list("id", "ref", "state").first() if key else None
    return Placed(row[0], row[1], link_token(row[1]), row[2] == Order.State.AWAITING) if row else None
