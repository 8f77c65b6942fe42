"""Splits an amount among codes, to the cent: largest remainder, with caps that fill like water.

Everything is whole numbers: shares are weights (only their proportions matter), so that nothing is rounded before the
end. Source: method of the largest remainder, ADR 0025.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shared:
    """Who pays how many minor units, in the order they were given; `uncovered` is what nobody could carry."""

    parts: Mapping[str, int]
    uncovered: int = 0


def share(pot: int, weights: Mapping[str, int], caps: Mapping[str, int] | None = None) -> Shared:
    """Share `pot` minor units in proportion to `weights` (code → whole number ≥ 0); nobody pays more than their cap.

    What is above a cap is shared among the others in proportion to their weights, again and again; what no cap leaves
    room for stays uncovered. Missing cents go to the largest remainder, then the largest share, then by code.
    Parts and `uncovered` always add up to `pot`. Raises ValueError for what is below zero.
    """
    caps = caps or {}
    if pot < 0 or any(weight < 0 for weight in weights.values()) or any(cap < 0 for cap in caps.values()):
        raise ValueError("pot, weights and caps are whole numbers ≥ 0")
    parts: dict[str, int] = {}
    free, rest, whole = dict(weights), pot, sum(weights.values())
    while whole and (over := [code for code in free if code in caps and rest * free[code] > caps[code] * whole]):
        for code in over:  # all at once, then again
            parts[code] = caps[code]
            del free[code]
        rest, whole = pot - sum(parts.values()), sum(free.values())
    if whole:
        parts |= _largest_remainder(rest, free, whole)
        rest = 0
    return Shared({code: parts.get(code, 0) for code in weights}, rest)


def _largest_remainder(pot: int, weights: Mapping[str, int], whole: int) -> dict[str, int]:
    parts = {code: pot * weight // whole for code, weight in weights.items()}
    order = sorted(weights, key=lambda code: (-(pot * weights[code] % whole), -weights[code], code))
    for code in order[: pot - sum(parts.values())]:
        parts[code] += 1
    return parts


def quarters(year: int) -> Sequence[int]:
    """Return the four quarters of a year's amount in minor units, by the same rule: spare cents go to the first ones."""
    return tuple(share(year, dict.fromkeys("1234", 1)).parts.values())
