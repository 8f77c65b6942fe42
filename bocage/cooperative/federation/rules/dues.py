"""What follows a decision: four invoices a year, what each says of VAT and currency, what happens when one is not paid.

An instance that does not pay is talked with. The source code, its updates and the export of data are never withheld, and
what it owes is never charged to the others in the same year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from bocage.commons.money import Money
from bocage.cooperative.federation.rules.currencies import from_euros
from bocage.cooperative.federation.rules.sharing import quarters

EU = frozenset(
    (
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
        "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
    )
)  # fmt: skip


class Vat(StrEnum):
    """How an invoice to another instance is taxed."""

    HOME = "home"  # same country: its own VAT
    REVERSE = "reverse"  # another member state, both with VAT numbers: "Autoliquidation"
    OUTSIDE = "outside"  # outside the Union: outside French VAT
    ASK = "ask"  # another member state without a VAT number: ask for it first


@dataclass(frozen=True, slots=True)
class Due:
    """An invoice of a quarter: due in euros; local: the same for information, at the rate of its day."""

    code: str
    quarter: int
    amount: Money
    local: Money | None
    vat: Vat


def vat_of(*, holder: str, country: str, vat_number: str) -> Vat:
    """Return how the pot's holder taxes an invoice to an instance of a country; both as ISO codes."""
    if country == holder:
        return Vat.HOME
    if country in EU:
        return Vat.REVERSE if vat_number else Vat.ASK
    return Vat.OUTSIDE


def dues(year_minor: int, *, code: str, currency: str, rates: Mapping[int, Fraction], vat: Vat) -> tuple[Due, ...]:
    """Return the four invoices of a year's share in cents. rates: quarter → ECB rate of the invoice's day, where known."""
    return tuple(
        Due(code, number, Money(amount), _local(Money(amount), currency, rates.get(number)), vat)
        for number, amount in enumerate(quarters(year_minor), 1)
    )


def _local(amount: Money, currency: str, rate: Fraction | None) -> Money | None:
    return None if currency == "EUR" or rate is None else from_euros(amount, currency, rate)


class Stage(StrEnum):
    """How far an unpaid invoice has come."""

    OPEN = "open"  # not due, or for less than thirty days
    TALK = "talk"  # a talk with two peer instances
    PLAN = "plan"  # a plan of twelve months at most, or another look at what it can carry
    RESERVE = "reserve"  # the shortfall comes from the solidarity reserve, then from next year's pot
    SUSPENDED = "suspended"  # a year without a plan: no vote on keys


def stage(due_on: date, today: date, *, has_plan: bool = False) -> Stage:
    """Return where an unpaid invoice stands. A plan that is kept goes no further."""
    late = (today - due_on).days
    if late < 30:
        return Stage.OPEN
    if late < 60:
        return Stage.TALK
    if has_plan or late < 180:
        return Stage.PLAN
    return Stage.SUSPENDED if late >= 365 else Stage.RESERVE


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Who meets what was not paid: the solidarity reserve of the year, then next year's pot; never the others now."""

    from_reserve: int
    to_next_year: int


def shortfall(unpaid_minor: int, reserve_minor: int) -> Shortfall:
    """Split what is unpaid between the solidarity reserve and next year's pot."""
    met = min(unpaid_minor, max(reserve_minor, 0))
    return Shortfall(met, unpaid_minor - met)


def netted(balances: Mapping[str, int]) -> list[tuple[str, str, int]]:
    """Return who transfers what to whom so that all are even: n − 1 transfers at most. balances: code → > 0 is owed to it.

    Raises ValueError unless they add up to nothing.
    """
    if sum(balances.values()):
        raise ValueError("what some owe is what others are owed")
    owing = sorted((-amount, code) for code, amount in balances.items() if amount < 0)
    owed = sorted((amount, code) for code, amount in balances.items() if amount > 0)
    transfers = []
    while owing and owed:
        debt, debtor = owing.pop()
        claim, creditor = owed.pop()
        moved = min(debt, claim)
        transfers.append((debtor, creditor, moved))
        if debt > moved:
            owing.append((debt - moved, debtor))
        if claim > moved:
            owed.append((claim - moved, creditor))
    return transfers
