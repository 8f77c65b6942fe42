"""What a treasurer does. Rows are only added: a mistake is taken back by an entry that names it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db import transaction

from bocage.commons.refusals import Forbidden, NotFound
from bocage.cooperative.commons_budget import queries
from bocage.cooperative.commons_budget.models import (
    Booking,
    BudgetLine,
    FiscalYear,
    Grant,
    Publication,
    Treasury,
)
from bocage.cooperative.commons_budget.queries import keeping
from bocage.cooperative.commons_budget.queries.accounts import TreasuryRow
from bocage.cooperative.commons_budget.queries.statements import statement
from bocage.cooperative.commons_budget.rules.kinds import BUDGETED, CATEGORIES, Income, Kind, Planned
from bocage.cooperative.commons_budget.rules.periods import (
    FIRST_DAY,
    AlreadyReversed,
    EndsBeforeItBegins,
    NotADay,
    NothingToBook,
    NotOfGrant,
    NotOver,
    Published,
    Quarter,
)
from bocage.ledger.actions import post
from bocage.ledger.rules import AccountKey
from bocage.ledger.rules.chain import GENESIS
from bocage.network.models import Enterprise
from bocage.network.rules import Actor, Right

BANK = AccountKey("takings", "bank")
NOON = time(12)


@dataclass(frozen=True, slots=True)
class NewBooking:
    """What is booked: amount above zero in minor units; grant: that pays it or that it is of; shop: who contributed."""

    kind: Kind
    category: str
    amount_minor: int
    on: date
    label: str
    grant_id: int | None = None
    shop_id: int | None = None


@transaction.atomic
def found_treasury(*, instance_id: int, book_id: int, actor: Actor) -> int:
    """Say whose book is the instance's; return its id. Raises Forbidden, NotFound."""
    if not (actor.is_steward or actor.is_system):
        raise Forbidden(right="steward")
    if not Enterprise.objects.filter(id=book_id, instance_id=instance_id).exists():
        raise NotFound
    return Treasury.objects.get_or_create(instance_id=instance_id, defaults={"book_id": book_id})[0].pk


@transaction.atomic
def book(*, treasury_id: int, new: NewBooking, actor: Actor, now: datetime, key: str = "") -> int:
    """Book money that came, went or was laid by; return the booking's id. The same key twice is one booking.

    Raises Forbidden, NothingToBook, NotADay, Published, NotOfGrant.
    """
    treasury = _treasury(treasury_id, actor)
    if new.amount_minor <= 0 or new.category not in CATEGORIES[new.kind] or not new.label.strip():
        raise NothingToBook()
    if not FIRST_DAY <= new.on <= _today(treasury, now):
        raise NotADay(first=FIRST_DAY)
    _check_open(treasury_id, new.on)
    _check_grant(treasury_id, new)
    if key and (there := Booking.objects.filter(key=f"commons:{key}").values_list("id", flat=True).first()):
        return there
    return _write(treasury, new, new.amount_minor, key or uuid4().hex, actor, now)


@transaction.atomic
def reverse(*, booking_id: int, on: date, reason: str, actor: Actor, now: datetime) -> int:
    """Take a booking back by another one that names it; return its id. Raises Forbidden, AlreadyReversed, Published."""
    found = Booking.objects.filter(id=booking_id).first()
    if found is None:
        raise NotFound
    treasury = _treasury(found.treasury_id, actor)
    if found.reverses_id or Booking.objects.filter(reverses_id=booking_id).exists():
        raise AlreadyReversed()
    if not reason.strip():
        raise NothingToBook()
    _check_open(found.treasury_id, on)
    back = NewBooking(
        Kind(found.kind), found.category, found.amount_minor, on, reason.strip(), found.grant_id, found.shop_id
    )
    return _write(treasury, back, -found.amount_minor, f"reverse:{found.pk}", actor, now, reverses=found)


@transaction.atomic
def plan_year(
    *,
    treasury_id: int,
    year: int,
    lines: Mapping[str, int],
    decision: str,
    expected: Mapping[str, int | None],
    actor: Actor,
) -> None:
    """Set what is planned for each category of a year, by which decision, and what is expected. Raises Forbidden.

    expected: variable_minor, turnover_minor, low_, central_ and high_millionths.
    """
    _treasury(treasury_id, actor)
    kept, _ = FiscalYear.objects.update_or_create(treasury_id=treasury_id, year=year, defaults=dict(expected))
    BudgetLine.objects.filter(year=kept).delete()
    BudgetLine.objects.bulk_create(
        BudgetLine(year=kept, category=category, planned_minor=lines[category], decision=decision)
        for category in BUDGETED
        if lines.get(category)
    )


@transaction.atomic
def add_grant(
    *,
    treasury_id: int,
    kind: str,
    giver: str,
    purpose: str,
    amount_minor: int,
    starts_on: date,
    ends_on: date,
    actor: Actor,
) -> int:
    """Write down a grant, a gift or a prize that was promised; return its id. The same one twice is once.

    Raises Forbidden, NothingToBook, EndsBeforeItBegins.
    """
    _treasury(treasury_id, actor)
    if amount_minor <= 0:
        raise NothingToBook()
    if ends_on < starts_on:
        raise EndsBeforeItBegins()
    return Grant.objects.get_or_create(
        treasury_id=treasury_id, kind=kind, giver=giver, purpose=purpose, amount_minor=amount_minor,
        starts_on=starts_on, ends_on=ends_on,
    )[0].pk  # fmt: skip


@transaction.atomic
def publish(*, treasury_id: int, quarter: Quarter, actor: Actor, now: datetime) -> str:
    """Publish a quarter's accounts as they are now; return their hash. In order, each once, none before it is over.

    Raises Forbidden, NotOver, Published.
    """
    treasury = _treasury(treasury_id, actor)
    if quarter.until > _today(treasury, now):
        raise NotOver(day=quarter.until)
    if quarter != keeping.next_quarter(treasury_id):
        raise Published(day=(keeping.published_until(treasury_id) or quarter.since) - timedelta(days=1))
    previous = (
        Publication.objects.filter(treasury_id=treasury_id).order_by("-period").values_list("hash", flat=True).first()
    )
    found = queries.accounts(treasury, since=quarter.since, until=quarter.until)
    text = statement(found, period=str(quarter), previous=previous or GENESIS)
    hashed = hashlib.sha256(text.encode()).hexdigest()
    Publication.objects.create(
        treasury_id=treasury_id, period=str(quarter), statement=text, hash=hashed, at=now, by=actor.label
    )
    return hashed


def _treasury(treasury_id: int, actor: Actor) -> TreasuryRow:
    """Return the book for who keeps it, a manager or bookkeeper of the cooperative; one writes in it at a time."""
    names = ("id", "book_id", "book__slug", "book__name", "instance__currency", "instance__timezone")
    locked = Treasury.objects.select_for_update(no_key=True, of=("self",))
    row = locked.filter(id=treasury_id).values_list(*names).first()
    if row is None:
        raise NotFound
    actor.require(Right.SEE_BOOKS, on=row[1])
    return TreasuryRow(*row)


def _today(treasury: TreasuryRow, now: datetime) -> date:
    return now.astimezone(ZoneInfo(treasury.zone)).date()


def _check_open(treasury_id: int, on: date) -> None:
    until = keeping.published_until(treasury_id)
    if until and on < until:
        raise Published(day=until - timedelta(days=1))


def _check_grant(treasury_id: int, new: NewBooking) -> None:
    if new.grant_id is None:
        return
    grant = Grant.objects.filter(id=new.grant_id, treasury_id=treasury_id).first()
    if grant is None or (new.kind is not Kind.COST and new.category != grant.kind):
        raise NotOfGrant()


def _write(
    treasury: TreasuryRow,
    new: NewBooking,
    amount: int,
    key: str,
    actor: Actor,
    now: datetime,
    reverses: Booking | None = None,
) -> int:
    row = Booking.objects.create(
        treasury_id=treasury.id, key=f"commons:{key}", kind=new.kind, category=new.category, amount_minor=amount,
        on=new.on, label=new.label.strip(), grant_id=new.grant_id, shop_id=new.shop_id, reverses=reverses, at=now,
        by=actor.label,
    )  # fmt: skip
    post(
        book_id=treasury.book_id, key=row.key, about=f"commons:{reverses.pk if reverses else row.pk}",
        what="reversal" if reverses else new.kind.value, postings=_postings(new, amount), by=actor.label,
        at=datetime.combine(new.on, NOON, ZoneInfo(treasury.zone)), currency=treasury.currency,
    )  # fmt: skip
    return row.pk


def _postings(new: NewBooking, amount: int) -> dict[AccountKey, int]:
    if new.kind is Kind.COST:
        return {AccountKey("cost", new.category): amount, BANK: -amount}
    if new.kind is Kind.RESERVE:
        return {AccountKey("funds", "result"): amount, AccountKey("funds", Planned.RESERVE): -amount}
    named = f"{new.category}:{new.shop_id}" if new.shop_id and new.category == Income.CONTRIBUTION else new.category
    return {BANK: amount, AccountKey(new.kind.value, named): -amount}
