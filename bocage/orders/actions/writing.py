"""What placing and amending share: freezing a quote as rows, reading it back, and remembering who changed what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bocage.catalogue.models import Variant
from bocage.commons.money import Money
from bocage.infra.inserts import insert
from bocage.network.rules import Actor
from bocage.order_cycles.queries.offers import Offers
from bocage.orders import rules
from bocage.orders.models import Charge, Order, OrderChange, OrderLine
from bocage.orders.rules import Item, Quote, QuotedLine
from bocage.pricing.rules import NO_TAX, Charged, Fee, Goods, Tax
from bocage.stock.actions import Cause

OWN_KINDS = frozenset(kind.value for kind in Charge.Kind if kind != Charge.Kind.FEE)


def cause(reason: str, ref: str, actor: Actor, now: datetime) -> Cause:
    """Return why stock moves for an order."""
    return Cause(reason=reason, about=f"order:{ref}", by=actor.label, at=now)


def check_offered(quantities: Iterable[int], found: Offers) -> None:
    """Raise NotOffered, naming the products, unless every variant is among the offers."""
    missing = [variant_id for variant_id in quantities if variant_id not in found.by_variant]
    if missing:
        raise rules.NotOffered(products=", ".join(sorted(set(names_of(missing).values()))) or "?")


def names_of(variant_ids: Iterable[int]) -> dict[int, str]:
    """Return the names that products have now, by variant id, in one query; none for no ids."""
    ids = list(variant_ids)
    return dict(Variant.objects.filter(id__in=ids).values_list("id", "product__name")) if ids else {}


def write_lines(order: Order, quote: Quote, found: Offers, pools: Mapping[int, int]) -> None:
    """Freeze a quote's lines, with their fees, and its charges: two queries."""
    lines = insert(new_line(order, line, found, pools) for line in quote.lines)
    charges = [
        new_charge(order, line.pk, charged)
        for line, quoted in zip(lines, quote.lines, strict=True)
        for charged in quoted.priced.charges
    ]
    insert([*charges, *(new_charge(order, None, charged) for charged in quote.charges)])


def new_line(order: Order, line: QuotedLine, found: Offers, pools: Mapping[int, int]) -> OrderLine:
    """Return the unsaved row that freezes a quoted line as it was offered."""
    offer = found.by_variant[line.item.variant_id]
    row = OrderLine(
        order=order,
        variant_id=offer.variant_id,
        producer_id=offer.producer_id,
        stock_item_id=pools[offer.variant_id],
        product_name=offer.product_name,
        variant_name=offer.variant_name,
        unit=offer.unit,
        size=offer.size,
        pack=offer.pack,
        measure=offer.measure,
        weight_g=offer.weight_g,
        is_weighed=offer.is_weighed,
        price_minor=offer.price.minor,
        tax_rate_id=offer.tax_rate_id,
    )
    set_amounts(row, line)
    return row


def set_amounts(row: OrderLine, line: QuotedLine) -> None:
    """Copy what a line costs onto its row."""
    row.quantity = line.item.goods.quantity
    row.final_weight_g = line.item.goods.final_weight_g
    row.goods_minor = line.priced.goods.minor
    row.goods_tax_minor = line.priced.goods_tax.minor
    row.fees_minor = line.priced.fees.minor
    row.total_minor = line.priced.total.minor
    row.tax_millionths = line.priced.rate.millionths
    row.tax_is_included = line.priced.rate.is_included
    row.tax_taken_out = line.priced.rate.taken_out


def new_charge(order: Order, line_id: int | None, charged: Charged) -> Charge:
    """Return the unsaved row of a fee or delivery charge, its terms frozen beside its amount."""
    fee = charged.fee
    row = Charge(
        order=order,
        line_id=line_id,
        kind=fee.kind if fee.kind in OWN_KINDS else "fee",
        fee_id=fee.fee_id,
        place=fee.place,
        payee_id=fee.payee_id,
        label=fee.name,
        fee_kind=fee.kind,
    )
    set_charge(row, charged)
    return row


def set_charge(row: Charge, charged: Charged) -> None:
    """Copy what a fee or charge came to onto its row, with the terms it came by."""
    row.terms = charged.fee.as_terms()
    row.amount_minor = charged.amount.minor
    row.tax_minor = charged.tax.minor
    row.tax_millionths = charged.rate.millionths
    row.tax_is_included = charged.rate.is_included


def goods_of(row: OrderLine, currency: str, *, quantity: int | None = None, final_weight_g: int | None = None) -> Goods:
    """Return what a frozen line is priced from, as it stands or with another quantity or final weight."""
    grams = row.size if row.unit == "weight" else row.weight_g or 0
    return Goods(
        price=Money(row.price_minor, currency),
        quantity=row.quantity if quantity is None else quantity,
        tax=Tax(row.tax_millionths, row.tax_is_included, row.tax_taken_out, category_id=_category_of(row)),
        grams=grams,
        size_g=row.size if row.is_weighed else 0,
        final_weight_g=final_weight_g,
    )


def _category_of(row: OrderLine) -> int | None:
    """Whose rate a line's VAT is; None where there is none, whoever's the goods would be: their producer is not liable."""
    return row.tax_rate_id if row.tax_millionths or row.tax_taken_out else None


def items_of(rows: Iterable[OrderLine], charges: Iterable[Charge], currency: str) -> list[Item]:
    """Return frozen lines as items to price again by the terms agreed when they were ordered."""
    fees: dict[int, list[Fee]] = defaultdict(list)
    for charge in charges:
        if charge.line_id is not None:
            fees[charge.line_id].append(Fee.from_terms(charge.terms))
    return [
        Item(
            row.variant_id,
            row.producer_id,
            goods_of(row, currency, final_weight_g=row.final_weight_g),
            tuple(fees[row.pk]),
        )
        for row in rows
    ]


def order_fees_of(charges: Iterable[Charge]) -> list[Fee]:
    """Return the frozen fees and charges of the whole order, without its voucher."""
    return [Fee.from_terms(one.terms) for one in charges if one.line_id is None and one.kind != Charge.Kind.VOUCHER]


def voucher_of(charges: Iterable[Charge]) -> Fee | None:
    """Return the frozen terms of the order's voucher, which has one row per VAT rate, or None."""
    return next((Fee.from_terms(one.terms) for one in charges if one.kind == Charge.Kind.VOUCHER), None)


def remember(
    order: Order, what: str, details: dict[str, Any], actor: Actor, now: datetime, *, name: str = ""
) -> OrderChange:
    """Keep who changed what of an order, for people to read."""
    change = OrderChange(
        order=order, what=what, details=details, by=actor.label, by_name=actor.name or name or order.name, at=now
    )
    insert([change])
    return change


def how(*, to_stock: bool, is_told: bool) -> dict[str, bool]:
    """Return what a change keeps of how it was made, where that is not as usual: no mail, nothing back into stock."""
    return {name: False for name, usual in (("to_stock", to_stock), ("is_told", is_told)) if not usual}


def nothing_of(fee: Fee, currency: str) -> Charged:
    """Return a fee as charging nothing."""
    nothing = Money(0, currency)
    return Charged(fee, nothing, nothing, fee.tax or NO_TAX)
