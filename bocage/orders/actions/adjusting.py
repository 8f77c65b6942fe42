"""What a hub takes off a placed order or puts on it by hand: a discount, an extra, a voucher; and takes back again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.network.models import Enterprise
from bocage.network.rules import Actor
from bocage.orders import rules
from bocage.orders.actions import telling, writing
from bocage.orders.actions.amending import Held, emit_changed, handed_of, rewrite
from bocage.orders.actions.terms import managed, rates_of
from bocage.orders.models import Charge, Order, OrderChange
from bocage.orders.telling import stand
from bocage.payments.rules import OtherCurrency
from bocage.pricing.rules import NO_TAX, Fee, Tax, charge_order
from bocage.shops.actions import vouchers
from bocage.shops.queries.vouchers import by_code
from bocage.shops.rules.vouchers import check_minimum, check_usable, tidy_code


@transaction.atomic
def add_adjustment(
    *, order_id: int, label: str, amount: Money, tax_rate_id: int | None, key: str, actor: Actor, now: datetime
) -> None:
    """Put a discount (below zero) or an extra on an order, with its VAT: one of the country's rates, or none.

    The hub bears it, or earns it; the customer is told. VAT is contained in the amount as the rate says, and is that of
    the place of the hand-over; none where the hub is not liable. The same key twice is one. Raises Forbidden, NotFound,
    AlreadyCancelled, AwaitsPayment, AbsurdAdjustment, BelowNothing, OtherCurrency. Emits OrderChanged, CustomerToTell.
    """
    order = managed(order_id, actor)
    if OrderChange.objects.filter(order=order, what="adjustment", details__key=key).exists():
        return
    if amount.currency != order.currency:
        raise OtherCurrency(given=amount.currency, owed=order.currency)
    tax = _tax(order, tax_rate_id, now)
    fee = rules.adjustment_fee(label=label, amount_minor=amount.minor, hub_id=order.hub_id, tax=tax)
    _put(order, fee, None, actor=actor, now=now)
    told = {"label": fee.name, "amount_minor": amount.minor, "key": key}
    writing.remember(order, "adjustment", told, actor, now)
    emit_changed(order, "adjustment", actor, now)
    telling.tell(order, actor=actor, now=now)


@transaction.atomic
def take_adjustment_back(*, order_id: int, adjustment_id: int, actor: Actor, now: datetime) -> None:
    """Undo a discount or an extra by its opposite, with the same VAT; both stay on record, the customer is told.

    Raises Forbidden, NotFound, AlreadyCancelled, AwaitsPayment, TakenBackAlready, BelowNothing. Emits OrderChanged,
    CustomerToTell.
    """
    order = managed(order_id, actor)
    rows = Charge.objects.filter(order=order, kind=Charge.Kind.ADJUSTMENT)
    row = rows.filter(id=adjustment_id, takes_back__isnull=True).first()
    if row is None:
        raise NotFound()
    if rows.filter(takes_back=row).exists():
        raise rules.TakenBackAlready(label=row.label)
    fee = Fee.from_terms(row.terms)
    _put(order, replace(fee, amount_minor=-fee.amount_minor), row, actor=actor, now=now)
    told = {"label": row.label, "amount_minor": fee.amount_minor}
    writing.remember(order, "adjustment_back", told, actor, now)
    emit_changed(order, "adjustment", actor, now)
    telling.tell(order, actor=actor, now=now)


@transaction.atomic
def add_voucher(*, order_id: int, code: str, actor: Actor, now: datetime) -> None:
    """Take a voucher of the hub's for a placed order that has none, as if it had been given when it was placed.

    Raises Forbidden, NotFound, AlreadyCancelled, AwaitsPayment, HasVoucher, and what `use_voucher` and `check_minimum`
    raise. Emits OrderChanged.
    """
    order = managed(order_id, actor)
    held = Held.read(order)
    if held.quote.voucher is not None:
        raise rules.HasVoucher(code=held.quote.voucher.name)
    fee = check_usable(by_code(hub_id=order.hub_id, code=code), code=tidy_code(code), at=now).fee
    check_minimum(fee, held.quote.goods_total)
    vouchers.use_voucher(
        hub_id=order.hub_id, code=code, about=f"order:{order.ref}", customer_id=order.customer_id, at=now
    )
    fees = writing.order_fees_of(held.charges)
    before = order.total_minor
    rewrite(order, held, held.items, fees, voucher=fee, what="adjustment", actor=actor, now=now)
    told = {"number": fee.name, "amount_minor": order.total_minor - before}
    writing.remember(order, "voucher", told, actor, now)
    emit_changed(order, "voucher", actor, now)


def _put(order: Order, fee: Fee, takes_back: Charge | None, *, actor: Actor, now: datetime) -> None:
    """Price a held order with one adjustment more, and post the difference."""
    held = Held.read(order)
    telling.note_change(order, stood=stand(held.lines.values()), now=now)
    row = writing.new_charge(order, None, charge_order(fee, [item.goods for item in held.items]))
    row.takes_back = takes_back
    with_it = replace(held, charges=[*held.charges, row])
    fees = writing.order_fees_of(with_it.charges)
    rewrite(order, with_it, held.items, fees, what="adjustment", actor=actor, now=now)


def _tax(order: Order, tax_rate_id: int | None, now: datetime) -> Tax:
    """The VAT of an adjustment where and when the order is handed over. Raises NotFound."""
    if tax_rate_id is None:
        return NO_TAX
    rates = rates_of(order, now)
    if tax_rate_id not in rates.home:
        raise NotFound()
    is_liable = Enterprise.objects.values_list("is_vat_liable", flat=True).get(id=order.hub_id)
    return rates.there(rates.home[tax_rate_id], handed_of(order)) if is_liable else NO_TAX
