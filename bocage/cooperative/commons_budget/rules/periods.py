"""Movements of the book, summed over a period of whole months."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from bocage.commons.refusals import Refused, gettext_noop
from bocage.cooperative.commons_budget.rules.kinds import GAP, Cost, Funds, Income

FIRST_DAY = date(2000, 1, 1)  # no cooperative of ours is older: an earlier day is a slip of the hand


@dataclass(frozen=True, slots=True)
class Movement:
    """What an account moved in a month, debit > 0, in minor units."""

    month: date
    kind: str
    subject: str
    amount: int


@dataclass(frozen=True, slots=True)
class Sums:
    """What came in and went out in a period, in minor units; by_shop: enterprise id → what it contributed."""

    costs: Mapping[str, int] = field(default_factory=dict)
    income: Mapping[str, int] = field(default_factory=dict)
    funds: Mapping[str, int] = field(default_factory=dict)
    by_shop: Mapping[int, int] = field(default_factory=dict)

    @property
    def cost(self) -> int:
        return sum(self.costs.values())

    @property
    def contributions(self) -> int:
        return self.income.get(Income.CONTRIBUTION, 0)

    @property
    def services(self) -> int:
        return self.income.get(Income.SERVICE, 0)

    @property
    def gap_filled(self) -> int:
        return sum(self.income.get(kind, 0) for kind in GAP)

    @property
    def result(self) -> int:
        return sum(self.income.values()) - self.cost


def summed(movements: Iterable[Movement], since: date, until: date) -> Sums:
    """Sum the movements of the months from `since` up to, but not with, that of `until`."""
    costs, income, funds, shops = (defaultdict[str, int](int) for _ in range(4))
    for one in movements:
        if not since <= one.month < until:
            continue
        head, _, tail = one.subject.partition(":")
        if one.kind == "cost":
            costs[head] += one.amount
        elif one.kind == "income":
            income[head] -= one.amount
            if tail:
                shops[tail] -= one.amount
        elif one.kind == "funds":
            funds[head] -= one.amount
        elif one.kind == "capital":  # the shares of members, kept by the register of members
            funds[Funds.SHARE_CAPITAL] -= one.amount
    return Sums(
        {kind.value: costs[kind] for kind in Cost if costs[kind]},
        {kind.value: income[kind] for kind in Income if income[kind]},
        {kind: amount for kind, amount in sorted(funds.items()) if amount},
        {int(shop): amount for shop, amount in sorted(shops.items()) if amount > 0},
    )


def month_after(day: date, count: int = 1) -> date:
    """Return the first day of the month `count` months after that of `day`; before it for a count below zero."""
    months = day.year * 12 + day.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of a year, 1 to 4; written 2026-Q3."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def since(self) -> date:
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def until(self) -> date:
        return month_after(self.since, 3)

    @property
    def before(self) -> Quarter:
        return quarter_of(self.since - timedelta(days=1))


def quarter_of(day: date) -> Quarter:
    """Return the quarter of a day."""
    return Quarter(day.year, (day.month + 2) // 3)


class NotOver(Refused):
    """A quarter is published once it is over."""

    code = "commons_budget.not_over"
    message = gettext_noop("This quarter is not over yet. It can be published from %(day)s on.")


class Published(Refused):
    """What was published stays as it is."""

    code = "commons_budget.published"
    message = gettext_noop("The accounts up to %(day)s are published and stay as they are. Choose a later day.")


class NotADay(Refused):
    """What is booked has happened: not tomorrow, not in another century."""

    code = "commons_budget.not_a_day"
    message = gettext_noop("Choose a day from %(first)s to today: what is booked has already happened.")


class EndsBeforeItBegins(Refused):
    """A grant's last day does not come before its first."""

    code = "commons_budget.ends_before_it_begins"
    message = gettext_noop("The last day comes before the first one.")


class NothingToBook(Refused):
    """A booking moves an amount above zero, of a kind that its side knows."""

    code = "commons_budget.nothing_to_book"
    message = gettext_noop("Write an amount above zero and say what it is for.")


class AlreadyReversed(Refused):
    """A booking is taken back once; a reversal is not taken back."""

    code = "commons_budget.already_reversed"
    message = gettext_noop("This entry is already taken back. Book the right one anew.")


class NotOfGrant(Refused):
    """Costs and grants may name a grant; nothing else."""

    code = "commons_budget.not_of_grant"
    message = gettext_noop("Only costs, and the grant’s own payments, belong to a grant.")
