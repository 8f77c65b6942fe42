"""One random basket by its number, and the ways its price is reached: one column each, all of them the same.

A further way is one more function in COLUMNS: from a Basket to whole cents.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cached_property

from bocage.commons.measures import Exact
from bocage.commons.money import Money, total
from bocage.invoicing.rules import Bill, Party
from bocage.ledger.rules import AccountKey, check_balanced
from bocage.network.models import Enterprise
from bocage.order_cycles.queries.offers import Offer, Offers
from bocage.orders.actions import writing
from bocage.orders.actions.invoicing import extras_of, lines_of
from bocage.orders.models import Charge, Order, OrderLine
from bocage.orders.rules import Item, Quote, make_quote, sale_postings
from bocage.pricing.discounts import voucher_fee
from bocage.pricing.rules import NO_TAX, Calculator, Fee, Goods, Tax, charge_order, price_line, who_earns_what
from bocage.settlements.rules import GOODS, Key, Sum, net_and_tax
from bocage.settlements.rules import postings as statement_postings

HUB, CUSTOMER = 1, 9
RATES = (0, 21_000, 55_000, 100_000, 200_000)
ON_LINES = (Calculator.PERCENT, Calculator.PER_ITEM, Calculator.PER_KILOGRAM, Calculator.PER_POUND)
ON_ORDERS = (Calculator.FLAT, Calculator.FLEXIBLE, Calculator.SACK)


@dataclass(frozen=True)
class Basket:
    """What is bought: items with their fees, the order's fees and charges, perhaps a voucher; and its quote."""

    items: tuple[Item, ...]
    order_fees: tuple[Fee, ...]
    voucher: Fee | None
    quote: Quote

    @cached_property
    def rows(self) -> tuple[list[OrderLine], list[Charge]]:
        """Return the lines and charges that freeze it, without a database."""
        order = Order(currency="EUR")
        found = Offers({item.variant_id: _offer(item) for item in self.items}, ())
        lines, charges = [], []
        for quoted in self.quote.lines:
            row = writing.new_line(order, quoted, found, {quoted.item.variant_id: 1})
            row.pk = quoted.item.variant_id
            lines.append(row)
            charges += [writing.new_charge(order, row.pk, charged) for charged in quoted.priced.charges]
        return lines, charges + [writing.new_charge(order, None, charged) for charged in self.quote.charges]


def basket(number: int) -> Basket:
    """Return the basket of this number: always the same one."""
    chance = random.Random(number)
    order_fees = tuple(_fee(chance, chance.choice(ON_ORDERS)) for _ in range(chance.choice((0, 0, 1, 2))))
    charges = [_fee(chance, chance.choice((*ON_ORDERS, *ON_LINES)), kind="delivery")]
    charges += [_fee(chance, Calculator.PERCENT, kind="payment")] if chance.random() < 0.2 else []
    shared = tuple(_fee(chance, chance.choice(ON_LINES), inherits=True) for _ in range(chance.choice((0, 1, 2, 3))))
    items = tuple(_item(chance, number_, shared) for number_ in range(1, 1 + chance.choice((1, 2, 3, 4, 6))))
    voucher = _voucher(chance) if chance.random() < 0.5 else None
    fees = (*order_fees, *charges)
    return Basket(items, fees, voucher, make_quote(items, fees, voucher=voucher))


def shop(basket: Basket) -> int:
    """What the shop shows line by line, split over who earns what, with the charges and the voucher of the basket."""
    lines = [price_line(item.goods, item.fees) for item in basket.items]
    parts = [part for line in lines for part in who_earns_what(line, producer_id=2, producer="Ferme")]
    covered = [
        (fee, [item.goods for item in basket.items if fee.only_producer_id in (None, item.producer_id)])
        for fee in basket.order_fees
    ]
    charged = total(charge_order(fee, goods).total for fee, goods in covered if goods)
    return (total(part.amount for part in parts) + charged + basket.quote.discount).minor


def pencil(basket: Basket) -> int:
    """What a person gets with decimals and no code of ours, before the voucher; then its worth by the same pencil."""
    lines = [_by_pencil(item) for item in basket.items]
    goods = sum(lines, Decimal(0))
    whole = goods + sum((_charge_by_pencil(fee, basket.items) for fee in basket.order_fees), Decimal(0))
    return int(whole - _off_by_pencil(basket.voucher, goods, whole))


def frozen(basket: Basket) -> int:
    """What the order's rows say: lines, and charges that are not on a line."""
    lines, charges = basket.rows
    own = [row for row in charges if row.line_id is None]
    return sum(row.total_minor for row in lines) + sum(_paid(row) for row in own)


def by_charge(basket: Basket) -> int:
    """What goods, VAT and every single charge of the rows add up to."""
    lines, charges = basket.rows
    goods = sum(row.goods_minor + (0 if row.tax_is_included else row.goods_tax_minor) for row in lines)
    return goods + sum(_paid(row) for row in charges)


def read_back(basket: Basket) -> int:
    """What the rows cost when they are priced again by the terms that were frozen on them."""
    lines, charges = basket.rows
    items = writing.items_of(lines, charges, "EUR")
    fees, voucher = writing.order_fees_of(charges), writing.voucher_of(charges)
    return make_quote(items, fees, voucher=voucher).total.minor


def posted(basket: Basket) -> int:
    """What the books say the customer owes; the entry balances and its VAT is that of the quote, rate by rate."""
    postings = sale_postings(basket.quote, customer_id=CUSTOMER)
    check_balanced(postings)
    by_rate: dict[str, int] = {}
    for rate, _base, tax in basket.quote.taxes():
        key = f"vat:{rate.millionths}"
        by_rate[key] = by_rate.get(key, 0) + tax.minor
    booked = {key.subject: -amount for key, amount in postings.items() if key.kind == "vat"}
    assert booked == {key: amount for key, amount in by_rate.items() if amount}
    return sum(amount for key, amount in postings.items() if key.kind == "customer")


def taxed(basket: Basket) -> int:
    """What the bases without VAT and the VAT of all rates add up to, with what carries none."""
    without = sum(paid for rate, (paid, _tax) in basket.quote.by_rate.items() if not rate[0])
    return without + sum(base.minor + tax.minor for _rate, base, tax in basket.quote.taxes())


def invoiced(basket: Basket) -> int:
    """What an invoice of the rows comes to, by its lines and charges; its VAT is the quote's, rate by rate."""
    lines, charges = basket.rows
    for row in lines:
        row.producer = Enterprise(pk=row.producer_id, name="Ferme")
    order = Order(ref="R", language="fr")
    bill = Bill(
        about="order:R", covers={}, buyer=Party("Armelle"), lines=tuple(lines_of(order, lines, charges)),
        extras=tuple(extras_of(lines, charges)),
    )  # fmt: skip
    by_rate: dict[int, tuple[int, int]] = {}
    for rate, base, tax in basket.quote.taxes():
        had = by_rate.get(rate.millionths, (0, 0))
        by_rate[rate.millionths] = (had[0] + base.minor, had[1] + tax.minor)
    billed = {rate.millionths: (rate.base, rate.tax) for rate in bill.rates() if rate.millionths}
    assert {rate: sums for rate, sums in billed.items() if any(sums)} == {
        rate: sums for rate, sums in by_rate.items() if any(sums)
    }
    return sum(rate.base + rate.tax for rate in bill.rates())


def settled(basket: Basket) -> int:
    """What statements of the rows owe the farms, with what the hub keeps; each farm's account is its statement."""
    lines, charges = basket.rows
    sums: dict[int, dict[Key, Sum]] = {}
    for row in lines:
        net, tax = net_and_tax(
            row.goods_minor, row.goods_tax_minor, is_included=row.tax_is_included, taken_out=row.tax_taken_out
        )
        sums.setdefault(row.producer_id, {})[Key(1, GOODS, "", row.variant_id)] = Sum(row.quantity, 0, net, tax)
    owed = {farm: sum(one.net for one in said.values()) for farm, said in sums.items()}
    posted = sale_postings(basket.quote, customer_id=CUSTOMER)
    for farm, net in owed.items():
        assert -posted.get(AccountKey("producer", f"producer:{farm}"), 0) == net
        frozen_ = statement_postings(sums[farm].items(), producer_id=farm, is_hub_liable=True)
        check_balanced(frozen_)
        total_owed = sum(one.net + one.tax for one in sums[farm].values())
        assert net - frozen_.get(AccountKey("producer", f"producer:{farm}"), 0) == total_owed
    taxes = sum(row.goods_tax_minor for row in lines)
    return sum(owed.values()) + taxes + sum(_paid(row) for row in charges)


COLUMNS: Mapping[str, Callable[[Basket], int]] = {
    "shop": shop,
    "pencil": pencil,
    "order": frozen,
    "charges": by_charge,
    "read back": read_back,
    "postings": posted,
    "taxes": taxed,
    "invoice": invoiced,
    "settlement": settled,
}


def differences(number: int) -> dict[str, int]:
    """Return what each column says of a basket whose columns are not all its quote's total; nothing if they are."""
    one = basket(number)
    whole = one.quote.total.minor
    said = {name: column(one) for name, column in COLUMNS.items()}
    wrong = {name: minor for name, minor in said.items() if minor != whole}
    return {"quote": whole, **wrong} if wrong else {}


def _item(chance: random.Random, number: int, shared: tuple[Fee, ...]) -> Item:
    quantity = chance.choice((1, 1, 2, 3, 5, 12))
    size = Fraction(chance.randint(1, 3_000_000), 1000) if chance.random() < 0.2 else chance.randint(1, 3000)
    is_weighed = chance.random() < 0.2
    goods = Goods(
        price=Money(chance.randint(0, 6000)),
        quantity=quantity,
        tax=_tax(chance),
        grams=size,
        size_g=size if is_weighed else 0,
        final_weight_g=chance.randint(1, 1 + int(2 * size * quantity))
        if is_weighed and chance.random() < 0.7
        else None,
    )
    own = tuple(_fee(chance, chance.choice(ON_LINES), inherits=True) for _ in range(chance.choice((0, 0, 1))))
    return Item(number, chance.choice((2, 3)), goods, (*shared, *own))


def _fee(chance: random.Random, calculator: Calculator, *, kind: str = "admin", inherits: bool = False) -> Fee:
    inherited = inherits and chance.random() < 0.5
    is_rebate = chance.random() < 0.1
    amount = chance.randint(-50, -1) if is_rebate else chance.randint(0, 300)
    return Fee(
        name=f"{kind} {chance.randint(1, 10**9)}",
        calculator=calculator,
        payee_id=chance.choice((HUB, 2, 3)),
        kind=kind,
        only_producer_id=chance.choice((None, None, 2)) if calculator in ON_ORDERS else None,
        percent_millionths=chance.randint(-20_000, 0) if is_rebate else chance.randint(0, 150_000),
        amount_minor=amount,
        additional_minor=chance.randint(0, 100),
        threshold_minor=chance.randint(0, 9000),
        reduced_minor=0,
        limit=chance.randint(1, 8),
        tax=None if inherited else _tax(chance),
    )


def _tax(chance: random.Random) -> Tax:
    if chance.random() < 0.1:
        return Tax(chance.choice(RATES), is_included=False, taken_out=chance.choice(RATES))
    return Tax(chance.choice(RATES), is_included=chance.random() < 0.8)


def _voucher(chance: random.Random) -> Fee:
    minimum = chance.choice((0, 0, 2000))
    if chance.random() < 0.5:
        return voucher_fee(
            code="MOITIÉ", hub_id=HUB, percent_millionths=chance.randint(1, 10**6), minimum_minor=minimum
        )
    return voucher_fee(code="DIX", hub_id=HUB, amount_minor=chance.randint(1, 12_000), minimum_minor=minimum)


def _offer(item: Item) -> Offer:
    goods = item.goods
    return Offer(
        variant_id=item.variant_id, product_id=1, producer_id=item.producer_id, category_id=1, product_name="Poireau",
        variant_name="", unit="weight", size=goods.grams, pack="", measure="", weight_g=None,
        is_weighed=bool(goods.size_g), price=goods.price, tax=goods.tax, tax_rate_id=None, fees=item.fees,
    )  # fmt: skip


def _paid(row: Charge) -> int:
    return row.amount_minor + (0 if row.tax_is_included else row.tax_minor)


def _decimal(exact: Exact) -> Decimal:
    return Decimal(exact.numerator) / exact.denominator


def _cent(exact: Decimal) -> Decimal:
    return exact.quantize(Decimal(1), ROUND_HALF_UP)


def _with_vat(asked: Decimal, tax: Tax) -> Decimal:
    taken = Decimal(tax.taken_out)
    left = asked - _cent(asked * taken / (1_000_000 + taken))
    return left if tax.is_included else left + _cent(left * tax.millionths / 1_000_000)


def _goods_by_pencil(goods: Goods) -> Decimal:
    price = Decimal(goods.price.minor)
    if goods.final_weight_g is None:
        return price * goods.quantity
    return _cent(price * goods.final_weight_g / _decimal(goods.size_g))


def _by_pencil(item: Item) -> Decimal:
    goods, asked = item.goods, _goods_by_pencil(item.goods)
    whole = _with_vat(asked, goods.tax)
    for fee in item.fees:
        whole += _with_vat(_fee_by_pencil(fee, [goods], asked), goods.tax if fee.tax is None else fee.tax)
    return whole


def _charge_by_pencil(fee: Fee, items: tuple[Item, ...]) -> Decimal:
    goods = [item.goods for item in items if fee.only_producer_id in (None, item.producer_id)]
    if not goods:
        return Decimal(0)
    return _with_vat(_fee_by_pencil(fee, goods, sum(map(_goods_by_pencil, goods), Decimal(0))), fee.tax or NO_TAX)


def _fee_by_pencil(fee: Fee, goods: list[Goods], worth: Decimal) -> Decimal:
    count = sum(one.quantity for one in goods)
    grams = _decimal(
        sum(one.grams * one.quantity if one.final_weight_g is None else one.final_weight_g for one in goods)
    )
    amount = Decimal(fee.amount_minor)
    return {
        Calculator.PERCENT: lambda: _cent(worth * fee.percent_millionths / 1_000_000),
        Calculator.PER_ITEM: lambda: amount * count,
        Calculator.PER_KILOGRAM: lambda: _cent(amount * grams / 1000),
        Calculator.PER_POUND: lambda: _cent(amount * grams / Decimal("453.59237")),
        Calculator.FLEXIBLE: lambda: amount + (min(count, fee.limit) - 1) * fee.additional_minor,
        Calculator.SACK: lambda: amount if worth < fee.threshold_minor else Decimal(fee.reduced_minor),
        Calculator.FLAT: lambda: amount,
    }[fee.calculator]()


def _off_by_pencil(voucher: Fee | None, goods: Decimal, whole: Decimal) -> Decimal:
    if voucher is None or goods < voucher.threshold_minor or whole <= 0:
        return Decimal(0)
    if voucher.percent_millionths:
        return min(whole, _cent(whole * voucher.percent_millionths / 1_000_000))
    return min(whole, Decimal(voucher.amount_minor))
