"""What a key would ask of each instance, and what would happen if the world were another one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from bocage.commons.money import Money, round_half_up
from bocage.cooperative.federation.models import Decision, YearFigures
from bocage.cooperative.federation.rules import decisions
from bocage.cooperative.federation.rules.keys import (
    Allocation,
    Figures,
    Group,
    Part,
    Terms,
    allocate,
    needed_turnover,
    with_turnover,
    without_largest,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question: share this pot (euro cents) on these terms; tariff: as if all shops gave that part of their turnover."""

    pot_minor: int
    terms: Terms
    tariff: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """An instance's share. Ratios are millionths, rounded to a hundredth of a percent; None where there is no base.

    change: against what it pays this year; None when nothing was decided.
    """

    code: str
    name: str
    country: str
    is_ours: bool
    turnover: Money
    income: Money
    amount: Money
    of_turnover: int | None
    of_income: int | None
    is_capped: bool
    change: Money | None


@dataclass(frozen=True, slots=True)
class Otherwise:
    """The same terms in another world: what stays uncovered, and who pays the largest part of its turnover."""

    what: str
    uncovered: Money
    worst: str
    worst_ratio: int | None


@dataclass(frozen=True, slots=True)
class Simulation:
    """All that the page says. year: of the figures; needed: the turnover that carries the pot with ability and tariff."""

    year: int
    wanted: Wanted
    rows: Sequence[Row]
    pot: Money
    covered: Money
    uncovered: Money
    turnover: Money
    worst: Row | None
    most: Money
    tariff: int | None
    ability: int | None
    needed: Money | None
    otherwise: Sequence[Otherwise]
    statement: str
    hash: str


@dataclass(frozen=True, slots=True)
class _Known:
    name: str
    country: str
    is_ours: bool


def simulation(wanted: Wanted) -> Simulation:
    """Return what each active instance would pay, by the figures of the latest year declared; two queries.

    Raises ImpossibleTerms.
    """
    year, known, figures = _declared()
    if wanted.tariff is not None:
        figures = [replace(one, income_minor=one.turnover_minor * wanted.tariff) for one in figures]
    allocation = allocate(wanted.pot_minor, figures, wanted.terms)
    before = _this_year()
    rows = [_row(part, known[part.figures.code], before) for part in allocation.parts]
    worst = next((row for row in rows if allocation.worst and row.code == allocation.worst.figures.code), None)
    tariff = wanted.tariff if wanted.tariff is not None else _mean_tariff(figures)
    needed = (
        needed_turnover(wanted.pot_minor, wanted.terms.ability, tariff) if wanted.terms.ability and tariff else None
    )
    text = decisions.statement(allocation, year=year + 1)
    return Simulation(
        year, wanted, rows, Money(wanted.pot_minor), Money(allocation.covered_minor), Money(allocation.uncovered_minor),
        Money(allocation.turnover_minor), worst, max((row.amount for row in rows), default=Money(0)),
        _millionths(tariff), _millionths(wanted.terms.ability), None if needed is None else Money(round_half_up(needed)),
        _otherwise(wanted, figures, known), text, decisions.hash_of(text),
    )  # fmt: skip


def _declared() -> tuple[int, dict[str, _Known], list[Figures]]:
    rows = list(
        YearFigures.objects.filter(peer__left_on__isnull=True)
        .order_by("-year", "peer__code")
        .values_list(
            "year", "peer__code", "peer__name", "peer__country", "peer__instance_id", "peer__group", "turnover_minor",
            "income_minor",
        )
    )  # fmt: skip
    latest = rows[0][0] if rows else 0
    now = [row for row in rows if row[0] == latest]
    known = {code: _Known(name, country, ours is not None) for _year, code, name, country, ours, *_rest in now}
    return latest, known, [Figures(row[1], Group(row[5]), row[6], row[7]) for row in now]


def _this_year() -> dict[str, int] | None:
    text = Decision.objects.order_by("-year").values_list("statement", flat=True).first()
    return decisions.parts(text) if text else None


def terms_in_force() -> tuple[int, int, Terms] | None:
    """Return the year, the pot in cents and the terms of the last decision; None before the first one."""
    text = Decision.objects.order_by("-year").values_list("statement", flat=True).first()
    return decisions.decided(text) if text else None


def _row(part: Part, known: _Known, before: dict[str, int] | None) -> Row:
    figures, amount = part.figures, Money(part.amount_minor)
    return Row(
        figures.code, known.name, known.country, known.is_ours, Money(figures.turnover_minor),
        Money(round_half_up(figures.income_minor)), amount, _millionths(part.of_turnover), _millionths(part.of_income),
        part.is_capped, None if before is None else amount - Money(before.get(figures.code, 0)),
    )  # fmt: skip


def _mean_tariff(figures: Sequence[Figures]) -> Fraction | None:
    turnover = sum(one.turnover_minor for one in figures)
    return sum((Fraction(one.income_minor) for one in figures), Fraction(0)) / turnover if turnover else None


def _otherwise(wanted: Wanted, figures: list[Figures], known: dict[str, _Known]) -> list[Otherwise]:
    worlds = (
        ("less", with_turnover(figures, Fraction(8, 10))),
        ("more", with_turnover(figures, Fraction(12, 10))),
        ("missing", without_largest(figures)),
    )
    return [_world(what, allocate(wanted.pot_minor, rows, wanted.terms), known) for what, rows in worlds]


def _world(what: str, allocation: Allocation, known: dict[str, _Known]) -> Otherwise:
    worst = allocation.worst
    name = known[worst.figures.code].name if worst else ""
    return Otherwise(what, Money(allocation.uncovered_minor), name, _millionths(worst.of_turnover) if worst else None)


def _millionths(ratio: Fraction | None) -> int | None:
    return None if ratio is None else round_half_up(ratio * 10_000) * 100
