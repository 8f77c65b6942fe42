"""What a line costs and why: fees, tax and rounding, the one computation of every price in the house.

Each amount is rounded once, halves away from zero, where it becomes somebody's money: the goods of a line, a fee on a
line or on an order, a tax inside one of these. Sums are of rounded amounts and are never rounded again (ADR 0004).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any

from bocage.commons.measures import Exact
from bocage.commons.money import Money, round_half_up, total

MILLION = 1_000_000


class Calculator(StrEnum):
    """How a fee or a delivery charge counts; percentages, items and weights go on lines, the others on orders."""

    PERCENT = "percent"
    PER_ITEM = "per_item"
    PER_KILOGRAM = "per_kilogram"
    PER_POUND = "per_pound"
    FLAT = "flat"
    FLEXIBLE = "flexible"
    SACK = "sack"


GRAMS = {Calculator.PER_KILOGRAM: Fraction(1000), Calculator.PER_POUND: Fraction("453.59237")}  # of one unit of weight
ON_LINES = frozenset({Calculator.PERCENT, Calculator.PER_ITEM, *GRAMS})


@dataclass(frozen=True, slots=True)
class Tax:
    """A VAT rate in millionths of the net price, contained in the price or added to it.

    `taken_out`: the rate at home, which prices contain and which is not owed where the goods go; it leaves the price
    before this rate counts. `category_id` says whose rate it is (`vat.RateTable`); two taxes are equal without it.
    """

    millionths: int = 0
    is_included: bool = True
    taken_out: int = 0
    category_id: int | None = field(default=None, compare=False)

    def of(self, amount: Money) -> Money:
        """Return the tax in (or on) `amount`, rounded once to the cent."""
        return amount.part(self.millionths, MILLION + self.millionths if self.is_included else MILLION)

    def base(self, asked: Money) -> Money:
        """Return what is charged of a price that was set at home: without the VAT that is not owed here."""
        return asked - Tax(self.taken_out).of(asked) if self.taken_out else asked


NO_TAX = Tax()


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee as it is charged at one place of a cycle, or a delivery charge.

    `only_producer_id`: of an order's goods it covers that producer's only. `tax` None inherits the line's tax.
    Which amounts count depends on `calculator` (see pricing.models.EnterpriseFee).
    """

    name: str
    calculator: Calculator
    payee_id: int
    kind: str = "admin"
    fee_id: int | None = None
    place: str = "coordinator"
    only_producer_id: int | None = None
    percent_millionths: int = 0
    amount_minor: int = 0
    additional_minor: int = 0
    threshold_minor: int = 0
    reduced_minor: int = 0
    limit: int = 0
    tax: Tax | None = NO_TAX

    @property
    def is_on_lines(self) -> bool:
        return self.calculator in ON_LINES

    def as_terms(self) -> dict[str, Any]:
        """Return this fee as plain values to keep beside what it charged; `from_terms` reads them back."""
        terms = {name: getattr(self, name) for name in _TERMS}
        return terms | {"calculator": self.calculator.value, "tax": None if self.tax is None else _tax_terms(self.tax)}

    @classmethod
    def from_terms(cls, terms: dict[str, Any]) -> Fee:
        tax = terms["tax"]
        values = terms | {"calculator": Calculator(terms["calculator"]), "tax": None if tax is None else Tax(*tax)}
        return cls(**values)


AMOUNTS = ("percent_millionths", "amount_minor", "additional_minor", "threshold_minor", "reduced_minor", "limit")
_TERMS = (
    "name",
    "payee_id",
    "kind",
    "fee_id",
    "place",
    "only_producer_id",
    *AMOUNTS,
)


def _tax_terms(tax: Tax) -> list[Any]:
    """Return what makes `tax` again; whose rate it is stands with it, so that another place can tax it anew."""
    if tax.category_id is not None:
        return [tax.millionths, tax.is_included, tax.taken_out, tax.category_id]
    return [tax.millionths, tax.is_included, *([tax.taken_out] if tax.taken_out else [])]


@dataclass(frozen=True, slots=True)
class Goods:
    """What a line is priced from: `price` of one before fees, how many, what all of them weigh, their tax.

    For weighed goods `size_g` is the nominal weight of one and `final_weight_g` that of the whole line, once known.
    """

    price: Money
    quantity: int
    tax: Tax = NO_TAX
    grams: Exact = 0
    size_g: Exact = 0
    final_weight_g: int | None = None

    @property
    def amount(self) -> Money:
        """Return the price of all of it: by piece, or by the final weight where there is one."""
        if self.final_weight_g is None:
            return self.price * self.quantity
        return self.price.times(Fraction(self.final_weight_g) / self.size_g)

    @property
    def weight_g(self) -> Exact:
        return self.grams * self.quantity if self.final_weight_g is None else self.final_weight_g


@dataclass(frozen=True, slots=True)
class Charged:
    """A fee and what it came to: `amount` without added tax, `tax` in or on it, `rate` that tax's rate."""

    fee: Fee
    amount: Money
    tax: Money
    rate: Tax

    @property
    def total(self) -> Money:
        """Return what the buyer pays for it."""
        return self.amount if self.rate.is_included else self.amount + self.tax

    @property
    def net(self) -> Money:
        """Return what is left for the payee without the tax."""
        return self.amount - self.tax if self.rate.is_included else self.amount


@dataclass(frozen=True)
class PricedLine:
    """A line with everything that makes its price; `total` is what the buyer pays for it. Sums are kept once made."""

    goods: Money
    goods_tax: Money
    rate: Tax
    charges: tuple[Charged, ...]

    @cached_property
    def fees(self) -> Money:
        return total((charge.total for charge in self.charges), self.goods.currency)

    @cached_property
    def total(self) -> Money:
        added = Money(0, self.goods.currency) if self.rate.is_included else self.goods_tax
        return self.goods + added + self.fees

    @property
    def goods_net(self) -> Money:
        return self.goods - self.goods_tax if self.rate.is_included else self.goods

    @cached_property
    def by_rate(self) -> Sums:
        """Return what is paid for the line and the VAT in it, per rate."""
        sums: Sums = {}
        add_to(sums, self.rate, self.goods, self.goods_tax)
        for charge in self.charges:
            add_to(sums, charge.rate, charge.amount, charge.tax)
        return sums


Sums = dict[tuple[int, bool], tuple[int, int]]  # (millionths, is it included) → (paid with VAT, the VAT), minor units


def add_to(sums: Sums, rate: Tax, amount: Money, tax: Money) -> None:
    """Add an amount and the tax in or on it to the sums of its rate."""
    key = (rate.millionths, rate.is_included or not rate.millionths)
    paid, so_far = sums.get(key, (0, 0))
    sums[key] = (paid + amount.minor + (0 if key[1] else tax.minor), so_far + tax.minor)


def price_line(goods: Goods, fees: Iterable[Fee] = ()) -> PricedLine:
    """Return the price of a line with its fees; fees that go on orders are passed over.

    A percentage is taken of the goods of the whole line and rounded once on the line. The same line is priced once: all
    that it depends on is given and never changes.
    """
    return _priced_line(goods, tuple(fees))


@lru_cache(maxsize=8192)
def _priced_line(goods: Goods, fees: tuple[Fee, ...]) -> PricedLine:
    asked = goods.amount
    amount = goods.tax.base(asked)
    charges = tuple(_charge(fee, _on_line(fee, goods, asked), goods.tax) for fee in fees if fee.is_on_lines)
    return PricedLine(goods=amount, goods_tax=goods.tax.of(amount), rate=goods.tax, charges=charges)


def charge_order(fee: Fee, lines: Sequence[Goods]) -> Charged:
    """Return what a fee or delivery charge comes to for the goods it covers together: nothing for no goods.

    Percentages, thresholds and counts look at goods before fees. Source: domain 03 §4.1.
    """
    return _charge(fee, _on_order(fee, lines), NO_TAX)


def _charge(fee: Fee, asked: Money, inherited: Tax) -> Charged:
    rate = inherited if fee.tax is None else fee.tax
    amount = rate.base(asked)
    return Charged(fee=fee, amount=amount, tax=rate.of(amount), rate=rate)


def _on_line(fee: Fee, goods: Goods, amount: Money) -> Money:
    if fee.calculator is Calculator.PERCENT:
        return amount.part(fee.percent_millionths, MILLION)
    if fee.calculator is Calculator.PER_ITEM:
        return Money(fee.amount_minor * goods.quantity, amount.currency)
    return Money(_by_weight(fee, goods.weight_g), amount.currency)


def _by_weight(fee: Fee, grams: Exact) -> int:
    return round_half_up(fee.amount_minor * grams / GRAMS[fee.calculator])


def _on_order(fee: Fee, lines: Sequence[Goods]) -> Money:
    count = sum(line.quantity for line in lines)
    worth = total(line.amount for line in lines)
    if count == 0:
        return Money(0, worth.currency)
    if fee.calculator is Calculator.PERCENT:
        return worth.part(fee.percent_millionths, MILLION)
    if fee.calculator is Calculator.PER_ITEM:
        minor = fee.amount_minor * count
    elif fee.calculator in GRAMS:
        minor = _by_weight(fee, sum(line.weight_g for line in lines))
    elif fee.calculator is Calculator.FLEXIBLE:
        minor = fee.amount_minor + (min(count, fee.limit) - 1) * fee.additional_minor if fee.limit else 0
    elif fee.calculator is Calculator.SACK:
        minor = fee.amount_minor if worth.minor < fee.threshold_minor else fee.reduced_minor
    else:
        minor = fee.amount_minor
    return Money(minor, worth.currency)


@dataclass(frozen=True, slots=True)
class Part:
    """Who earns what of a price: a payee's share without tax, or the tax itself (`kind` "tax", no payee)."""

    kind: str
    label: str
    payee_id: int | None
    amount: Money
    rate: Tax = NO_TAX


def who_earns_what(line: PricedLine, *, producer_id: int, producer: str) -> list[Part]:
    """Return the parts of a line's price: the producer's, each fee's, each tax rate's; they add up to `line.total`."""
    parts = [Part("producer", producer, producer_id, line.goods_net)]
    parts += [Part(charge.fee.kind, charge.fee.name, charge.fee.payee_id, charge.net) for charge in line.charges]
    taxes: dict[Tax, Money] = {}
    for rate, tax in [(line.rate, line.goods_tax), *((charge.rate, charge.tax) for charge in line.charges)]:
        taxes[rate] = taxes.get(rate, Money(0, tax.currency)) + tax
    parts += [
        Part("tax", "", None, amount, rate) for rate, amount in sorted(taxes.items(), key=lambda t: t[0].millionths)
    ]
    return [part for part in parts if part.amount or part.kind == "producer"]
