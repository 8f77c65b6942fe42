"""Changes what a placed order says besides its goods: where it is handed over, whose it is, how it is paid, its note.

For a hub's people who manage orders. Each change is kept in the order's history; the price and the books follow.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from bocage.commons.refusals import NotFound
from bocage.infra.outbox import emit
from bocage.ledger.queries import entries_about
from bocage.ledger.rules import AccountKey
from bocage.network.actions.customers import customer_for
from bocage.network.models import Customer, Enterprise
from bocage.network.rules import Actor, Right
from bocage.orders import rules
from bocage.orders.actions import telling, writing
from bocage.orders.actions.amending import (
    Held,
    check_settled,
    emit_changed,
    handed_of,
    locked,
    post_change,
    refuse_cancelled,
    rewrite,
)  # fmt: skip
from bocage.orders.events import ConfirmationWanted
from bocage.orders.models import Order
from bocage.orders.queries.choices import DeliveryChoice, delivery_choices, payment_choices
from bocage.orders.rules import Buyer, Delivered, Item, Rates
from bocage.orders.telling import place_of, stand
from bocage.payments.models import PaymentMethod
from bocage.pricing.models import TaxRate
from bocage.pricing.queries import rate_table, vat_version
from bocage.pricing.rules import Fee, Tax

DELIVERY, PAYMENT = "delivery", "payment"


@transaction.atomic
def change_hand_over(
    *, order_id: int, method_id: int, address: Delivered, actor: Actor, now: datetime, seen: str = ""
) -> None:
    """Hand an order over in another way of its sale, or bring it to another address; price and VAT follow, and the
    customer is told.

    A way that stays costs what was agreed, another one what it costs now. seen: `rules.mark_of` what was shown. Raises
    Forbidden, NotFound, AlreadyCancelled, AwaitsPayment, ChangedMeanwhile, WayNotOffered, AddressMissing,
    NotDeliveredThere, BelowNothing. Emits OrderChanged, CustomerToTell.
    """
    order = managed(order_id, actor)
    before, marked = place_of(order), rules.mark_of("hand_over", order)
    _check_shown(order, "hand_over", seen, before)
    held = Held.read(order)
    choice = delivery_choice(order, method_id, address)
    telling.note_change(order, stood=stand(held.lines.values()), now=now)
    repriced = Repriced.by(order, held, choice, address, rates_of(order, now))
    if rules.mark_of("hand_over", order) == marked:
        telling.tell(order, actor=actor, now=now)
        return
    order.save(update_fields=["delivery_method_id", "delivery_name", "hand_over_from", "hand_over_to", *ADDRESS])
    rewrite(order, held, repriced.items, repriced.fees, what="hand_over", actor=actor, now=now)
    _remember(order, "hand_over", before, place_of(order), actor, now)
    telling.tell(order, actor=actor, now=now)


@transaction.atomic
def change_customer(
    *,
    order_id: int,
    customer_id: int | None,
    buyer: Buyer,
    actor: Actor,
    now: datetime,
    seen: str = "",
    sends_confirmation: bool = False,
) -> None:
    """Give an order to another customer of the hub, or say better how its own is called and reached.

    What is still due for it moves to the other's account. customer_id: one of the hub's, None for whoever has the
    buyer's address. Invoices that stand are named anew when the order is invoiced again. Raises Forbidden, NotFound,
    AlreadyCancelled, AwaitsPayment, ChangedMeanwhile. Emits OrderChanged, ConfirmationWanted if asked.
    """
    order = managed(order_id, actor)
    before = _buyer_said(order)
    _check_shown(order, "customer", seen, before)
    to = _customer(order, customer_id, buyer, now)
    moved = to != order.customer_id
    order.name, order.email, order.phone = buyer.name.strip(), buyer.email.strip().lower(), buyer.phone.strip()
    order.language = (buyer.language or order.language) if moved else order.language
    after = _buyer_said(order)
    if not moved and before == after:
        return
    if moved:
        _move_due(order, to, actor, now)
        telling.forget(order)  # another one knows nothing of how it was before
    order.save(update_fields=["customer_id", "name", "email", "phone", "language"])
    _remember(order, "customer", before, after, actor, now)
    emit_changed(order, "customer", actor, now)
    if sends_confirmation:
        emit(ConfirmationWanted(order_id=order.pk, ref=order.ref, hub_id=order.hub_id), by=actor, at=now)


@transaction.atomic
def change_payment_way(*, order_id: int, method_id: int, actor: Actor, now: datetime, seen: str = "") -> None:
    """Let an order be paid in another way of its sale; what each way charges for itself follows.

    Raises Forbidden, NotFound, AlreadyCancelled, AwaitsPayment, ChangedMeanwhile, WayNotOffered, BelowNothing. Emits
    OrderChanged.
    """
    order = managed(order_id, actor)
    before = PaymentMethod.objects.values_list("name", flat=True).get(id=order.payment_method_id)
    _check_shown(order, "payment_way", seen, before)
    if method_id == order.payment_method_id:
        return
    found = payment_choices(cycle_id=order.cycle_id, hub_id=order.hub_id, method_id=method_id)
    if not found:
        raise rules.WayNotOffered()
    order.payment_method_id = method_id
    order.save(update_fields=["payment_method_id"])
    _charge_for_paying(order, found[0].fee, actor, now)
    _remember(order, "payment_way", before, found[0].name, actor, now)
    emit_changed(order, "payment_way", actor, now)


@transaction.atomic
def change_note(*, order_id: int, note: str, actor: Actor, now: datetime, seen: str = "") -> None:
    """Write the note of an order anew; blank takes it away.

    Raises Forbidden, NotFound, AlreadyCancelled, AwaitsPayment, ChangedMeanwhile. Emits OrderChanged.
    """
    order = managed(order_id, actor)
    before, note = order.note, note.strip()
    _check_shown(order, "note", seen, before)
    if note == before:
        return
    order.note = note
    order.save(update_fields=["note"])
    _remember(order, "note", before, note, actor, now)
    emit_changed(order, "note", actor, now)


ADDRESS = ("delivery_street", "delivery_street2", "delivery_postcode", "delivery_town")


class Repriced:
    """What an order's lines and charges are priced from once it is handed over elsewhere."""

    def __init__(self, items: list[Item], fees: list[Fee]):
        self.items, self.fees = items, fees

    @classmethod
    def by(cls, order: Order, held: Held, choice: DeliveryChoice, address: Delivered, rates: Rates) -> Repriced:
        """Let an order that is not saved yet be handed over by `choice`, and return what it is priced from then."""
        stays = choice.id == order.delivery_method_id
        set_hand_over(order, choice, address)
        handed = handed_of(order)
        fees = writing.order_fees_of(held.charges)
        if not stays:
            fees = [fee for fee in fees if fee.kind != DELIVERY] + [choice.fee]
        return cls(
            [rates.item(item, handed) for item in held.items],
            [rates.fee(fee, handed) for fee in fees],
        )


def delivery_choice(order: Order, method_id: int, address: Delivered) -> DeliveryChoice:
    """Return a way of an order's sale that reaches `address`. Raises WayNotOffered, AddressMissing, NotDeliveredThere."""
    found = delivery_choices(cycle_id=order.cycle_id, hub_id=order.hub_id, method_id=method_id)
    if not found:
        raise rules.WayNotOffered()
    if not found[0].is_pickup:
        rules.check_address(address)
        if not found[0].reaches(address.postcode):
            raise rules.NotDeliveredThere(postcode=address.postcode)
    return found[0]


def set_hand_over(order: Order, choice: DeliveryChoice, address: Delivered) -> None:
    """Write a way to hand over onto an order: a pickup point's own address, or the one it is brought to."""
    order.delivery_method_id, order.delivery_name = choice.id, choice.name
    order.hand_over_from, order.hand_over_to = choice.starts_at, choice.ends_at
    place = Delivered(choice.street, "", choice.postcode, choice.town) if choice.is_pickup else address
    for name in ("street", "street2", "postcode", "town"):
        setattr(order, f"delivery_{name}", getattr(place, name).strip())


def rates_of(order: Order, now: datetime) -> Rates:
    """Return every rate of VAT that an order's goods may be taxed by, in two queries."""
    hub = Enterprise.objects.annotate(version=vat_version()).filter(id=order.hub_id)
    country, version = hub.values_list("country", "version").get()
    found = TaxRate.objects.filter(country=country).values_list("id", "rate_millionths", "is_included")
    home = {pk: Tax(millionths, is_included, category_id=pk) for pk, millionths, is_included in found}
    return Rates(rate_table(version, now), home)


def managed(order_id: int, actor: Actor) -> Order:
    """Lock and return an order that stands, for who manages it.

    Raises NotFound, Forbidden, AlreadyCancelled, AwaitsPayment.
    """
    order = locked(order_id)
    actor.require(Right.MANAGE_ORDERS, on=order.hub_id)
    refuse_cancelled(order)
    check_settled(order)
    return order


def _check_shown(order: Order, what: str, seen: str, said: str) -> None:
    """Refuse to write over what somebody else changed since it was shown. Raises ChangedMeanwhile."""
    if seen and seen != rules.mark_of(what, order):
        raise rules.ChangedMeanwhile(lines=said or "–")


def _charge_for_paying(order: Order, fee: Fee | None, actor: Actor, now: datetime) -> None:
    """Charge what a way to pay costs instead of what the one before did; nothing is written where neither costs."""
    held = Held.read(order)
    before = writing.order_fees_of(held.charges)
    kept = [one for one in before if one.kind != PAYMENT]
    if fee is None and len(kept) == len(before):
        return
    own = [] if fee is None else [rates_of(order, now).fee(fee, handed_of(order))]
    rewrite(order, held, held.items, [*kept, *own], what="payment_way", actor=actor, now=now)


def _customer(order: Order, customer_id: int | None, buyer: Buyer, now: datetime) -> int:
    if customer_id is None:
        return customer_for(
            hub_id=order.hub_id, person_id=None, email=buyer.email, name=buyer.name, phone=buyer.phone, now=now
        )
    if not Customer.objects.filter(id=customer_id, hub_id=order.hub_id).exists():
        raise NotFound()
    return customer_id


def _move_due(order: Order, to: int, actor: Actor, now: datetime) -> None:
    """Take what is due for an order off its customer's account and put it on another's; it is theirs from now on."""
    own, theirs = (AccountKey("customer", f"customer:{pk}") for pk in (order.customer_id, to))
    rows = (row for entry in entries_about(f"order:{order.ref}") for row in entry.postings)
    due = sum(row.amount.minor for row in rows if (row.kind, row.subject) == (own.kind, own.subject))
    order.customer_id = to
    post_change(order, what="customer", postings={own: -due, theirs: due}, actor=actor, now=now)


def _buyer_said(order: Order) -> str:
    return ", ".join(part for part in (order.name, order.email, order.phone) if part)


def _remember(order: Order, what: str, before: str, after: str, actor: Actor, now: datetime) -> None:
    details: Mapping[str, object] = {"lines": [{"what": what, "before": before, "after": after}]}
    writing.remember(order, what, dict(details), actor, now)
