"""One order, with everything its page shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils.crypto import constant_time_compare
from django.utils.translation import get_language, gettext

from bocage.commons.measures import Exact
from bocage.commons.money import Money, total
from bocage.commons.refusals import NotFound
from bocage.commons.units import unit_text
from bocage.ledger.queries import EntryRow, due_by_reference, entries_about
from bocage.network.models import Enterprise
from bocage.network.rules import SYSTEM, Actor, Right
from bocage.orders.models import Charge, Order, OrderChange, OrderLine
from bocage.orders.queries import link_token
from bocage.payments.queries import PaymentRow, payments_about
from bocage.shops.models import Shop


@dataclass(frozen=True, slots=True)
class OrderPageLine:
    """A line as ordered; `goods` before fees, `total` what is paid for it; sizes in g, mL or items."""

    id: int
    variant_id: int
    producer_id: int
    producer: str
    product_name: str
    variant_name: str
    unit: str
    size: Exact
    pack: str
    measure: str
    is_weighed: bool
    quantity: int
    final_weight_g: int | None
    goods: Money
    fees: Money
    total: Money
    picture: str
    field: str

    @property
    def size_text(self) -> str:
        """Return what one is, in the reader's language: "botte de 800 g"."""
        return unit_text(
            self.unit, self.size, get_language() or "fr", self.pack, is_weighed=self.is_weighed, measure=self.measure
        )


def _granted(change: ChangeRow) -> int:
    return int(change.details["amount_minor"]) if change.what == "credit" else 0


def charge_label(kind: str, name: str) -> str:
    """Return what a charge of a whole order is called, in the reader's language."""
    if kind == "voucher":
        return gettext("Voucher %(code)s") % {"code": name}
    return gettext("Charge for paying: %(name)s") % {"name": name} if kind == "payment" else name


@dataclass(frozen=True, slots=True)
class ChargeRow:
    """A charge of the whole order; a voucher's `total` is below zero."""

    name: str
    kind: str
    fee_kind: str
    total: Money

    @property
    def label(self) -> str:
        """Return what it is called, in the reader's language."""
        return charge_label(self.kind, self.name)


@dataclass(frozen=True, slots=True)
class AdjustmentRow:
    """A discount or an extra that the hub made by hand; `is_back`: it was taken back."""

    id: int
    label: str
    total: Money
    millionths: int
    is_back: bool


@dataclass(frozen=True, slots=True)
class TaxRow:
    """What an order contains at one VAT rate; `base` without, `tax` the VAT itself."""

    millionths: int
    base: Money
    tax: Money


@dataclass(frozen=True, slots=True)
class ChangeRow:
    what: str
    details: dict[str, Any]
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HubOfOrder:
    id: int
    slug: str
    name: str
    email: str
    phone: str
    iban: str


@dataclass(frozen=True, slots=True)
class OrderPage:
    """An order as its customer or its hub sees it. `due` > 0 is owed by the customer, < 0 to them."""

    order_id: int
    ref: str
    token: str
    state: str
    placed_at: datetime
    cancelled_at: datetime | None
    pay_by: datetime | None
    hub: HubOfOrder
    cycle_id: int
    cycle_name: str
    closes_at: datetime
    customer_id: int
    name: str
    email: str
    phone: str
    language: str
    note: str
    delivery_method_id: int
    delivery_kind: str
    delivery_name: str
    delivery_street: str
    delivery_street2: str
    delivery_postcode: str
    delivery_town: str
    hand_over_from: datetime | None
    hand_over_to: datetime | None
    payment_method_id: int
    payment_name: str
    payment_kind: str
    payment_instructions: str
    lines: tuple[OrderPageLine, ...]
    charges: tuple[ChargeRow, ...]
    taxes: tuple[TaxRow, ...]
    goods_total: Money
    total: Money
    paid: Money
    due: Money
    payments: tuple[PaymentRow, ...]
    may_change: bool
    is_hub: bool
    changes: tuple[ChangeRow, ...] = ()
    adjustments: tuple[AdjustmentRow, ...] = ()
    entries: tuple[EntryRow, ...] = field(default=())

    @property
    def carried(self) -> Money:
        """Return what is left of earlier orders and is paid with this one."""
        moved = [change for change in self.changes if change.what in ("carried", "carried_back")]
        minor = int(moved[-1].details.get("amount_minor", 0)) if moved and moved[-1].what == "carried" else 0
        return Money(minor, self.total.currency)

    @property
    def granted(self) -> Money:
        """Return the credits that were granted on it, below zero: part of what it costs, beside its own price."""
        minor = 0
        for change in self.changes:  # a cancellation takes them back for good, even where the order stands again
            minor = 0 if change.what == "cancelled" else minor - _granted(change)
        return Money(minor, self.total.currency)

    @property
    def stored(self) -> tuple[tuple[str, Money], ...]:
        """Return what was paid from the account and with gift vouchers, by means: a payment, not a discount."""
        sums: dict[str, int] = {}
        for row in self.payments:
            if row.means in ("credit", "gift"):
                sums[row.means] = sums.get(row.means, 0) + row.amount.minor
        return tuple((means, Money(minor, self.total.currency)) for means, minor in sums.items() if minor > 0)

    @property
    def taken_by(self) -> str:
        """Return who noted the order for the customer; nothing if they placed it themselves."""
        placed = next((change for change in self.changes if change.what == "placed"), None)
        return placed.by_name if placed and placed.details.get("for_another") else ""


def order_page(*, ref: str, actor: Actor, now: datetime, token: str = "") -> OrderPage:
    """Return an order for whoever holds its link, for its customer's own account, or for its hub (SEE_ORDERS).

    For anybody else it does not exist: raises NotFound. Ledger entries are for the hub alone.
    """
    order = (
        Order.objects.filter(ref=ref)
        .select_related("hub", "cycle", "customer", "delivery_method", "payment_method")
        .first()
    )
    if order is None:
        raise NotFound()
    is_hub = actor.may(Right.SEE_ORDERS, on=order.hub_id)
    holds_link = bool(token) and constant_time_compare(token, link_token(ref))
    is_own = actor.person_id is not None and order.customer.person_id == actor.person_id
    if not (is_hub or holds_link or is_own):
        raise NotFound()
    return _page(order, actor, now, is_hub)


@dataclass(frozen=True, slots=True)
class OrderSheet:
    """An order as it is printed among others."""

    ref: str
    state: str
    cycle_name: str
    name: str
    email: str
    phone: str
    note: str
    delivery_name: str
    delivery_street: str
    delivery_postcode: str
    delivery_town: str
    hand_over_from: datetime | None
    lines: tuple[OrderPageLine, ...]
    charges: tuple[ChargeRow, ...]
    taxes: tuple[TaxRow, ...]
    total: Money
    paid: Money
    due: Money


def order_sheets(*, hub_id: int, refs: Sequence[str], actor: Actor) -> list[OrderSheet]:
    """Return a hub's orders to print, in the order in which they are named, in four queries. Raises Forbidden."""
    actor.require(Right.SEE_ORDERS, on=hub_id)
    orders = {row.ref: row for row in Order.objects.filter(hub_id=hub_id, ref__in=refs).select_related("cycle")}
    ids = [order.pk for order in orders.values()]
    lines, charges = defaultdict(list), defaultdict(list)
    rows = OrderLine.objects.filter(order_id__in=ids).select_related("producer", "variant__product__category")
    for line in rows.order_by("id"):
        lines[line.order_id].append(line)
    for charge in Charge.objects.filter(order_id__in=ids).order_by("id"):
        charges[charge.order_id].append(charge)
    dues = due_by_reference(kind="customer", abouts=[f"order:{ref}" for ref in orders])
    found = [orders[ref] for ref in refs if ref in orders]
    return [_sheet(order, lines[order.pk], charges[order.pk], dues.get(f"order:{order.ref}", 0)) for order in found]


def _sheet(order: Order, lines: list[OrderLine], charges: list[Charge], due: int) -> OrderSheet:
    currency = order.currency
    owed = 0 if order.state == Order.State.CANCELLED else order.total_minor
    return OrderSheet(
        ref=order.ref,
        state=order.state,
        cycle_name=order.cycle.name,
        name=order.name,
        email=order.email,
        phone=order.phone,
        note=order.note,
        delivery_name=order.delivery_name,
        delivery_street=order.delivery_street,
        delivery_postcode=order.delivery_postcode,
        delivery_town=order.delivery_town,
        hand_over_from=order.hand_over_from,
        lines=tuple(_line(line, currency) for line in lines),
        charges=_charges(charges, currency),
        taxes=_taxes(lines, charges, currency),
        total=Money(order.total_minor, currency),
        paid=Money(owed - due, currency),
        due=Money(due, currency),
    )


def order_summary(order_id: int) -> OrderPage:
    """Return an order for a mail about it. Not asked on anybody's behalf: only subscribers call it."""
    ref, placed_at = Order.objects.values_list("ref", "placed_at").get(id=order_id)
    return order_page(ref=ref, actor=SYSTEM, now=placed_at)


@dataclass(frozen=True, slots=True)
class Sender:
    """In whose name mail about an order goes out."""

    name: str
    mail_from: str
    mail_name: str = ""


def sender_of(order_id: int) -> Sender:
    """Return the instance that writes about an order, in one query."""
    fields = ("hub__instance__name", "hub__instance__mail_from", "hub__instance__mail_name")
    return Sender(*Order.objects.values_list(*fields).get(id=order_id))


def sender_for(hub_id: int) -> Sender:
    """Return the instance that writes in a hub's name, in one query."""
    return Sender(
        *Enterprise.objects.values_list("instance__name", "instance__mail_from", "instance__mail_name").get(id=hub_id)
    )


def order_of(about: str) -> int | None:
    """Return the order that a reference such as 'order:R7K2' names, in one query; None for another kind."""
    kind, _, ref = about.partition(":")
    return Order.objects.filter(ref=ref).values_list("id", flat=True).first() if kind == "order" else None


def cycle_of(order_id: int) -> int:
    """Return the cycle that an order was placed in, in one query."""
    return Order.objects.values_list("cycle_id", flat=True).get(id=order_id)


def _page(order: Order, actor: Actor, now: datetime, is_hub: bool) -> OrderPage:
    currency = order.currency
    about = f"order:{order.ref}"
    lines = list(
        OrderLine.objects.filter(order=order).select_related("producer", "variant__product__category").order_by("id")
    )
    charges = list(Charge.objects.filter(order=order).order_by("id"))
    payments = payments_about(about)
    due = due_by_reference(kind="customer", abouts=[about]).get(about, 0)
    hub = order.hub
    return OrderPage(
        order_id=order.pk,
        ref=order.ref,
        token=link_token(order.ref),
        state=order.state,
        placed_at=order.placed_at,
        cancelled_at=order.cancelled_at,
        pay_by=order.pay_by,
        hub=HubOfOrder(hub.pk, hub.slug, hub.name, hub.email, hub.phone, hub.iban),
        cycle_id=order.cycle_id,
        cycle_name=order.cycle.name,
        closes_at=order.cycle.closes_at,
        customer_id=order.customer_id,
        name=order.name,
        email=order.email,
        phone=order.phone,
        language=order.language,
        note=order.note,
        delivery_method_id=order.delivery_method_id,
        delivery_kind=order.delivery_method.kind,
        delivery_name=order.delivery_name,
        delivery_street=order.delivery_street,
        delivery_street2=order.delivery_street2,
        delivery_postcode=order.delivery_postcode,
        delivery_town=order.delivery_town,
        hand_over_from=order.hand_over_from,
        hand_over_to=order.hand_over_to,
        payment_method_id=order.payment_method_id,
        payment_name=order.payment_method.name,
        payment_kind=order.payment_method.kind,
        payment_instructions=order.payment_method.instructions,
        lines=tuple(_line(line, currency) for line in lines),
        charges=_charges(charges, currency),
        taxes=_taxes(lines, charges, currency),
        goods_total=Money(sum(line.total_minor for line in lines), currency),
        total=Money(order.total_minor, currency),
        paid=Money(sum(row.amount.minor for row in payments), currency),
        due=Money(due, currency),
        payments=tuple(payments),
        may_change=_may_change(order, actor, now),
        is_hub=is_hub,
        changes=tuple(_changes(order)),
        adjustments=tuple(_adjustments(charges, currency)) if is_hub else (),
        entries=tuple(entries_about(about)) if is_hub else (),
    )


def _may_change(order: Order, actor: Actor, now: datetime) -> bool:
    if order.state != Order.State.PLACED:
        return False
    if actor.may(Right.MANAGE_ORDERS, on=order.hub_id):
        return True
    return now < order.cycle.closes_at and Shop.objects.filter(hub_id=order.hub_id, allows_changes=True).exists()


def _line(line: OrderLine, currency: str) -> OrderPageLine:
    product = line.variant.product
    return OrderPageLine(
        id=line.pk,
        variant_id=line.variant_id,
        producer_id=line.producer_id,
        producer=line.producer.name,
        product_name=line.product_name,
        variant_name=line.variant_name,
        unit=line.unit,
        size=line.size,
        pack=line.pack,
        measure=line.measure,
        is_weighed=line.is_weighed,
        quantity=line.quantity,
        final_weight_g=line.final_weight_g,
        goods=Money(line.goods_minor, currency),
        fees=Money(line.fees_minor, currency),
        total=Money(line.total_minor, currency),
        picture=product.picture or product.category.picture,
        field=product.category.field,
    )


def _charges(charges: Iterable[Charge], currency: str) -> tuple[ChargeRow, ...]:
    """The charges of the whole order that cost something; a voucher, kept per VAT rate, is one row, the last.

    What was put on by hand and taken back comes to nothing, and is left out.
    """
    charges = list(charges)
    undone = {charge.takes_back_id for charge in charges}
    own = [
        charge
        for charge in charges
        if charge.line_id is None and charge.amount_minor and charge.pk not in undone and charge.takes_back_id is None
    ]
    rows = [_charge(charge, currency) for charge in own if charge.kind != Charge.Kind.VOUCHER]
    off = [_charge(charge, currency) for charge in own if charge.kind == Charge.Kind.VOUCHER]
    if off:
        rows.append(replace(off[0], total=total((one.total for one in off), currency)))
    return tuple(rows)


def _charge(charge: Charge, currency: str) -> ChargeRow:
    added = 0 if charge.tax_is_included else charge.tax_minor
    return ChargeRow(charge.label, charge.kind, charge.fee_kind, Money(charge.amount_minor + added, currency))


def _adjustments(charges: Iterable[Charge], currency: str) -> Iterator[AdjustmentRow]:
    own = [charge for charge in charges if charge.kind == Charge.Kind.ADJUSTMENT]
    undone = {charge.takes_back_id for charge in own}
    for charge in own:
        if charge.takes_back_id is None:
            row = _charge(charge, currency)
            yield AdjustmentRow(charge.pk, charge.label, row.total, charge.tax_millionths, charge.pk in undone)


def _taxes(lines: list[OrderLine], charges: list[Charge], currency: str) -> tuple[TaxRow, ...]:
    sums: dict[int, list[int]] = {}
    parts = [(line.tax_millionths, line.tax_is_included, line.goods_minor, line.goods_tax_minor) for line in lines]
    parts += [(row.tax_millionths, row.tax_is_included, row.amount_minor, row.tax_minor) for row in charges]
    for millionths, is_included, amount, tax in parts:
        if millionths:
            base = sums.setdefault(millionths, [0, 0])
            base[0] += amount - (tax if is_included else 0)
            base[1] += tax
    return tuple(
        TaxRow(millionths, Money(net, currency), Money(tax, currency))
        for millionths, (net, tax) in sorted(sums.items())
    )


def _changes(order: Order) -> list[ChangeRow]:
    rows = OrderChange.objects.filter(order=order).order_by("id").values_list("what", "details", "by_name", "at")
    return [ChangeRow(*row) for row in rows]
