"""R-PLAN and R-FREE: what a month costs by a plan version, in whole cents, each amount rounded once (file 10, 1.3, 1.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from bocage.commons.money import round_half_up
from bocage.cooperative.contributions.rules.turnover import COMPONENTS

MILLION = 1_000_000
KINDS = ("percentage", "tiered", "fixed", "hybrid", "free")
SMALLEST_BILL = 500  # minor units, VAT included; what is less rolls over
ENOUGH_FOR_A_MEDIAN = 10


@dataclass(frozen=True, slots=True)
class Tariff:
    """The terms of a plan version; amounts in minor units without VAT. tiers: (up to, millionths), the last without end."""

    kind: str = "percentage"
    rate: int = 0
    tiers: tuple[tuple[int | None, int], ...] = ()
    fixed: int = 0
    threshold: int = 0
    threshold_mode: str = "allowance"
    cap_monthly: int | None = None
    cap_annual: int | None = None
    floor_monthly: int = 0
    floor_annual: int = 0
    trial_months: int = 3
    suggestions: tuple[int, ...] = (5_000, 10_000, 15_000)
    components: tuple[str, ...] = COMPONENTS
    vat: int = 200_000


@dataclass(frozen=True, slots=True)
class Due:
    """What a month costs: without VAT, its VAT, and with it."""

    net: int
    tax: int

    @property
    def total(self) -> int:
        return self.net + self.tax


def due(
    tariff: Tariff, base: int, *, charged: int = 0, relief: Fraction = Fraction(0), share: Fraction = Fraction(1),
    pledged: int = 0, true_up: int = 0,
) -> Due:  # fmt: skip
    """Return what a month with this base costs.

    charged: without VAT, this calendar year so far. relief: solidarity, 0 to 1. share: of the month's days out of trial,
    for fixed parts; 0 is trial. pledged: on the free plan, what the shop wants to give, VAT included.
    """
    if tariff.kind == "free":
        return given(pledged, tariff.vat)
    net = amount(tariff, base, charged=charged, relief=relief, share=share) + true_up
    return Due(net, round_half_up(Fraction(net * tariff.vat, MILLION)))


def given(total: int, vat: int) -> Due:
    """Return a free amount taken apart: what is typed is what leaves the account, its VAT in it."""
    tax = round_half_up(Fraction(total * vat, MILLION + vat))
    return Due(total - tax, tax)


def amount(
    tariff: Tariff, base: int, *, charged: int = 0, relief: Fraction = Fraction(0), share: Fraction = Fraction(1)
) -> int:
    """Return a month's amount without VAT, in the order of R-PLAN: threshold, raw, caps and floor, solidarity, rounding."""
    if tariff.kind == "free" or not share or relief >= 1 or base < tariff.threshold:
        return 0
    on = base - tariff.threshold if tariff.threshold_mode == "allowance" else base
    exact = tariff.fixed * share + (_by_tiers(tariff.tiers, on) if tariff.kind == "tiered" else _by_rate(tariff, on))
    if tariff.cap_monthly is not None:
        exact = min(exact, Fraction(tariff.cap_monthly))
    if base > 0:
        exact = max(exact, Fraction(tariff.floor_monthly))
    if tariff.cap_annual is not None:
        exact = min(exact, Fraction(max(0, tariff.cap_annual - charged)))
    return round_half_up(exact * (1 - relief))


def _by_rate(tariff: Tariff, base: int) -> Fraction:
    return Fraction(0) if tariff.kind == "fixed" else Fraction(base * tariff.rate, MILLION)


def _by_tiers(tiers: Sequence[tuple[int | None, int]], base: int) -> Fraction:
    exact, start = Fraction(0), 0
    for until, rate in tiers:
        end = base if until is None else min(base, until)
        exact += Fraction(max(0, end - start) * rate, MILLION)
        start = end
    return exact


def true_up(tariff: Tariff, *, active_months: int, charged: int) -> int:
    """Return what is missing to the annual floor, for December or the last statement. charged: this year, all of it."""
    return max(0, round_half_up(Fraction(tariff.floor_annual * active_months, 12)) - charged)


def suggestions(tariff: Tariff, base: int) -> list[tuple[int, int]]:
    """Return the three suggestions of the free plan: (millionths, amount without VAT)."""
    return [(rate, round_half_up(Fraction(base * rate, MILLION))) for rate in tariff.suggestions]


def cost_share(month_cost: int, base: int, all_bases: int) -> int | None:
    """Return a shop's share of what the instance costs in a month, by turnover; None where nobody sold."""
    return round_half_up(Fraction(month_cost * base, all_bases)) if all_bases > 0 else None


def median_of(amounts: Sequence[int]) -> int | None:
    """Return the median of free amounts, only where so many give that it tells of nobody."""
    if len(amounts) < ENOUGH_FOR_A_MEDIAN:
        return None
    return round_half_up(Fraction(median(Fraction(one) for one in amounts)))


def is_billed(unbilled: int, *, is_december: bool, leaves: bool = False) -> bool:
    """Return whether an invoice is made over what is open, VAT included; a small sum waits for the next month."""
    return unbilled > 0 and (unbilled >= SMALLEST_BILL or is_december or leaves)


def may_cost_more(old: Tariff, new: Tariff, bases: Sequence[int]) -> bool:
    """Return whether a version can make a shop pay more: on any base it had, or on any of a ladder up to a million."""
    ladder = [*bases, *(step * 10**power for power in range(2, 9) for step in (1, 2, 5))]
    dearer = any(amount(new, base) > amount(old, base) for base in ladder) or new.floor_annual > old.floor_annual
    return dearer or (new.vat > old.vat) or _is_cap_higher(old.cap_annual, new.cap_annual)


def _is_cap_higher(old: int | None, new: int | None) -> bool:
    return old is not None and (new is None or new > old)
