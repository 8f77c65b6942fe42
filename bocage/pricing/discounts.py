"""What a voucher takes off an order, and the VAT that goes with it. Pure: no Django, no clock, no database.

A discount makes the price of everything it covers smaller, so the VAT of each rate with it (French tax code art. 267 II;
directive 2006/112 art. 79). The voucher's amount is split over the rates in proportion to what the buyer pays at each, to
the cent, and of each rate's VAT the same part falls away, rounded once. So a voucher for the whole order leaves no VAT.
"""

from __future__ import annotations

from bocage.commons.money import Money, share_out
from bocage.pricing.rules import MILLION, NO_TAX, Calculator, Charged, Fee, Sums, Tax

KIND = "voucher"


def voucher_fee(
    *, code: str, hub_id: int, amount_minor: int = 0, percent_millionths: int = 0, minimum_minor: int = 0
) -> Fee:
    """Return the terms of a voucher as an order keeps them: an amount or a percentage off, borne by the hub.

    `minimum_minor`: from which worth of goods on it counts.
    """
    return Fee(
        name=code,
        calculator=Calculator.PERCENT if percent_millionths else Calculator.FLAT,
        payee_id=hub_id,
        kind=KIND,
        place=KIND,
        percent_millionths=percent_millionths,
        amount_minor=amount_minor,
        threshold_minor=minimum_minor,
    )


def take_off(voucher: Fee, *, goods: Money, by_rate: Sums) -> tuple[Charged, ...]:
    """Return what a voucher takes off, one negative charge per VAT rate, lowest rate first; never more than the total.

    goods: what the lines come to, held against the voucher's minimum. by_rate: what the buyer pays at each rate, and the
    VAT in that. Always at least one charge, of nothing where the voucher does not count.
    """
    currency = goods.currency
    worth = worth_of(voucher, goods=goods, whole=Money(sum(paid for paid, _tax in by_rate.values()), currency))
    rates = sorted(rate for rate, (paid, _tax) in by_rate.items() if paid > 0)
    if not worth or not rates:
        return (_nothing(voucher, currency),)
    parts = share_out(worth, [by_rate[rate][0] for rate in rates])
    return tuple(_part(voucher, rate, part, *by_rate[rate]) for rate, part in zip(rates, parts, strict=True) if part)


def worth_of(voucher: Fee, *, goods: Money, whole: Money) -> Money:
    """Return what a voucher takes off an order of `whole` with `goods` worth of lines: at most the whole."""
    if goods.minor < voucher.threshold_minor or whole.minor <= 0:
        return Money(0, whole.currency)
    if voucher.calculator is Calculator.PERCENT:
        return min(whole, whole.part(voucher.percent_millionths, MILLION))
    return min(whole, Money(voucher.amount_minor, whole.currency))


def _part(voucher: Fee, rate: tuple[int, bool], part: Money, paid: int, vat: int) -> Charged:
    tax = Money(vat, part.currency).part(part.minor, paid)
    amount = part if rate[1] else part - tax
    return Charged(fee=voucher, amount=-amount, tax=-tax, rate=Tax(*rate))


def _nothing(voucher: Fee, currency: str) -> Charged:
    return Charged(fee=voucher, amount=Money(0, currency), tax=Money(0, currency), rate=NO_TAX)
