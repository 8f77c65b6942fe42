"""When less came than was ordered: who gets how many, by a rule chosen beforehand. Pure arithmetic over whole units."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction

from bocage.commons.measures import Exact
from bocage.commons.refusals import Refused, gettext_noop


class Sharing(StrEnum):
    """How a shortage is shared: who ordered first is served first; in proportion; or as few customers as can be cut."""

    FIRST = "first"
    EVEN = "even"
    FEWEST = "fewest"


class NotShort(Refused):
    """As much came as was ordered, or a number below zero."""

    code = "orders.not_short"
    message = gettext_noop("%(ordered)s were ordered. Write a smaller number, from 0.")


def share(came: int, ordered: Sequence[int], rule: Sharing) -> list[int]:
    """Return how many of `came` units each order gets, in the order they were placed; nobody gets more than ordered.

    The shares add up to what came. Raises NotShort unless 0 ≤ came < the sum of `ordered` (each ≥ 0).
    """
    total = sum(ordered)
    if not 0 <= came < total:
        raise NotShort(ordered=total)
    if rule is Sharing.FIRST:
        return _first_come(came, ordered)
    if rule is Sharing.EVEN:
        return _in_proportion(came, ordered)
    return _fewest_cut(came, ordered)


def batches(ordered: Exact, size: Exact) -> tuple[Fraction, Exact]:
    """Return how many batches of `size` an order of `ordered` (same unit) fills, and how much is missing to the next."""
    return Fraction(ordered) / size, -ordered % size


def _first_come(came: int, ordered: Sequence[int]) -> list[int]:
    shares = []
    for units in ordered:
        shares.append(min(units, came))
        came -= shares[-1]
    return shares


def _in_proportion(came: int, ordered: Sequence[int]) -> list[int]:
    """By largest remainder (Hamilton); of equal remainders, who ordered first. A share never passes what was ordered:
    its quota is at most that, and only a quota with a remainder is rounded up."""
    total = sum(ordered)
    shares = [came * units // total for units in ordered]
    by_remainder = sorted(range(len(ordered)), key=lambda place: (-(came * ordered[place] % total), place))
    for place in by_remainder[: came - sum(shares)]:
        shares[place] += 1
    return shares


def _fewest_cut(came: int, ordered: Sequence[int]) -> list[int]:
    """Cut the largest orders, of equal ones the latest; those who are cut share in proportion what is left for them."""
    missing = sum(ordered) - came
    largest_first = sorted(range(len(ordered)), key=lambda place: (-ordered[place], -place))
    cut: list[int] = []
    while sum(ordered[place] for place in cut) < missing:
        cut.append(largest_first[len(cut)])
    cut.sort()
    left = sum(ordered[place] for place in cut) - missing
    shares = list(ordered)
    for place, units in zip(cut, _in_proportion(left, [ordered[place] for place in cut]), strict=True):
        shares[place] = units
    return shares
