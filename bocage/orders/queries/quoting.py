"""What a basket costs: the same reading for the shop, the checkout and the order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bocage.order_cycles.queries.offers import Offers, offers
from bocage.orders.queries.choices import delivery_choices
from bocage.orders.rules import Item, Quote, make_quote
from bocage.pricing.rules import Fee
from bocage.pricing.vat import Handed


def quote(
    *,
    cycle_id: int,
    hub_id: int,
    quantities: Mapping[int, int],
    delivery_method_id: int | None = None,
    payment: Fee | None = None,
    at: datetime,
    postcode: str = "",
    voucher: Fee | None = None,
) -> Quote:
    """Return what `quantities` (variant id → units) cost now, with a delivery if chosen and the charge of a payment.

    What is not offered is left out. postcode: where it is brought to, if it is; voucher: what it takes off.
    """
    found = offers(cycle_id=cycle_id, hub_id=hub_id, variant_ids=quantities, at=at)
    choices = (
        delivery_choices(cycle_id=cycle_id, hub_id=hub_id, method_id=delivery_method_id) if delivery_method_id else []
    )
    if not choices:
        return quote_of(found, quantities, None, payment=payment, voucher=voucher)
    handed = choices[0].handed(postcode)
    return quote_of(found, quantities, choices[0].fee, payment=payment, voucher=voucher, handed=handed)


def quote_of(
    found: Offers,
    quantities: Mapping[int, int],
    delivery: Fee | None,
    *,
    payment: Fee | None = None,
    voucher: Fee | None = None,
    handed: Handed | None = None,
) -> Quote:
    """Return what `quantities` cost by offers already read, with the charges of a delivery and a payment, less a voucher.

    handed: where and when they change hands, which decides their VAT; None: at home, today.
    """
    if handed is not None:
        delivery = None if delivery is None else found.fee(delivery, handed)
        payment = None if payment is None else found.fee(payment, handed)
        found = found.handed_over(handed)
    items = [
        Item(variant_id, offer.producer_id, offer.goods(quantities[variant_id]), offer.fees)
        for variant_id, offer in found.by_variant.items()
        if variant_id in quantities
    ]
    own = [fee for fee in (delivery, payment) if fee is not None]
    return make_quote(items, [*found.order_fees, *own], voucher=voucher)
