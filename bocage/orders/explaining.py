"""Each step that made a price or an order's total, in words and numbers: read off the same quote that was charged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.network.rules import Actor, Right
from bocage.order_cycles.queries.offers import Offer, offers
from bocage.orders import rules
from bocage.orders.actions.amending import Held
from bocage.orders.models import Order
from bocage.orders.rules import Quote
from bocage.pricing.rules import GRAMS, Calculator, Charged, Goods, PricedLine, Tax, price_line
from bocage.ui.formats import grams, money, rate


@dataclass(frozen=True, slots=True)
class Step:
    """One step in words, and what it comes to; a sum closes what stands above it."""

    words: str
    amount: Money
    is_sum: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Steps about one thing."""

    title: str
    steps: tuple[Step, ...]


def explain_order(*, ref: str, actor: Actor) -> list[Section]:
    """Return how an order's total came to be: lines, charges, VAT by rate, postings; by the terms frozen on it.

    For the hub (SEE_ORDERS). Raises NotFound.
    """
    order = Order.objects.filter(ref=ref).first()
    if order is None or not actor.may(Right.SEE_ORDERS, on=order.hub_id):
        raise NotFound()
    held = Held.read(order)
    quote = held.quote
    names = {line.variant_id: line.product_name for line in held.lines.values()}
    found = [Section(names[line.item.variant_id], tuple(_line(line.priced, line.item.goods))) for line in quote.lines]
    found.append(Section(gettext("The whole order"), tuple(_whole(quote))))
    if quote.taxes():
        found.append(Section(gettext("VAT in it"), tuple(_taxes(quote))))
    postings = rules.sale_postings(quote, customer_id=order.customer_id)
    booked = tuple(
        Step(f"{key.kind} {key.subject}", Money(amount, order.currency)) for key, amount in sorted(postings.items())
    )
    found.append(Section(gettext("In the books: above zero is owed to the hub"), booked))
    return found


def explain_price(*, cycle_id: int, hub_id: int, variant_id: int, at: datetime) -> list[Section]:
    """Return how the shop's price of one of a variant came to be now. Raises NotFound where it is not offered."""
    offer = offers(cycle_id=cycle_id, hub_id=hub_id, variant_ids=[variant_id], at=at).by_variant.get(variant_id)
    if offer is None:
        raise NotFound()
    return [explain_offer(offer)]


def explain_offer(offer: Offer) -> Section:
    """Return how the price of one of what is offered came to be: at no query."""
    goods = offer.goods(1)
    return Section(offer.product_name, tuple(_line(price_line(goods, offer.fees), goods)))


def _line(line: PricedLine, goods: Goods) -> Iterator[Step]:
    price, asked = money(goods.price), goods.amount
    if goods.final_weight_g is None:
        yield Step(gettext("%(count)s × %(price)s") % {"count": goods.quantity, "price": price}, asked)
    else:
        told = {"weight": grams(goods.final_weight_g), "price": price, "size": grams(goods.size_g)}
        yield Step(gettext("%(weight)s at %(price)s for %(size)s, rounded once") % told, asked)
    yield from _taxed(goods.tax, asked, line.goods, line.goods_tax)
    for charge in line.charges:
        yield from _charge(charge, asked, goods.quantity, grams(goods.weight_g))
    yield Step(gettext("Total of the line"), line.total, is_sum=True)


def _whole(quote: Quote) -> Iterator[Step]:
    yield Step(gettext("All lines"), quote.goods_total)
    goods = [line.item.goods for line in quote.lines]
    for charge in quote.own_charges:
        own = [
            one.item.goods for one in quote.lines if charge.fee.only_producer_id in (None, one.item.producer_id)
        ] or goods
        worth = Money(sum(one.amount.minor for one in own), quote.currency)
        weight = grams(sum(one.weight_g for one in own))
        yield from _charge(charge, worth, sum(one.quantity for one in own), weight)
    for charge in quote.charges:
        if charge.fee.kind == "voucher" and charge.total:
            told = {"code": charge.fee.name, "rate": rate(charge.rate.millionths), "tax": money(charge.tax)}
            yield Step(
                gettext("Voucher %(code)s: its part at VAT of %(rate)s, with %(tax)s of VAT") % told, charge.total
            )
    yield Step(gettext("Total"), quote.total, is_sum=True)


def _charge(charge: Charged, worth: Money, count: int, weight: str) -> Iterator[Step]:
    fee, currency = charge.fee, worth.currency
    told = {
        "name": fee.name, "rate": rate(fee.percent_millionths), "worth": money(worth), "count": count, "weight": weight,
        "amount": money(Money(fee.amount_minor, currency)), "from": money(Money(fee.threshold_minor, currency)),
        "reduced": money(Money(fee.reduced_minor, currency)), "limit": fee.limit,
        "more": money(Money(fee.additional_minor, currency)),
    }  # fmt: skip
    if fee.calculator is Calculator.PERCENT:
        words = gettext("%(name)s: %(rate)s of %(worth)s, rounded once")
    elif fee.calculator is Calculator.PER_ITEM:
        words = gettext("%(name)s: %(count)s × %(amount)s")
    elif fee.calculator in GRAMS:
        words = gettext("%(name)s: %(amount)s per kg or lb, for %(weight)s, rounded once")
    elif fee.calculator is Calculator.SACK:
        words = gettext("%(name)s: %(amount)s, from %(from)s of goods on %(reduced)s; goods are %(worth)s")
    elif fee.calculator is Calculator.FLEXIBLE:
        words = gettext("%(name)s: %(amount)s for the first of %(count)s, %(more)s for each more, up to %(limit)s")
    else:
        words = gettext("%(name)s: once per order")
    yield Step(words % told, charge.amount)
    yield from _taxed(charge.rate, charge.amount, charge.amount, charge.tax)


def _taxed(tax: Tax, asked: Money, amount: Money, vat: Money) -> Iterator[Step]:
    if asked != amount:
        told = {"rate": rate(tax.taken_out)}
        yield Step(gettext("less the VAT of home in it, %(rate)s, not owed there") % told, amount - asked)
    if vat:
        told = {"rate": rate(tax.millionths), "amount": money(amount), "tax": money(vat)}
        if tax.is_included:
            nothing = Money(0, amount.currency)
            yield Step(gettext("%(tax)s of VAT is contained in %(amount)s, at %(rate)s") % told, nothing)
        else:
            yield Step(gettext("VAT on %(amount)s, at %(rate)s") % told, vat)


def _taxes(quote: Quote) -> Iterator[Step]:
    for tax, base, amount in quote.taxes():
        yield Step(gettext("%(rate)s of %(base)s") % {"rate": rate(tax.millionths), "base": money(base)}, amount)
