"""The keys by which instances share the cost of their common software (domain: R-KEY).

One formula stands behind all six: a fixed part f by the wealth of the country, the rest by turnover times that wealth,
then at most a part p of the pot each, then at most a part a of what an instance earns from its shops. A key is which
of these it uses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from math import lcm
from typing import Any

from bocage.commons.refusals import Refused, gettext_noop
from bocage.cooperative.federation.rules.sharing import share


class Key(StrEnum):
    """Which way of sharing."""

    EQUAL = "K1"
    TURNOVER = "K2"
    MIXED = "K3"
    SOLIDARY = "K4"
    CAPPED = "K5"
    ABLE = "K6"


class Group(StrEnum):
    """How rich a country is, by the World Bank."""

    HIGH = "H"
    UPPER_MIDDLE = "UM"
    LOWER_MIDDLE = "LM"
    LOW = "L"


COEFFICIENTS: Mapping[Group, Fraction] = {
    Group.HIGH: Fraction(1),
    Group.UPPER_MIDDLE: Fraction(60, 100),
    Group.LOWER_MIDDLE: Fraction(35, 100),
    Group.LOW: Fraction(15, 100),
}


@dataclass(frozen=True, slots=True)
class Terms:
    """A key with its parameters. fixed (f), ceiling (p), ability (a) are fractions; a key leaves out those it has not."""

    key: Key
    fixed: Fraction = Fraction(0)
    ceiling: Fraction | None = None
    ability: Fraction | None = None
    coefficients: Mapping[Group, Fraction] = field(default_factory=lambda: COEFFICIENTS)


_QUARTER = Fraction(1, 4)
USUAL: Mapping[Key, Terms] = {  # what a proposal starts from; what was decided is kept with the decision
    Key.EQUAL: Terms(Key.EQUAL),
    Key.TURNOVER: Terms(Key.TURNOVER),
    Key.MIXED: Terms(Key.MIXED, _QUARTER),
    Key.SOLIDARY: Terms(Key.SOLIDARY, _QUARTER),
    Key.CAPPED: Terms(Key.CAPPED, _QUARTER, _QUARTER),
    Key.ABLE: Terms(Key.ABLE, Fraction(1, 10), _QUARTER, Fraction(40, 100)),
}
USES: Mapping[Key, frozenset[str]] = {
    Key.EQUAL: frozenset(),
    Key.TURNOVER: frozenset(),
    Key.MIXED: frozenset({"fixed"}),
    Key.SOLIDARY: frozenset({"fixed", "wealth"}),
    Key.CAPPED: frozenset({"fixed", "wealth", "ceiling"}),
    Key.ABLE: frozenset({"fixed", "wealth", "ceiling", "ability"}),
}


@dataclass(frozen=True, slots=True)
class Figures:
    """What counts of an instance: turnover of the year before and own contributions, in euro cents, and its group.

    Contributions that are only imagined (a tariff times a turnover) may be exact, without rounding.
    """

    code: str
    group: Group
    turnover_minor: int
    income_minor: int | Fraction


@dataclass(frozen=True, slots=True)
class Part:
    """What an instance pays; `is_capped` says that a cap held it."""

    figures: Figures
    amount_minor: int
    is_capped: bool

    @property
    def of_turnover(self) -> Fraction | None:
        """Return which part of its turnover that is; None without turnover."""
        return _ratio(self.amount_minor, self.figures.turnover_minor)

    @property
    def of_income(self) -> Fraction | None:
        """Return which part of its own contributions that is; None without any."""
        return _ratio(self.amount_minor, self.figures.income_minor)


@dataclass(frozen=True, slots=True)
class Allocation:
    """Who pays what under some terms; parts and `uncovered_minor` add up to the pot."""

    terms: Terms
    pot_minor: int
    parts: Sequence[Part]
    uncovered_minor: int

    @property
    def covered_minor(self) -> int:
        return self.pot_minor - self.uncovered_minor

    @property
    def turnover_minor(self) -> int:
        return sum(part.figures.turnover_minor for part in self.parts)

    @property
    def worst(self) -> Part | None:
        """Return who pays the largest part of its own turnover, among those that have any."""
        ranked = [part for part in self.parts if part.of_turnover is not None]
        return max(ranked, key=lambda part: (part.of_turnover, part.figures.code), default=None)


class ImpossibleTerms(Refused):
    """Parameters outside what they may be."""

    code = "federation.impossible_terms"
    message = gettext_noop(
        "The fixed part and the two caps are percentages between 0 and 100, and the pot is not below zero."
    )


def allocate(pot_minor: int, instances: Iterable[Figures], terms: Terms) -> Allocation:
    """Return who pays what of a pot in euro cents. Raises ImpossibleTerms.

    The order of `instances` changes nothing but the order of the parts.
    """
    rows = list(instances)
    check(pot_minor, terms)
    caps = _caps(pot_minor, rows, terms)
    shared = share(pot_minor, _weights(rows, terms), caps)
    parts = tuple(
        Part(row, shared.parts[row.code], row.code in caps and shared.parts[row.code] == caps[row.code]) for row in rows
    )
    return Allocation(terms, pot_minor, parts, shared.uncovered)


def check(pot_minor: int, terms: Terms) -> None:
    """Raise ImpossibleTerms unless the parameters are fractions from 0 to 1 and the pot is not below zero."""
    given = [terms.fixed, *(part for part in (terms.ceiling, terms.ability) if part is not None)]
    if pot_minor < 0 or any(not 0 <= part <= 1 for part in given):
        raise ImpossibleTerms()


def _weights(rows: Sequence[Figures], terms: Terms) -> dict[str, int]:
    """Return the uncapped shares as whole weights: fixed · s/Σs + (1 − fixed) · T·s/Σ(T·s), times all denominators.

    Without any turnover the fixed part shares everything.
    """
    fixed = {Key.EQUAL: Fraction(1), Key.TURNOVER: Fraction(0)}.get(terms.key, terms.fixed)
    wealth = _whole(terms.coefficients) if "wealth" in USES[terms.key] else dict.fromkeys(Group, 1)
    base = {row.code: wealth[row.group] for row in rows}
    moved = {row.code: row.turnover_minor * wealth[row.group] for row in rows}
    all_base, all_moved = sum(base.values()), sum(moved.values())
    if not all_moved:
        return base
    by_base, by_moved = fixed.numerator * all_moved, (fixed.denominator - fixed.numerator) * all_base
    return {code: by_base * base[code] + by_moved * moved[code] for code in base}


def _whole(coefficients: Mapping[Group, Fraction]) -> dict[Group, int]:
    common = lcm(*(one.denominator for one in coefficients.values()))
    return {group: int(one * common) for group, one in coefficients.items()}


def _caps(pot_minor: int, rows: Sequence[Figures], terms: Terms) -> dict[str, int]:
    """Return the caps in cents, rounded down: the smaller one where a key has both."""
    uses, caps = USES[terms.key], dict[str, int]()
    ceiling = pot_minor * terms.ceiling // 1 if "ceiling" in uses and terms.ceiling is not None else None
    for row in rows:
        able = row.income_minor * terms.ability // 1 if "ability" in uses and terms.ability is not None else None
        found = [cap for cap in (ceiling, able) if cap is not None]
        if found:
            caps[row.code] = min(found)
    return caps


def needed_turnover(pot_minor: int, ability: Fraction, tariff: Fraction) -> Fraction | None:
    """Return the online turnover of all instances, in cents, that carries a pot with an ability cap and a tariff.

    None where ability or tariff is nothing: no turnover would do.
    """
    return Fraction(pot_minor) / (ability * tariff) if ability * tariff else None


def with_turnover(rows: Iterable[Figures], factor: Fraction) -> list[Figures]:
    """Return the same instances with turnover (in whole cents) and income times a factor."""
    return [
        replace(row, turnover_minor=int(row.turnover_minor * factor), income_minor=row.income_minor * factor)
        for row in rows
    ]


def without_largest(rows: Iterable[Figures]) -> list[Figures]:
    """Return the instances but the one with the largest turnover."""
    kept = list(rows)
    largest = max(kept, key=lambda row: (row.turnover_minor, row.code), default=None)
    return [row for row in kept if row is not largest]


def _ratio(part: int, whole: int | Fraction) -> Fraction | None:
    return Fraction(part) / whole if whole > 0 else None


def as_json(terms: Terms) -> dict[str, object]:
    """Return terms as plain values, fractions as texts ("1/10"), so that nobody reads them as floats."""
    return {
        "key": terms.key.value,
        "fixed": str(terms.fixed),
        "ceiling": None if terms.ceiling is None else str(terms.ceiling),
        "ability": None if terms.ability is None else str(terms.ability),
        "coefficients": {group.value: str(one) for group, one in terms.coefficients.items()},
    }


def from_json(kept: Mapping[str, Any]) -> Terms:
    """Return the terms that `as_json` wrote."""
    return Terms(
        Key(kept["key"]),
        Fraction(kept["fixed"]),
        None if kept["ceiling"] is None else Fraction(kept["ceiling"]),
        None if kept["ability"] is None else Fraction(kept["ability"]),
        {Group(group): Fraction(one) for group, one in kept["coefficients"].items()},
    )
