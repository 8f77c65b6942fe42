"""Amounts of money: whole minor units and a currency, exact everywhere, rounded in one named place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

MINOR_DIGITS = {"EUR": 2, "GBP": 2, "CHF": 2, "USD": 2, "CAD": 2, "AUD": 2, "NZD": 2, "SEK": 2, "NOK": 2, "DKK": 2, "PLN": 2,
                "JPY": 0}  # fmt: skip


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An exact amount: `minor` whole minor units (cents) of `currency` (ISO 4217, upper case).

    Amounts of two currencies never mix: adding or comparing them raises CurrencyMismatch.
    """

    minor: int
    currency: str = "EUR"

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError("minor must be a whole number of minor units")

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other).minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __abs__(self) -> Money:
        return Money(abs(self.minor), self.currency)

    def __mul__(self, count: int) -> Money:
        if type(count) is not int:
            raise TypeError("multiply by a whole number; for rates use times()")
        return Money(self.minor * count, self.currency)

    __rmul__ = __mul__

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other).minor

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other).minor

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same(other).minor

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same(other).minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def times(self, factor: Fraction) -> Money:
        """Return this amount times an exact factor, rounded once to the minor unit."""
        return Money(round_half_up(self.minor * factor), self.currency)

    def part(self, numerator: int, denominator: int) -> Money:
        """Return this amount times numerator / denominator (> 0), rounded once: `times` without making a Fraction."""
        return Money(round_ratio(self.minor * numerator, denominator), self.currency)

    def _same(self, other: Money) -> Money:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")
        return other


class CurrencyMismatch(ValueError):
    """Two currencies met in one sum: always a programming error, never a wish of a user."""


def round_half_up(exact: Fraction | int) -> int:
    """Return the nearest whole number, halves away from zero: the one rounding of the house (ADR 0004)."""
    return round_ratio(exact.numerator, exact.denominator)


def round_ratio(numerator: int, denominator: int) -> int:
    """Return numerator / denominator (> 0) as `round_half_up` rounds it."""
    whole = (2 * abs(numerator) + denominator) // (2 * denominator)
    return whole if numerator >= 0 else -whole


def total(amounts: Iterable[Money], currency: str = "EUR") -> Money:
    """Return the sum of `amounts`; zero in `currency` when there are none."""
    minor, first = 0, None
    for amount in amounts:
        if first is None:
            first = amount.currency
        elif amount.currency != first:
            raise CurrencyMismatch(f"{first} and {amount.currency}")
        minor += amount.minor
    return Money(minor, first or currency)


def share_out(whole: Money, weights: Sequence[int]) -> list[Money]:
    """Split `whole` in proportion to `weights`, to the cent: the parts always add up to `whole`.

    weights: whole numbers ≥ 0, at least one > 0. Leftover cents go to the largest remainders, first come
    first served. Source: Hamilton's method of apportionment; ADR 0004.
    """
    if any(weight < 0 for weight in weights) or not any(weights):
        raise ValueError("weights are whole numbers ≥ 0, at least one above 0")
    size, sign = abs(whole.minor), 1 if whole.minor >= 0 else -1
    divisor = sum(weights)
    parts = [size * weight // divisor for weight in weights]
    remainders = [size * weight % divisor for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: -remainders[i])
    for i in by_remainder[: size - sum(parts)]:
        parts[i] += 1
    return [Money(sign * part, whole.currency) for part in parts]


def plain(amount: Money) -> str:
    """Return an amount as programs read it, with all decimals of its currency: 12.50, -0.05."""
    return f"{Decimal(amount.minor).scaleb(-MINOR_DIGITS[amount.currency]):f}"


def parse_minor(text: str, currency: str = "EUR") -> int:
    """Return the minor units that a person typed: `"12,5"`, `"12.50"`, `"1 234,56 €"` → 1250, 1250, 123456.

    Raises ValueError for anything else, and for more decimals than the currency has.
    """
    digits = MINOR_DIGITS[currency]
    cleaned = "".join(text.split()).replace(" ", "").replace("\u202f", "").replace("€", "").replace(",", ".")
    sign = -1 if cleaned.startswith(("-", "−")) else 1
    unsigned = cleaned[1:] if cleaned[:1] in ("+", "-", "−") else cleaned
    whole, _, decimals = unsigned.partition(".")
    if not (whole or decimals) or not (whole + decimals).isascii() or not (whole + decimals).isdigit():
        raise ValueError("not an amount")
    if len(decimals) > digits or len(whole) > 12:
        raise ValueError("not an amount")
    return sign * (int(whole or 0) * 10**digits + int(decimals.ljust(digits, "0") or 0))
