"""What the treasurer sees: bookings, budget, grants to name. Everything asks for the right to see the books."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.cooperative.commons_budget.models import Booking, BudgetLine, FiscalYear, Grant, Publication, Treasury
from bocage.cooperative.commons_budget.queries.accounts import GrantRow, TreasuryRow, grants_until
from bocage.cooperative.commons_budget.rules.periods import Quarter, quarter_of
from bocage.network.models import Enterprise
from bocage.network.rules import Actor, Right

AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class BookingRow:
    """A booking in words; can_reverse: it was not taken back and takes nothing back."""

    id: int
    kind: str
    category: str
    amount: Money
    on: date
    label: str
    grant: str
    shop: str
    reverses: int | None
    can_reverse: bool


@dataclass(frozen=True, slots=True)
class Bookings:
    """A page of bookings, the newest first; next_before: the id to go on from."""

    rows: Sequence[BookingRow]
    total: int
    next_before: int | None


@dataclass(frozen=True, slots=True)
class YearRow:
    """A fiscal year as its form shows it; planned: category → minor units and decision."""

    year: int
    variable_minor: int
    turnover_minor: int | None
    low_millionths: int
    central_millionths: int
    high_millionths: int
    planned: Mapping[str, tuple[int, str]]


def treasury_at(*, slug: str, actor: Actor) -> TreasuryRow:
    """Return the treasury whose book is this enterprise's. Raises NotFound, Forbidden."""
    names = ("id", "book_id", "book__slug", "book__name", "instance__currency", "instance__timezone")
    row = Treasury.objects.filter(book__slug=slug).values_list(*names).first()
    if row is None:
        raise NotFound
    actor.require(Right.SEE_BOOKS, on=row[1])
    return TreasuryRow(*row)


def bookings(treasury: TreasuryRow, *, actor: Actor, before: int | None = None) -> Bookings:
    """Return bookings, the newest first, in two queries. Raises Forbidden."""
    actor.require(Right.SEE_BOOKS, on=treasury.book_id)
    found = Booking.objects.filter(treasury_id=treasury.id)
    page = found.filter(id__lt=before) if before else found
    taken = set(found.filter(reverses__isnull=False).values_list("reverses_id", flat=True))
    rows = list(page.select_related("grant", "shop").order_by("-id")[: AT_ONCE + 1])
    shown = [
        BookingRow(
            one.pk, one.kind, one.category, Money(one.amount_minor, treasury.currency), one.on, one.label,
            one.grant.giver if one.grant else "", one.shop.name if one.shop else "", one.reverses_id,
            one.reverses_id is None and one.pk not in taken,
        )
        for one in rows[:AT_ONCE]
    ]  # fmt: skip
    return Bookings(shown, found.count(), shown[-1].id if len(rows) > AT_ONCE else None)


def booking(treasury: TreasuryRow, booking_id: int, *, actor: Actor) -> BookingRow:
    """Return one booking. Raises NotFound, Forbidden."""
    found = bookings(treasury, before=booking_id + 1, actor=actor).rows
    if not found or found[0].id != booking_id:
        raise NotFound
    return found[0]


def grants(treasury: TreasuryRow, *, actor: Actor) -> list[GrantRow]:
    """Return all grants, gifts and prizes, the latest first, in two queries. Raises Forbidden."""
    actor.require(Right.SEE_BOOKS, on=treasury.book_id)
    return grants_until(treasury, date.max)


def year_of(treasury: TreasuryRow, year: int, *, actor: Actor) -> YearRow:
    """Return a fiscal year with what is planned; as it starts when nobody wrote anything. Raises Forbidden."""
    actor.require(Right.SEE_BOOKS, on=treasury.book_id)
    kept = FiscalYear.objects.filter(treasury_id=treasury.id, year=year).first()
    one = kept or FiscalYear(year=year)
    lines = BudgetLine.objects.filter(year=kept) if kept else []
    return YearRow(
        year, one.variable_minor, one.turnover_minor, one.low_millionths, one.central_millionths, one.high_millionths,
        {line.category: (line.planned_minor, line.decision) for line in lines},
    )  # fmt: skip


def choices(treasury: TreasuryRow, *, actor: Actor) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Return the grants and the shops that a booking may name. Raises Forbidden."""
    actor.require(Right.SEE_BOOKS, on=treasury.book_id)
    grants = (
        Grant.objects.filter(treasury_id=treasury.id).order_by("-starts_on", "id").values_list("id", "giver", "purpose")
    )
    instance = Treasury.objects.values_list("instance_id", flat=True).get(id=treasury.id)
    shops = Enterprise.objects.filter(instance_id=instance).exclude(sells="none").order_by("name", "id")
    return [(pk, f"{giver}: {purpose}") for pk, giver, purpose in grants], list(shops.values_list("id", "name"))


def to_publish(treasury: TreasuryRow, today: date, *, actor: Actor) -> Quarter | None:
    """Return the next quarter to publish: the one after the last, or that of the first booking; None if it is not over."""
    actor.require(Right.SEE_BOOKS, on=treasury.book_id)
    quarter = next_quarter(treasury.id)
    return quarter if quarter and quarter.until <= today else None


def next_quarter(treasury_id: int) -> Quarter | None:
    """Return the quarter after the last one published; that of the first booking; None without any."""
    last = (
        Publication.objects.filter(treasury_id=treasury_id).order_by("-period").values_list("period", flat=True).first()
    )
    if last:
        return quarter_of(Quarter(int(last[:4]), int(last[-1])).until)
    first = Booking.objects.filter(treasury_id=treasury_id).order_by("on").values_list("on", flat=True).first()
    return quarter_of(first) if first else None


def published_until(treasury_id: int) -> date | None:
    """Return the first day that is not published yet; None before the first publication."""
    last = (
        Publication.objects.filter(treasury_id=treasury_id).order_by("-period").values_list("period", flat=True).first()
    )
    return Quarter(int(last[:4]), int(last[-1])).until if last else None
