"""Majority judgment: every option gets a grade, the middle grade counts; for people, names and several projects.

Source: M. Balinski and R. Laraki, "Majority Judgment" (MIT Press, 2011). The middle is the lower median; ties take away
one ballot of that grade after the other. Taken away one by one, the grades come from the middle outwards, in turn from
the worse and from the better side: so whole runs of equal grades are compared at once, and weights may be as large as
they like.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from math import lcm
from typing import Any

GRADES = ("excellent", "very_good", "good", "fair", "poor", "reject")
REJECT = len(GRADES) - 1


@dataclass(frozen=True, slots=True)
class JudgmentOutcome:
    """`order`: groups of options, best first; more than one in a group where their grades are wholly the same.

    `medians`: grade of each option, 0 best. `profiles`: share of each grade per option, best first, exact.
    """

    order: tuple[tuple[str, ...], ...]
    medians: dict[str, int]
    profiles: dict[str, tuple[Fraction, ...]]


def count(
    ballots: Iterable[tuple[str, Mapping[str, int]]],
    options: Sequence[str],
    *,
    weights: Mapping[str, int] | None = None,
) -> JudgmentOutcome:
    """Count ballots of (college, option → grade); no grade is "reject". With `weights`, as in Schulze's method."""
    counts = _counts(ballots, options, weights)
    keys = keys_of(counts)
    order = sorted(options, key=lambda option: (keys[option], option))
    groups: list[list[str]] = []
    for option in order:
        if groups and keys[groups[-1][0]] == keys[option]:
            groups[-1].append(option)
        else:
            groups.append([option])
    whole = {option: sum(counts[option]) for option in options}
    return JudgmentOutcome(
        tuple(map(tuple, groups)),
        {option: median(counts[option]) if whole[option] else REJECT for option in options},
        {option: tuple(Fraction(n, whole[option] or 1) for n in counts[option]) for option in options},
    )


def median(counts: Sequence[int]) -> int:
    """Return the majority grade: the one at position n // 2 + 1 from the best."""
    middle = sum(counts) // 2 + 1
    return next(grade for grade, upto in enumerate(accumulate(counts)) if upto >= middle)


def keys_of(counts: Mapping[str, Sequence[int]]) -> dict[str, tuple[int, ...]]:
    """Return for each option what it is compared by, smaller is better; all have the same number of ballots.

    Steps d = 0, 1, … away from the middle: the grade on the worse side, then the one on the better side. The steps at
    which any option changes its grade are enough.
    """
    totals = {sum(counted) for counted in counts.values()}
    if not totals or totals == {0}:
        return dict.fromkeys(counts, ())
    [total] = totals
    edges = {option: list(accumulate(counted)) for option, counted in counts.items()}
    half, middle = total // 2, total // 2 + 1
    first_worse = middle + total % 2  # an odd number has one ballot in the very middle, without a partner
    steps = {0}
    for upto in edges.values():
        steps |= {edge + 1 - first_worse for edge in upto} | {half - edge for edge in upto}
    wanted = sorted(step for step in steps if 0 <= step < half)
    return {
        option: (
            _at(upto, middle),
            *(grade for step in wanted for grade in (_at(upto, first_worse + step), _at(upto, half - step))),
        )
        for option, upto in edges.items()
    }


def _at(upto: Sequence[int], position: int) -> int:
    """The grade at a position from the best, from 1."""
    return next(grade for grade, edge in enumerate(upto) if edge >= position)


def _counts(
    ballots: Iterable[tuple[str, Mapping[str, int]]], options: Sequence[str], weights: Mapping[str, int] | None
) -> dict[str, list[int]]:
    grouped = _grouped(ballots, options)
    cast: Counter[str] = Counter()
    for (college, _grades), times in grouped.items():
        cast[college] += times
    shared = lcm(*cast.values()) if weights is not None and cast else 1
    counts = {option: [0] * len(GRADES) for option in options}
    for (college, grades), times in grouped.items():
        vote = times if weights is None else times * weights[college] * (shared // cast[college])
        for option, grade in zip(options, grades, strict=True):
            counts[option][grade] += vote
    return counts


def _grouped(ballots: Iterable[tuple[str, Mapping[str, int]]], options: Sequence[str]) -> Counter[Any]:
    return Counter((college, tuple([grades.get(option, REJECT) for option in options])) for college, grades in ballots)
