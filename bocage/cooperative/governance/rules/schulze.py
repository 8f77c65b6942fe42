"""Schulze's method: each ballot ranks the options, the winner is beaten by nobody along the strongest paths.

Source: M. Schulze, "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner
election method", Social Choice and Welfare 36 (2011); margins, strongest (widest) paths.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

Ranking = Sequence[Sequence[str]]  # groups of options, best first; who is in no group is last, tied


@dataclass(frozen=True, slots=True)
class SchulzeOutcome:
    """`margins` and `paths`: by (option, other), in votes (weighed by colleges where there are any), exact.

    `beaten_by`: for each option, how many others beat it; the order of the result. `tied`: who was beaten by nobody where
    it is more than one; then `winner` was found by `how`: status_quo or draw; otherwise path.
    """

    winner: str
    how: str
    margins: dict[tuple[str, str], Fraction]
    paths: dict[tuple[str, str], Fraction]
    beaten_by: dict[str, int]
    tied: tuple[str, ...] = ()


def count(
    ballots: Iterable[tuple[str, Ranking]],
    options: Sequence[str],
    *,
    weights: Mapping[str, int] | None = None,
    status_quo: str = "",
    seed: str = "",
) -> SchulzeOutcome:
    """Count ballots of (college, ranking). With `weights`, a ballot of a college weighs weight ÷ ballots of the college.

    Several winners: the status quo if it is among them, else the lowest SHA-256 of seed, ":" and the option.
    """
    margins = _margins(ballots, options, weights)
    paths = _strongest(margins, options)
    pairs = [(one, other) for one in options for other in options if one != other]
    beaten = Counter(other for one, other in pairs if paths[one, other] > paths[other, one])
    unbeaten = [option for option in options if not beaten[option]]
    how, winner = "path", unbeaten[0]
    if len(unbeaten) > 1:
        how = "status_quo" if status_quo in unbeaten else "draw"
        winner = status_quo if how == "status_quo" else min(unbeaten, key=lambda option: drawn(seed, option))
    tied = tuple(sorted(unbeaten)) if len(unbeaten) > 1 else ()
    return SchulzeOutcome(winner, how, margins, paths, {option: beaten[option] for option in options}, tied)


def drawn(seed: str, option: str) -> str:
    """Return the lot of an option: nobody knows it before the ballot box is closed, everybody finds it again after."""
    return hashlib.sha256(f"{seed}:{option}".encode()).hexdigest()


def _margins(
    ballots: Iterable[tuple[str, Ranking]], options: Sequence[str], weights: Mapping[str, int] | None
) -> dict[tuple[str, str], Fraction]:
    """Equal ballots are counted once; whole numbers until the end."""
    grouped, places = _grouped(ballots), {option: number for number, option in enumerate(options)}
    cast: Counter[str] = Counter()
    for (college, _ranking), times in grouped.items():
        cast[college] += times
    shared = lcm(*(number for number in cast.values())) if weights is not None and cast else 1
    size, wins = len(options), [0] * (len(options) ** 2)
    for (college, ranking), times in grouped.items():
        vote = times if weights is None else times * weights[college] * (shared // cast[college])
        last = set(range(size))
        for group in ranking:
            here = [places[option] for option in group]
            last.difference_update(here)
            for option in here:
                row = option * size
                for other in last:  # who stands in a later group, or in none
                    wins[row + other] += vote
    return {
        (one, other): Fraction(wins[i * size + j] - wins[j * size + i], shared)
        for one, i in places.items()
        for other, j in places.items()
        if i != j
    }


def _grouped(ballots: Iterable[tuple[str, Ranking]]) -> Counter[Any]:
    return Counter((college, tuple(map(tuple, ranking))) for college, ranking in ballots)


def _strongest(margins: Mapping[tuple[str, str], Fraction], options: Sequence[str]) -> dict[tuple[str, str], Fraction]:
    """The width of the widest path between any two, over the pairs that were won (Floyd and Warshall)."""
    nothing = Fraction(0)
    width: dict[tuple[str, str], Fraction] = {pair: max(margin, nothing) for pair, margin in margins.items()}
    for middle in options:
        for start in options:
            for end in options:
                if len({start, middle, end}) == 3:
                    through = min(width[start, middle], width[middle, end])
                    width[start, end] = max(width[start, end], through)
    return width


def tidy(ranks: Mapping[str, int | None]) -> list[list[str]]:
    """Return a ranking from places (1 best, several may share one, None unranked), as ballots hold it."""
    placed: dict[int, list[str]] = {}
    for option, place in sorted(ranks.items()):
        if place is not None:
            placed.setdefault(place, []).append(option)
    return [placed[place] for place in sorted(placed)]
