"""Turns wishes into a binding order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, QuerySet, Subquery
from django.utils.crypto import salted_hmac

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound, Refused
from bocage.infra.inserts import insert_new
from bocage.infra.outbox import emit
from bocage.infra.statements import Statement
from bocage.ledger import actions as ledger
from bocage.network.actions.customers import customer_for
from bocage.network.models import Customer
from bocage.network.queries import customers
from bocage.network.rules import Actor, Right
from bocage.order_cycles.models import OrderCycle
from bocage.order_cycles.queries.offers import Offers, offers
from bocage.orders import rules
from bocage.orders.actions import seeing, storing, writing
from bocage.orders.events import OrderPlaced
from bocage.orders.models import Order
from bocage.orders.queries import choices, link_token
from bocage.orders.queries.quoting import quote_of
from bocage.orders.rules import Wanted
from bocage.payments.rules import PAY_WITHIN
from bocage.pricing.rules import Fee
from bocage.shops.actions import vouchers
from bocage.shops.models import Shop
from bocage.shops.queries.vouchers import by_code
from bocage.shops.rules.vouchers import check_minimum, check_usable, tidy_code
from bocage.stock import actions as stock
from bocage.stock.rules import Pool

REF_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
REF_ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class Placed:
    """An order that now exists: its reference and the secret of its link."""

    order_id: int
    ref: str
    token: str
    awaits_payment: bool = False


@dataclass(frozen=True, slots=True)
class Offered:
    """What a hub offers in a cycle at this moment: goods with their fees, ways to hand over and to pay, to whom.

    `pools` is the stock that the caller holds already (`stock.hold_counting`).
    """

    offers: Offers
    deliveries: Sequence[choices.DeliveryChoice]
    payments: Sequence[choices.PaymentChoice]
    terms: Terms
    pools: Mapping[int, Pool] | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """When a cycle is open, [opens_at, closes_at), whom the hub's shop lets order, and whether tag rules say what."""

    opens_at: datetime
    closes_at: datetime
    is_members_only: bool
    allows_guests: bool
    has_rules: bool = False


@dataclass(frozen=True, slots=True)
class _Ready:
    """Wishes that may be ordered: what they are made of, how they are handed over and paid, what they cost."""

    wanted: Wanted
    found: Offers
    delivery: choices.DeliveryChoice
    payment: choices.PaymentChoice
    quote: rules.Quote


@transaction.atomic
def place_order(*, wanted: Wanted, shown_total: Money, actor: Actor, now: datetime) -> Placed:
    """Turn a shopper's wishes into a binding order; the same key twice gives the same order.

    Raises GuestsNotAllowed, MembersOnly, OrderCycleNotOpen, OrderCycleClosed, NotOffered, NotEnoughStock,
    MethodWithdrawn, AddressMissing, NotDeliveredThere, AbsurdQuantity, NothingOrdered, TotalChanged, and what
    `use_voucher`, `check_minimum` and `storing.hold` raise; nothing is written then. Emits OrderPlaced, but for an order
    to be paid online, which awaits its payment first. A hub's manager (MANAGE_ORDERS) may order for others, also
    while the cycle is closed, and choose whose order it is (Forbidden, NotFound for another hub's customer).
    """
    return place_offered(wanted=wanted, offered=_offered(wanted, now), shown_total=shown_total, actor=actor, now=now)


def place_offered(*, wanted: Wanted, offered: Offered, shown_total: Money, actor: Actor, now: datetime) -> Placed:
    """Do what `place_order` does in the transaction of a caller who has read there what is offered.

    The caller rolls back when it refuses.
    """
    try:
        ready = _ready(wanted, shown_total, actor, now, offered)
    except Refused:
        before = _placed_before(wanted.key)
        if before:
            return before
        raise
    customer_id = _customer_id(wanted, actor, now)
    for attempt in range(REF_ATTEMPTS):
        order = _new_order(ready, _ref_of(wanted.key, attempt), customer_id, now)
        if _is_noted_for_another(wanted, actor):
            order.channel = Order.Channel.BACKOFFICE
        to_pay = storing.left_to_pay(wanted, order.total_minor)
        if ready.payment.kind == "card" and to_pay and not _is_noted_for_another(wanted, actor):
            order.state, order.pay_by = Order.State.AWAITING, now + PAY_WITHIN
        if insert_new(order):
            return _fill(order, ready, offered.pools, actor, now)
        before = _placed_before(wanted.key)
        if before:
            return before
    raise AssertionError("so many orders have the same reference only by a broken random number")


def _ready(wanted: Wanted, shown_total: Money, actor: Actor, now: datetime, offered: Offered) -> _Ready:
    """Check everything that can be checked before anything is written."""
    rules.check_quantities(wanted.quantities.values())
    if not wanted.quantities:
        raise rules.NothingOrdered()
    has_rules = _check_may_order(wanted, offered.terms, actor, now)
    delivery, payment = _methods(wanted, offered)
    found = offered.offers
    writing.check_offered(wanted.quantities, found)
    if has_rules:
        seeing.check_seen(wanted, delivery, payment, found, actor)
    voucher = _voucher(wanted, now)
    quote = quote_of(
        found, wanted.quantities, delivery.fee, payment=payment.fee, voucher=voucher,
        handed=delivery.handed(wanted.address.postcode),
    )  # fmt: skip
    if voucher is not None:
        check_minimum(voucher, quote.goods_total)
    rules.check_total(quote, shown_total)
    return _Ready(wanted, found, delivery, payment, quote)


def _fill(order: Order, ready: _Ready, held: Mapping[int, Pool] | None, actor: Actor, now: datetime) -> Placed:
    """Take what a new order holds from the stock, write its lines, and post it."""
    wanted, quote, ref = ready.wanted, ready.quote, order.ref
    names = {variant_id: offer.product_name for variant_id, offer in ready.found.by_variant.items()}
    cause = writing.cause("order", ref, actor, now)
    pools = stock.take(hub_id=wanted.hub_id, wanted=wanted.quantities, names=names, cause=cause, pools=held)
    paid_with = storing.hold(order, wanted, actor=actor, now=now)
    writing.write_lines(order, quote, ready.found, pools)
    if wanted.voucher:
        vouchers.use_voucher(
            hub_id=order.hub_id, code=wanted.voucher, about=f"order:{ref}", customer_id=order.customer_id, at=now
        )
    ledger.post(
        book_id=order.hub_id,
        key=f"order:{ref}:placed",
        about=f"order:{ref}",
        what="sale",
        postings=rules.sale_postings(quote, customer_id=order.customer_id),
        by=actor.label,
        at=now,
    )
    told = {"amount_minor": quote.total.minor} | ({"for_another": True} if _is_for_another(wanted, actor) else {})
    writing.remember(order, "placed", told, actor, now, name=wanted.buyer.name)
    storing.pay(order, paid_with, actor=actor, now=now, name=wanted.buyer.name)
    if order.state == Order.State.AWAITING:
        return Placed(order.pk, ref, link_token(ref), awaits_payment=True)
    emit(OrderPlaced(order_id=order.pk, ref=ref, hub_id=order.hub_id, cycle_id=order.cycle_id), by=actor, at=now)
    return Placed(order.pk, ref, link_token(ref))


def _placed_before(key: str) -> Placed | None:
    rows = _of_key.rows(key=key)
    return next((Placed(pk, ref, link_token(ref), state == Order.State.AWAITING) for pk, ref, state in rows), None)


@Statement
def _of_key(*, key: str) -> QuerySet[Order, tuple]:
    return Order.objects.filter(key=key).values_list("id", "ref", "state")


def _voucher(wanted: Wanted, now: datetime) -> Fee | None:
    """What the voucher takes off; no query without one. Whether it is still left is decided when it is used."""
    if not wanted.voucher:
        return None
    found = by_code(hub_id=wanted.hub_id, code=wanted.voucher)
    return check_usable(found, code=tidy_code(wanted.voucher), at=now).fee


def _customer_id(wanted: Wanted, actor: Actor, now: datetime) -> int:
    """Whose order it is: the customer that a manager chose, else whoever has the buyer's account or address."""
    if wanted.customer_id is not None:
        actor.require(Right.MANAGE_ORDERS, on=wanted.hub_id)
        if not Customer.objects.filter(id=wanted.customer_id, hub_id=wanted.hub_id).exists():
            raise NotFound()
        return wanted.customer_id
    return customer_for(
        hub_id=wanted.hub_id,
        person_id=None if _is_for_another(wanted, actor) else actor.person_id,
        email=wanted.buyer.email,
        name=wanted.buyer.name,
        phone=wanted.buyer.phone,
        now=now,
    )


def _is_noted_for_another(wanted: Wanted, actor: Actor) -> bool:
    """Whether the buyer is not there to pay: they get the link of their order and pay by it."""
    return wanted.customer_id is not None or _is_for_another(wanted, actor)


def _is_for_another(wanted: Wanted, actor: Actor) -> bool:
    """Whether a hub's manager orders for somebody at another address than their own."""
    is_own = wanted.buyer.email.strip().lower() == actor.email.lower()
    return not is_own and actor.may(Right.MANAGE_ORDERS, on=wanted.hub_id)


def _check_may_order(wanted: Wanted, terms: Terms, actor: Actor, now: datetime) -> bool:
    """Refuse who may not order here now; return whether tag rules say what they may order."""
    if actor.may(Right.MANAGE_ORDERS, on=wanted.hub_id):
        return False
    rules.check_open(terms.opens_at, terms.closes_at, now)
    if terms.is_members_only and not customers.is_member(hub_id=wanted.hub_id, actor=actor):
        raise rules.MembersOnly()
    if not terms.allows_guests and actor.person_id is None:
        raise rules.GuestsNotAllowed()
    return terms.has_rules


@Statement
def _terms(*, cycle_id: int, hub_id: int) -> QuerySet[OrderCycle, tuple]:
    """When the cycle is open, and whom the hub's shop lets order; nothing where either does not exist."""
    shop = Shop.objects.filter(hub_id=hub_id)
    told = {name: Subquery(shop.values(name)[:1]) for name in ("is_members_only", "allows_guests", "has_rules")}
    rows = OrderCycle.objects.filter(Exists(shop), id=cycle_id).annotate(**told)
    return rows.values_list("opens_at", "closes_at", *told)


def _offered(wanted: Wanted, now: datetime) -> Offered:
    cycle_id, hub_id = wanted.cycle_id, wanted.hub_id
    terms = _terms.rows(cycle_id=cycle_id, hub_id=hub_id)
    if not terms:
        raise NotFound()
    return Offered(
        offers=offers(cycle_id=cycle_id, hub_id=hub_id, variant_ids=wanted.quantities, at=now),
        deliveries=choices.delivery_choices(cycle_id=cycle_id, hub_id=hub_id, method_id=wanted.delivery_method_id),
        payments=choices.payment_choices(cycle_id=cycle_id, hub_id=hub_id, method_id=wanted.payment_method_id),
        terms=Terms(*terms[0]),
    )


def _methods(wanted: Wanted, offered: Offered) -> tuple[choices.DeliveryChoice, choices.PaymentChoice]:
    delivery = next((one for one in offered.deliveries if one.id == wanted.delivery_method_id), None)
    payment = next((one for one in offered.payments if one.id == wanted.payment_method_id), None)
    if delivery is None or payment is None:
        raise rules.MethodWithdrawn()
    if not delivery.is_pickup:
        rules.check_address(wanted.address)
        if not delivery.reaches(wanted.address.postcode):
            raise rules.NotDeliveredThere(postcode=wanted.address.postcode)
    return delivery, payment


def _new_order(ready: _Ready, ref: str, customer_id: int, now: datetime) -> Order:
    wanted, delivery = ready.wanted, ready.delivery
    address = wanted.address
    return Order(
        ref=ref,
        key=wanted.key,
        channel=wanted.channel,
        hub_id=wanted.hub_id,
        cycle_id=wanted.cycle_id,
        customer_id=customer_id,
        name=wanted.buyer.name,
        email=wanted.buyer.email.strip().lower(),
        phone=wanted.buyer.phone,
        language=wanted.buyer.language,
        note=wanted.note,
        delivery_method_id=delivery.id,
        delivery_name=delivery.name,
        delivery_street=delivery.street if delivery.is_pickup else address.street,
        delivery_street2="" if delivery.is_pickup else address.street2,
        delivery_postcode=delivery.postcode if delivery.is_pickup else address.postcode,
        delivery_town=delivery.town if delivery.is_pickup else address.town,
        hand_over_from=delivery.starts_at,
        hand_over_to=delivery.ends_at,
        payment_method_id=ready.payment.id,
        currency=ready.quote.currency,
        total_minor=ready.quote.total.minor,
        placed_at=now,
    )


def _ref_of(key: str, attempt: int) -> str:
    """Return the reference that a confirmation gets: not to be guessed, the same each time, another at each attempt."""
    digits = salted_hmac("bocage.orders.ref", f"{key}:{attempt}", algorithm="sha256").digest()
    return "".join(REF_LETTERS[byte % len(REF_LETTERS)] for byte in digits[:8])
