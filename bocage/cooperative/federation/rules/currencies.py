"""Amounts between currencies at the reference rates of the European Central Bank (domain: R-FX).

A rate is units of the foreign currency for one euro, kept as the decimal it was published as, so nothing is a float.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from bocage.commons.money import MINOR_DIGITS, Money, round_half_up

DECIMALS = 4


def rate(written: str) -> Fraction:
    """Return a rate as it was written ("0.8462"). Raises ValueError unless it is a number above zero."""
    found = Fraction(written)
    if found <= 0:
        raise ValueError("a rate is above zero")
    return found


def in_euros(foreign: Money, at: Fraction) -> Money:
    """Return an amount in euros, rounded once to the cent."""
    return Money(round_half_up(foreign.minor * 100 / (_unit(foreign.currency) * at)), "EUR")


def from_euros(euros: Money, currency: str, at: Fraction) -> Money:
    """Return an amount in a foreign currency, rounded once to its smallest unit (JPY has none below one)."""
    return Money(round_half_up(euros.minor * _unit(currency) * at / 100), currency)


def yearly_mean(published: Mapping[date, Fraction], year: int) -> Fraction | None:
    """Return the mean of the daily rates that were published in a year, to four decimals; None where there are none."""
    found = [one for day, one in published.items() if day.year == year]
    if not found:
        return None
    return Fraction(round_half_up(sum(found, Fraction(0)) / len(found) * 10**DECIMALS), 10**DECIMALS)


def rate_of(published: Mapping[date, Fraction], day: date) -> Fraction | None:
    """Return the rate of a day, or the last one published before it; None where there is none yet."""
    earlier = [one for one in published if one <= day]
    return published[max(earlier)] if earlier else None


def _unit(currency: str) -> int:
    return int(10 ** MINOR_DIGITS.get(currency, 2))
