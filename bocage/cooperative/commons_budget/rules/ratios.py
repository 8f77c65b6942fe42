"""How far the cooperative carries itself (domain: R-COV, R-BE), what it must keep, how much it leans on few shops.

All exact: amounts are minor units, ratios are fractions; rounded once, where they are shown.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from statistics import median

LEAST_SHOWN = 5  # a figure of fewer shops would tell of one of them
LONGEST = 1200  # months: beyond a century no growth is a plan


def coverage(contributions: int, costs: int, services: int = 0) -> Fraction | None:
    """Return which part of the costs contributions (and services, for the enlarged ratio) pay; None without costs."""
    return Fraction(contributions + services, costs) if costs > 0 else None


@dataclass(frozen=True, slots=True)
class BreakEven:
    """What it takes for shops to carry the whole, a year. Amounts in minor units.

    fixed: costs that do not grow with shops; variable: cost of one more shop; mean: what a shop contributes; rate:
    contributions for one of online turnover, None where that is not known.
    """

    fixed: int
    variable: int
    services: int
    mean: Fraction
    shops: int
    rate: Fraction | None = None

    @property
    def shops_needed(self) -> int | None:
        """Return how many shops carry it; None where each costs as much as it brings, so that no number would."""
        if self.mean <= self.variable:
            return None
        return max(0, ceil((self.fixed - self.services) / (self.mean - self.variable)))

    @property
    def turnover_needed(self) -> Fraction | None:
        """Return the online turnover that carries it with today's shops; None where the rate is unknown or nothing."""
        if not self.rate:
            return None
        return (self.fixed + self.variable * self.shops - self.services) / self.rate

    def months_at(self, growth: Fraction) -> int | None:
        """Return the months until enough shops are there when they grow so much a month; None if never."""
        return None if self.shops_needed is None else months_until(self.shops, self.shops_needed, growth)


def months_until(now: int, needed: int, growth: Fraction) -> int | None:
    """Return the smallest n with now · (1 + growth)^n ≥ needed; None if that takes more than a century."""
    have, need = now, needed
    if have >= need:
        return 0
    if have <= 0 or growth <= 0:
        return None
    step = 1 + growth
    for month in range(1, LONGEST + 1):
        have, need = have * step.numerator, need * step.denominator
        if have >= need:
            return month
    return None


def reserve_months(reserves: int, costs_of_a_year: int) -> Fraction | None:
    """Return how many months of costs free reserves pay; None without costs."""
    return Fraction(reserves * 12, costs_of_a_year) if costs_of_a_year > 0 else None


def concentration(paid: Collection[int]) -> Fraction | None:
    """Return the part that the five largest of all amounts make; None for fewer than five, or nothing paid."""
    if len(paid) < LEAST_SHOWN or sum(paid) <= 0:
        return None
    return Fraction(sum(sorted(paid)[-5:]), sum(paid))


def middle(paid: Collection[int]) -> Fraction | None:
    """Return the median of what shops paid; None for fewer than five: it would tell of one of them."""
    return Fraction(median(Fraction(one) for one in paid)) if len(paid) >= LEAST_SHOWN else None


@dataclass(frozen=True, slots=True)
class Kept:
    """What a SCIC must keep of a surplus at least, in minor units. Source: law of 1947, art. 19 nonies."""

    legal: int
    statutory: int

    @property
    def together(self) -> int:
        return self.legal + self.statutory


def kept_of(surplus: int, *, capital: int, legal_reserve: int = 0) -> Kept:
    """Return what must be kept: 15 % for the legal reserve until it equals the capital, then half of the rest."""
    legal = max(0, min(ceil(Fraction(15 * surplus, 100)), capital - legal_reserve)) if surplus > 0 else 0
    return Kept(legal, ceil(Fraction(surplus - legal, 2)) if surplus > 0 else 0)
