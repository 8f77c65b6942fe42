"""Asks for invoices of orders: copies what they came to, computes nothing, and brings it to invoicing's door."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from django.db import transaction

from bocage.commons.refusals import NotFound, Refused
from bocage.commons.units import unit_text
from bocage.infra import locks
from bocage.invoicing import actions as invoicing
from bocage.invoicing import queries as invoices
from bocage.invoicing.actions import Issued
from bocage.invoicing.rules import Bill, Extra, Line, Party, Place
from bocage.network.models import Customer
from bocage.network.rules import SYSTEM, Actor, Right
from bocage.orders import rules
from bocage.orders.actions import writing
from bocage.orders.models import Charge, Order, OrderLine
from bocage.payments.models import Credit
from bocage.payments.queries import paid_about
from bocage.payments.queries.accounts import credits_about
from bocage.payments.rules import Part


@transaction.atomic
def invoice_order(*, order_id: int, actor: Actor, now: datetime) -> Issued:
    """Issue the invoice of an order as it stands, or return the one that says the same already.

    An order that changed since gets a credit note over its earlier invoice and a new one. Raises Forbidden, NotFound,
    IsCancelled, AwaitsPayment, and what `invoicing.actions.issue` refuses.
    """
    order = _locked(order_id)
    actor.require(Right.ISSUE_INVOICES, on=order.hub_id)
    if order.state == Order.State.CANCELLED:
        raise rules.IsCancelled()
    if order.state == Order.State.AWAITING:
        raise rules.AwaitsPayment()
    bill = _bill([order], about=f"order:{order.ref}")
    issued = _unchanged(bill, [order]) or invoicing.issue(seller_id=order.hub_id, bill=bill, actor=actor, now=now)
    if issued.credit_note:
        writing.remember(order, "credit_note", {"number": issued.credit_note}, actor, now)
    if issued.is_new:
        writing.remember(order, "invoice", {"number": issued.number}, actor, now)
    return issued


@transaction.atomic
def invoice_month(*, hub_id: int, customer_id: int, month: date, actor: Actor, now: datetime) -> Issued:
    """Issue one invoice for all that a customer was handed over in a month; what is invoiced otherwise is left out.

    Asked again after something changed, a credit note takes the earlier one back. month: any day of it.
    Raises Forbidden, NotFound, NothingInMonth, and what `invoicing.actions.issue` refuses.
    """
    actor.require(Right.ISSUE_INVOICES, on=hub_id)
    if not Customer.objects.filter(id=customer_id, hub_id=hub_id).exists():
        raise NotFound()
    first = month.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    about = f"month:{first:%Y-%m}:{customer_id}"
    orders = _of_month(hub_id, customer_id, first, last, about, now)
    if not orders:
        raise rules.NothingInMonth()
    period = (first.isoformat(), last.isoformat())
    bill = _bill(orders, about=about, period=period)
    same = _unchanged(bill, orders, period)
    issued = same or invoicing.issue(seller_id=hub_id, bill=bill, actor=actor, now=now)
    if issued.is_new:
        for order in orders:
            writing.remember(order, "invoice", {"number": issued.number}, actor, now)
    return issued


def invoice_past_month(*, now: datetime) -> int:
    """Issue the invoices of the month before for those who get one a month; return how many. Twice is once."""
    made = 0
    for hub_id, customer_id in invoices.monthly_customers():
        seller = invoices.seller_of(hub_id)
        month = seller.day_of(now).replace(day=1) - timedelta(days=1)
        try:
            issued = invoice_month(hub_id=hub_id, customer_id=customer_id, month=month, actor=SYSTEM, now=now)
        except Refused:  # nothing in that month, or the seller's papers are not in order: said on the hub's pages
            continue
        made += issued.is_new
    return made


def invoice_by_itself(*, order_id: int, moment: str, now: datetime) -> Issued | None:
    """Issue the invoice of an order if its hub issues them at this moment (order, hand_over) and not once a month."""
    hub_id, customer_id = Order.objects.values_list("hub_id", "customer_id").get(id=order_id)
    if invoices.seller_of(hub_id).terms.moment != moment or (hub_id, customer_id) in invoices.monthly_customers(
        seller_id=hub_id
    ):
        return None
    try:
        return invoice_order(order_id=order_id, actor=SYSTEM, now=now)
    except Refused:  # not in order, or cancelled meanwhile: the hub sees it on its pages
        return None


@transaction.atomic
def uninvoice(*, order_id: int, now: datetime) -> str:
    """Take back the invoice of an order that was cancelled, by a credit note; return its number, or nothing.

    Of a monthly invoice all is taken back, and the rest of the month is invoiced anew. Safe to run twice.
    """
    order = _locked(order_id)
    about = f"order:{order.ref}"
    found = invoices.standing([about]).get(about)
    if order.state != Order.State.CANCELLED or found is None:
        return ""
    number = invoicing.credit(seller_id=order.hub_id, about=about, actor=SYSTEM, now=now)
    writing.remember(order, "credit_note", {"number": number}, SYSTEM, now)
    if found.about.startswith("month:"):
        month = date.fromisoformat(f"{found.about.split(':')[1]}-01")
        with contextlib.suppress(rules.NothingInMonth):
            invoice_month(hub_id=order.hub_id, customer_id=order.customer_id, month=month, actor=SYSTEM, now=now)
    return number


def _locked(order_id: int) -> Order:
    order = locks.lock_row(Order.objects.select_related("hub__instance"), order_id)
    if order is None:
        raise NotFound()
    return order


def _of_month(hub_id: int, customer_id: int, first: date, last: date, about: str, now: datetime) -> list[Order]:
    """The customer's standing orders that were handed over in a month, locked, without what is invoiced otherwise."""
    rows = Order.objects.filter(
        hub_id=hub_id, customer_id=customer_id, state=Order.State.PLACED, hand_over_from__lte=now,
        hand_over_from__gte=datetime.combine(first, datetime.min.time(), tzinfo=now.tzinfo) - timedelta(days=1),
    ).select_related("hub__instance")  # fmt: skip
    found = [row for row in locks.locked(rows.order_by("id")) if first <= _day(row) <= last]
    elsewhere = invoices.standing([f"order:{row.ref}" for row in found])
    return [
        row
        for row in found
        if elsewhere.get(f"order:{row.ref}") is None or elsewhere[f"order:{row.ref}"].about == about
    ]


def credit_granted(order: Order, credit: Credit, *, now: datetime) -> str:
    """Lower the standing invoice of an order by a credit granted on it; return the credit note's number, or nothing."""
    about = f"order:{order.ref}"
    if about not in invoices.standing([about]):
        return ""
    lines = [
        Line(credit.reason, "", 1000, "item", part.total_minor, part.tax_minor, part.millionths, about)
        for part in parts_of(credit)
    ]
    number = invoicing.credit_part(
        seller_id=order.hub_id, about=about, lines=lines, grant=credit.pk, actor=SYSTEM, now=now
    )
    writing.remember(order, "credit_note", {"number": number}, SYSTEM, now)
    return number


def parts_of(credit: Credit) -> list[Part]:
    return [Part(*part) for part in credit.parts]


def _unchanged(bill: Bill, orders: list[Order], period: tuple[str, str] | None = None) -> Issued | None:
    """Return the standing invoice if, with the credit notes over parts of it, it says what `bill` says."""
    found = invoices.standing(list(bill.covers))
    standing = {row.pk: row for row in found.values()}
    if len(standing) != 1 or set(found) != set(bill.covers):
        return None
    [row] = standing.values()
    noted = {part.content["grant"] for part in invoices.parts_credited(row.pk)}
    if not noted or row.about != bill.about:
        return None
    before = _bill(orders, about=bill.about, period=period, besides=noted)
    return Issued(row.pk, row.number, is_new=False) if row.substance == before.substance() else None


def _bill(
    orders: list[Order], *, about: str, period: tuple[str, str] | None = None, besides: Collection[int] = ()
) -> Bill:
    """What orders are invoiced for, less the credits granted on them; besides: without regard to these."""
    ids = [order.pk for order in orders]
    rows, charges = defaultdict(list), defaultdict(list)
    for line in OrderLine.objects.filter(order_id__in=ids).select_related("producer").order_by("id"):
        rows[line.order_id].append(line)
    for charge in Charge.objects.filter(order_id__in=ids).order_by("id"):
        charges[charge.order_id].append(charge)
    first = orders[0]
    place = Place(
        first.delivery_street, first.delivery_street2, first.delivery_postcode, first.delivery_town, first.hub.country
    )
    home = place if first.delivery_street else None
    paid = paid_about(f"order:{order.ref}" for order in orders)
    granted = [one for one in credits_about(*(f"order:{order.ref}" for order in orders)) if one.pk not in besides]
    owed = {f"order:{order.ref}": order.total_minor for order in orders}
    for credit in granted:
        owed[credit.about] -= credit.amount_minor
    whole = sum(owed.values())
    given = [
        Extra(credit.reason, -part.total_minor, -part.tax_minor, part.millionths)
        for credit in granted
        for part in parts_of(credit)
    ]
    return Bill(
        about=about,
        covers={f"order:{one.ref}": (one.ref, _day(one).isoformat(), owed[f"order:{one.ref}"]) for one in orders},
        buyer=_buyer(first, home),
        lines=tuple(line for order in orders for line in lines_of(order, rows[order.pk], charges[order.pk])),
        extras=(*extras_of(chain.from_iterable(rows.values()), chain.from_iterable(charges.values())), *given),
        currency=first.currency,
        language=first.language,
        customer_id=first.customer_id,
        delivered_on="" if period else _day(first).isoformat(),
        delivered_to=None if period else home,
        period=period,
        paid_minor=min(max(paid, 0), whole),
    )


def _buyer(order: Order, home: Place | None) -> Party:
    return invoices.buyer_of(customer_id=order.customer_id, name=order.name, place=home)


def _day(order: Order) -> date:
    moment = order.hand_over_from or order.placed_at
    return moment.astimezone(ZoneInfo(order.hub.instance.timezone)).date()


def lines_of(order: Order, rows: Iterable[OrderLine], charges: Iterable[Charge]) -> list[Line]:
    """Return the lines of an order as an invoice lists them: goods, with the fees on them that have the same VAT rate."""
    fees: dict[int, list[Charge]] = defaultdict(list)
    for charge in charges:
        if charge.line_id is not None:
            fees[charge.line_id].append(charge)
    return [_line(order, row, fees[row.pk]) for row in rows]


def _line(order: Order, row: OrderLine, fees: list[Charge]) -> Line:
    same = [fee for fee in fees if fee.tax_millionths == row.tax_millionths]
    tax = row.goods_tax_minor + sum(fee.tax_minor for fee in same)
    goods = row.goods_minor + (0 if row.tax_is_included else row.goods_tax_minor)
    size = row.variant_name or unit_text(
        row.unit, row.size, order.language, row.pack, is_weighed=row.is_weighed, measure=row.measure
    )
    is_weighed = row.is_weighed and row.final_weight_g is not None
    return Line(
        name=row.product_name,
        detail=", ".join(part for part in (size, row.producer.name) if part),
        quantity=row.final_weight_g or 0 if is_weighed else row.quantity * 1000,
        unit="kg" if is_weighed else "item",
        total_minor=goods + sum(_total(fee) for fee in same),
        tax_minor=tax,
        millionths=row.tax_millionths,
        about=f"order:{order.ref}",
    )


def extras_of(rows: Iterable[OrderLine], charges: Iterable[Charge]) -> list[Extra]:
    """Return what is charged besides: of the whole order, and fees on lines with a VAT rate of their own, added up."""
    rates = {row.pk: row.tax_millionths for row in rows}
    sums: dict[tuple[str, int], list[int]] = {}
    for charge in charges:
        if (charge.line_id is not None and charge.tax_millionths == rates[charge.line_id]) or not charge.amount_minor:
            continue
        held = sums.setdefault((charge.label, charge.tax_millionths), [0, 0])
        held[0] += _total(charge)
        held[1] += charge.tax_minor
    return [Extra(label, amount, tax, rate) for (label, rate), (amount, tax) in sums.items() if amount]


def _total(charge: Charge) -> int:
    return charge.amount_minor + (0 if charge.tax_is_included else charge.tax_minor)
