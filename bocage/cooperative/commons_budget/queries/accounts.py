"""The public accounts: who paid for what in a period, and how far the cooperative carries itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from zoneinfo import ZoneInfo

from django.db.models import Sum
from django.db.models.functions import TruncMonth

from bocage.commons.money import Money, round_half_up, share_out
from bocage.cooperative.commons_budget.models import Booking, BudgetLine, FiscalYear, Grant, Publication, Treasury
from bocage.cooperative.commons_budget.rules import ratios
from bocage.cooperative.commons_budget.rules.kinds import Cost, Income, Kind, Planned
from bocage.cooperative.commons_budget.rules.periods import Movement, Quarter, Sums, month_after, quarter_of, summed
from bocage.ledger.models import Posting
from bocage.ledger.queries.journal import standing
from bocage.network.rules import SYSTEM

QUARTERS = 8
SQUARES = 100


@dataclass(frozen=True, slots=True)
class TreasuryRow:
    """The book of an instance: its enterprise, currency and clock."""

    id: int
    book_id: int
    slug: str
    name: str
    currency: str
    zone: str


@dataclass(frozen=True, slots=True)
class CostRow:
    """A category: spent in the period, planned for the year (None: nothing was), per hundred of all costs."""

    category: str
    spent: Money
    planned: Money | None
    decision: str


@dataclass(frozen=True, slots=True)
class Source:
    """Who paid how much of the costs; squares: of a hundred."""

    key: str
    amount: Money
    squares: int


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A grant, gift or prize: what for, how much came, how much of it is spent."""

    id: int
    kind: str
    giver: str
    purpose: str
    amount: Money
    received: Money
    spent: Money
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class QuarterRow:
    """Both ratios of a quarter, as millionths rounded to a hundredth of a percent."""

    quarter: Quarter
    costs: Money
    contributions: Money
    coverage: int | None
    enlarged: int | None


@dataclass(frozen=True, slots=True)
class Growth:
    """How soon shops carry the whole at a growth a month; months None: never."""

    name: str
    millionths: int
    months: int | None


@dataclass(frozen=True, slots=True)
class BreakEvenRow:
    """What it takes for shops to carry the whole; needed None: each costs as much as it brings."""

    shops: int
    needed: int | None
    mean: Money
    variable: Money
    turnover: Money | None
    growths: Sequence[Growth]


@dataclass(frozen=True, slots=True)
class Accounts:
    """Who paid for what from `since` up to, not with, `until`. Ratios are millionths; None: nothing to divide by."""

    treasury: TreasuryRow
    since: date
    until: date
    sums: Sums
    costs: Sequence[CostRow]
    income: Sequence[tuple[str, Money]]
    funds: Sequence[tuple[str, Money]]
    sources: Sequence[Source]
    total: Money
    coverage: int | None
    enlarged: int | None
    reserves: Money
    reserve_months: int | None
    paying: int
    median: Money | None
    concentration: int | None
    break_even: BreakEvenRow | None
    grants: Sequence[GrantRow]
    quarters: Sequence[QuarterRow]
    last_entry: int
    seal: str


def treasury_of(*, instance_id: int) -> TreasuryRow | None:
    """Return the book of an instance; None before the cooperative has one."""
    names = ("id", "book_id", "book__slug", "book__name", "instance__currency", "instance__timezone")
    row = Treasury.objects.filter(instance_id=instance_id).values_list(*names).first()
    return TreasuryRow(*row) if row else None


def movements_of(treasury: TreasuryRow) -> list[Movement]:
    """Return what each account of the book moved month by month, in one query."""
    zone = ZoneInfo(treasury.zone)
    rows = (
        Posting.objects.filter(
            account__book_id=treasury.book_id, account__kind__in=["cost", "income", "funds", "capital"]
        )
        .annotate(month=TruncMonth("entry__at", tzinfo=zone))
        .values_list("month", "account__kind", "account__subject")
        .annotate(sum=Sum("amount_minor"))
        .order_by("month", "account__kind", "account__subject")
    )
    return [Movement(month.date().replace(day=1), kind, subject, amount) for month, kind, subject, amount in rows]


def accounts(treasury: TreasuryRow, *, since: date, until: date) -> Accounts:
    """Return the accounts of a period of whole months; five queries, whatever there is."""
    moved = movements_of(treasury)
    sums = summed(moved, since, until)
    whole_year = summed(moved, month_after(until, -12), until)
    money = _in(treasury)
    reserves = summed(moved, date.min, until).funds.get(Planned.RESERVE, 0)
    number, seal = standing(book_id=treasury.book_id, actor=SYSTEM)  # where the book ends is for everybody to see
    year = FiscalYear.objects.filter(treasury_id=treasury.id, year=month_after(until, -1).year).first()
    months = ratios.reserve_months(reserves, whole_year.cost)
    middle = ratios.middle(sums.by_shop.values())
    return Accounts(
        treasury, since, until, sums, _costs(sums, year, treasury),
        [(kind.value, money(sums.income.get(kind, 0))) for kind in Income],
        [(kind, money(amount)) for kind, amount in sums.funds.items() if kind not in (Planned.RESERVE, "result")],
        _sources(sums, treasury), money(sums.cost),
        millionths(ratios.coverage(sums.contributions, sums.cost)),
        millionths(ratios.coverage(sums.contributions, sums.cost, sums.services)),
        money(reserves), None if months is None else round_half_up(months * 10),
        len(sums.by_shop), None if middle is None else money(round_half_up(middle)),
        millionths(ratios.concentration(sums.by_shop.values())), _break_even(whole_year, year, treasury),
        grants_until(treasury, until), _quarters(moved, until, treasury), number, seal,
    )  # fmt: skip


def carried_by_users(*, instance_id: int, today: date) -> int | None:
    """Return which part of the costs of the last twelve full months contributions paid, in millionths; None: unknown."""
    treasury = treasury_of(instance_id=instance_id)
    if treasury is None:
        return None
    until = today.replace(day=1)
    sums = summed(movements_of(treasury), month_after(until, -12), until)
    return millionths(ratios.coverage(sums.contributions, sums.cost))


def published(treasury: TreasuryRow) -> list[tuple[str, str]]:
    """Return what was published: period and hash, the newest first."""
    return list(Publication.objects.filter(treasury_id=treasury.id).order_by("-period").values_list("period", "hash"))


def publication(treasury: TreasuryRow, period: str) -> tuple[str, str] | None:
    """Return the text and the hash of what was published of a quarter."""
    return Publication.objects.filter(treasury_id=treasury.id, period=period).values_list("statement", "hash").first()


def years_of(treasury: TreasuryRow) -> list[int]:
    """Return the years that something was booked in, the latest first."""
    days = Booking.objects.filter(treasury_id=treasury.id).dates("on", "year", order="DESC")
    return [day.year for day in days]


def millionths(ratio: Fraction | None) -> int | None:
    """Return a ratio as millionths, rounded once to a hundredth of a percent."""
    return None if ratio is None else round_half_up(ratio * 10_000) * 100


class _in:
    """Makes amounts in the currency of a book."""

    def __init__(self, treasury: TreasuryRow) -> None:
        self.currency = treasury.currency

    def __call__(self, minor: int) -> Money:
        return Money(minor, self.currency)


def _costs(sums: Sums, year: FiscalYear | None, treasury: TreasuryRow) -> list[CostRow]:
    lines = {line.category: line for line in BudgetLine.objects.filter(year=year)} if year else {}
    money, rows = _in(treasury), []
    for kind in Cost:
        line, spent = lines.get(kind), sums.costs.get(kind, 0)
        if line or spent:
            planned = money(line.planned_minor) if line else None
            rows.append(CostRow(kind.value, money(spent), planned, line.decision if line else ""))
    return sorted(rows, key=lambda row: -row.spent.minor)


def _sources(sums: Sums, treasury: TreasuryRow) -> list[Source]:
    """Say who paid the costs: users first, then whoever filled the gap, then what was laid by, to the square."""
    left, found = sums.cost, []
    groups = (
        ("contribution", sums.contributions),
        ("service", sums.services),
        ("gap", sums.gap_filled),
    )
    for key, amount in groups:
        found.append((key, min(max(amount, 0), left)))
        left -= found[-1][1]
    found.append(("reserve", left))
    if sums.cost <= 0:
        return []
    squares = share_out(Money(SQUARES), [amount for _key, amount in found])
    money = _in(treasury)
    return [Source(key, money(amount), part.minor) for (key, amount), part in zip(found, squares, strict=True)]


def _break_even(sums: Sums, year: FiscalYear | None, treasury: TreasuryRow) -> BreakEvenRow | None:
    shops = len(sums.by_shop)
    if year is None or not shops:
        return None
    rate = Fraction(sums.contributions, year.turnover_minor) if year.turnover_minor else None
    even = ratios.BreakEven(
        fixed=sums.cost - year.variable_minor * shops, variable=year.variable_minor, services=sums.services,
        mean=Fraction(sums.contributions, shops), shops=shops, rate=rate,
    )  # fmt: skip
    growths = [
        Growth(name, growth, even.months_at(Fraction(growth, 10**6)))
        for name, growth in (
            ("low", year.low_millionths), ("central", year.central_millionths), ("high", year.high_millionths),
        )
    ]  # fmt: skip
    money, turnover = _in(treasury), even.turnover_needed
    return BreakEvenRow(
        shops, even.shops_needed, money(round_half_up(even.mean)), money(year.variable_minor),
        None if turnover is None else money(round_half_up(turnover)), growths,
    )  # fmt: skip


def grants_until(treasury: TreasuryRow, until: date) -> list[GrantRow]:
    """Return the grants that began before a day, the latest first, with what came and what was spent by then."""
    moved = dict[tuple[int, str], int]()
    rows = Booking.objects.filter(treasury_id=treasury.id, grant__isnull=False, on__lt=until)
    for grant_id, kind, amount in rows.values_list("grant_id", "kind").annotate(sum=Sum("amount_minor")).order_by():
        moved[grant_id, kind] = amount
    money = _in(treasury)
    return [
        GrantRow(
            one.pk, one.kind, one.giver, one.purpose, money(one.amount_minor), money(moved.get((one.pk, Kind.INCOME), 0)),
            money(moved.get((one.pk, Kind.COST), 0)), one.starts_on, one.ends_on,
        )
        for one in Grant.objects.filter(treasury_id=treasury.id, starts_on__lt=until).order_by("-starts_on", "id")
    ]  # fmt: skip


def _quarters(moved: list[Movement], until: date, treasury: TreasuryRow) -> list[QuarterRow]:
    """Return the last full quarters that have costs, the oldest first."""
    quarter, rows = quarter_of(month_after(until, -1)), []
    if quarter.until > until:
        quarter = quarter.before
    for _ in range(QUARTERS):
        sums = summed(moved, quarter.since, quarter.until)
        if sums.cost:
            rows.append(
                QuarterRow(
                    quarter, Money(sums.cost, treasury.currency), Money(sums.contributions, treasury.currency),
                    millionths(ratios.coverage(sums.contributions, sums.cost)),
                    millionths(ratios.coverage(sums.contributions, sums.cost, sums.services)),
                )
            )  # fmt: skip
        quarter = quarter.before
    return rows[::-1]
