"""Points and approval: averages of colleges, the roadmap's two lists, and how a sum is shared among projects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from bocage.commons.refusals import Refused, gettext_noop

POINTS = 100
MOST_PER_ITEM = 40


class TooManyPoints(Refused):
    """More points than a member has."""

    code = "governance.too_many_points"
    message = gettext_noop("You gave %(given)s points and have %(most)s. Take some back, then send again.")


class TooManyOnOne(Refused):
    """More points on one item than one item may get."""

    code = "governance.too_many_points_on_one"
    message = gettext_noop("One item gets at most %(most)s of your points, so that several are heard.")


Ballots = Sequence[tuple[str, Mapping[str, int]]]  # (college, option → points, or 1 for approved)


@dataclass(frozen=True, slots=True)
class Scored:
    """An option with its average points, exact; `per_euro` is None without an estimate."""

    option: str
    points: Fraction
    cost_minor: int | None
    per_euro: Fraction | None


def check_points(given: Mapping[str, int]) -> None:
    """Refuse a ballot with more than 100 points, or more than 40 on one item. Raises TooManyPoints, TooManyOnOne."""
    if any(points > MOST_PER_ITEM for points in given.values()):
        raise TooManyOnOne(most=MOST_PER_ITEM)
    if sum(given.values()) > POINTS:
        raise TooManyPoints(given=sum(given.values()), most=POINTS)


def averages(ballots: Ballots, options: Sequence[str], *, weights: Mapping[str, int] | None) -> dict[str, Fraction]:
    """Return for each option the weighed mean of the colleges' means; colleges without a ballot drop out.

    Without `weights`: the mean of all ballots.
    """
    cast = Counter(college if weights is not None else "" for college, _given in ballots)
    sums: Counter[tuple[str, str]] = Counter()
    for college, given in ballots:
        for option, points in given.items():
            sums[college if weights is not None else "", option] += points
    heavy = {college: weights[college] if weights is not None else 1 for college in cast}
    whole = sum(heavy.values())
    return {
        option: sum((heavy[one] * Fraction(sums[one, option], cast[one]) for one in cast), Fraction(0)) / whole
        if whole
        else Fraction(0)
        for option in options
    }


def roadmap(scores: Mapping[str, Fraction], costs: Mapping[str, int | None]) -> tuple[list[Scored], list[Scored]]:
    """Return the options by points, and those with an estimate by points per euro; costs in minor units."""
    rows = []
    for option, points in scores.items():
        cost = costs.get(option)
        rows.append(Scored(option, points, cost, points * 100 / cost if cost else None))
    by_points = sorted(rows, key=lambda row: (-row.points, row.option))
    estimated = [row for row in rows if row.per_euro is not None]
    return by_points, sorted(estimated, key=lambda row: (-(row.per_euro or 0), row.option))


def greedy(scores: Mapping[str, Fraction], costs: Mapping[str, int], *, budget: int) -> tuple[str, ...]:
    """Return the projects that a budget pays for, by falling score; one that is too dear is passed over."""
    taken, left = [], budget
    for option in sorted(costs, key=lambda option: (-scores.get(option, Fraction(0)), option)):
        if scores.get(option, 0) > 0 and costs[option] <= left:
            taken.append(option)
            left -= costs[option]
    return tuple(taken)


def equal_shares(
    ballots: Ballots, costs: Mapping[str, int], *, budget: int, weights: Mapping[str, int] | None = None
) -> tuple[str, ...]:
    """Return the projects bought by the method of equal shares, in the order they are bought; cost ≤ budget.

    Every voter holds an equal part of the budget (of the college's part, with `weights`); a project is bought by those
    who gave it points, each paying in proportion to their points and at most what they have left; the project that
    gives most points per euro paid goes first, ties by code. Source: Peters, Pierczyński, Skowron (2021).
    """
    cast = Counter(college for college, _given in ballots)
    whole = sum(weights[one] for one in cast) if weights is not None else 0
    purses = [
        Fraction(budget * weights[one], whole * cast[one]) if weights is not None else Fraction(budget, len(ballots))
        for one, _given in ballots
    ]
    left, taken = {option for option, cost in costs.items() if 0 < cost <= budget}, list[str]()
    while True:
        prices = {option: _price(option, costs[option], ballots, purses) for option in sorted(left)}
        found = [(price, option) for option, price in prices.items() if price is not None]
        if not found:
            return tuple(taken)
        price, option = min(found)
        for voter, (_college, given) in enumerate(ballots):
            purses[voter] -= min(purses[voter], price * given.get(option, 0))
        taken.append(option)
        left.discard(option)


def _price(option: str, cost: int, ballots: Ballots, purses: Sequence[Fraction]) -> Fraction | None:
    """The least price per point at which those who want a project can pay for it; None where they cannot."""
    backers = sorted(
        ((purses[voter] / given[option], given[option], purses[voter])
         for voter, (_college, given) in enumerate(ballots) if given.get(option)),
        key=lambda backer: backer[0],
    )  # fmt: skip
    due, points = Fraction(cost), sum(backer[1] for backer in backers)
    for most, given, purse in backers:
        if due <= most * points:
            return due / points
        due, points = due - purse, points - given
    return None
