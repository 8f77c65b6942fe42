"""What money of the cooperative is for, and where it comes from. Kinds of income are never mixed."""

from __future__ import annotations

from enum import StrEnum


class Cost(StrEnum):
    """What something is spent on."""

    COMMONS = "commons"
    HOSTING = "hosting"
    SUPPORT = "support"
    COORDINATION = "coordination"
    ACCOUNTING = "accounting"
    PAYMENTS = "payments"
    INSURANCE = "insurance"
    COMMUNICATION = "communication"


class Planned(StrEnum):
    """What a budget has beside costs: what solidarity gives up (a memo), what goes to the reserve."""

    SOLIDARITY = "solidarity"
    RESERVE = "reserve"


class Income(StrEnum):
    """Where income comes from."""

    CONTRIBUTION = "contribution"
    SERVICE = "service"
    MEMBERSHIP = "membership"
    GRANT = "grant"
    DONATION = "donation"
    PRIZE = "prize"


class Funds(StrEnum):
    """Money that comes and is no income."""

    SHARE_CAPITAL = "share_capital"
    LOAN = "loan"


class Kind(StrEnum):
    """What a booking is: money out, money in, capital or a loan, money laid by."""

    COST = "cost"
    INCOME = "income"
    FUNDS = "funds"
    RESERVE = "reserve"


CATEGORIES: dict[Kind, tuple[str, ...]] = {
    Kind.COST: tuple(Cost),
    Kind.INCOME: tuple(Income),
    Kind.FUNDS: tuple(Funds),
    Kind.RESERVE: (Planned.RESERVE,),
}
BUDGETED: tuple[str, ...] = (*Cost, *Planned)
GAP = (Income.MEMBERSHIP, Income.GRANT, Income.DONATION, Income.PRIZE)
