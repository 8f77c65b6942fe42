"""Statements as their hub and their farm see them: lists, and the sheet with its lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from bocage.commons.measures import Exact
from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.network.rules import Actor, Right
from bocage.order_cycles.models import OrderCycle
from bocage.orders.models import Order
from bocage.settlements import rules
from bocage.settlements.models import Contest, Line, Payment, Statement
from bocage.settlements.rules import PAID_WITHIN_DAYS

PARTS = ("goods", "fees", "credits", "corrections", "agreed")


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A statement in a list. total: with VAT; carried: what earlier ones left the farm owing, 0 or less."""

    id: int
    state: str
    number: str
    sale: str
    closed_at: datetime
    hub: str
    farm: str
    farm_id: int
    farm_slug: str
    iban: str
    approved_at: datetime | None
    seen_at: datetime | None
    agreed_at: datetime | None
    frozen_at: datetime | None
    is_carried: bool
    total: Money
    carried: Money
    paid: Money
    contests: int

    @property
    def due(self) -> Money:
        return self.total + self.carried

    @property
    def left(self) -> Money:
        """Return what is still to be paid; nothing for a farm that owes."""
        return Money(max(self.due.minor - self.paid.minor, 0), self.due.currency)

    @property
    def stage(self) -> str:
        """Return where it stands: approve, contested, farm, pay, paid, carried."""
        if self.state == Statement.State.DRAFTED:
            return "approve"
        if self.state == Statement.State.APPROVED:
            return "contested" if self.contests else "farm"
        if self.due.minor < 0:
            return "carried"
        return "pay" if self.left.minor else "paid"

    @property
    def pay_by(self) -> datetime:
        return self.closed_at + timedelta(days=PAID_WITHIN_DAYS)


@dataclass(frozen=True, slots=True)
class ContestRow:
    id: int
    reason: str
    by_name: str
    at: datetime
    answer: str
    words: str
    answered_by: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line as it is read, with what was contested about it; the fields that say its size are an order line's."""

    id: int
    kind: str
    name: str
    cycle_id: int
    sale: str
    variant_name: str
    unit: str
    size: Exact
    pack: str
    measure: str
    is_weighed: bool
    price: Money
    millionths: int
    quantity: int
    grams: int
    net: Money
    tax: Money
    contests: tuple[ContestRow, ...]

    @property
    def total(self) -> Money:
        return self.net + self.tax

    @property
    def has_open_contest(self) -> bool:
        return any(not one.answer for one in self.contests)


@dataclass(frozen=True, slots=True)
class PaymentRow:
    amount: Money
    at: datetime
    reference: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A statement with its lines: the sale's goods, the farm's fees, credits it bears, corrections, what was agreed."""

    row: StatementRow
    hub_id: int
    producer_id: int
    cycle_id: int
    approved_by: str
    agreed_by: str
    goods: tuple[LineRow, ...]
    fees: tuple[LineRow, ...]
    credits: tuple[LineRow, ...]
    corrections: tuple[LineRow, ...]
    agreed: tuple[LineRow, ...]
    rates: tuple[tuple[int, Money, Money], ...]
    payments: tuple[PaymentRow, ...]

    @property
    def lines(self) -> tuple[LineRow, ...]:
        return tuple(line for part in PARTS for line in getattr(self, part))

    @property
    def net(self) -> Money:
        return self._sum(self.lines, "net")

    @property
    def tax(self) -> Money:
        return self._sum(self.lines, "tax")

    @property
    def parts(self) -> list[tuple[str, Money]]:
        """Return what each part comes to without VAT, those that are there: together they are all lines."""
        return [(part, self._sum(getattr(self, part), "net")) for part in PARTS if getattr(self, part)]

    def _sum(self, lines: Sequence[LineRow], what: str) -> Money:
        return Money(sum(getattr(line, what).minor for line in lines), self.row.total.currency)


def owed(*, hub_id: int, actor: Actor, cycle_id: int | None = None) -> list[StatementRow]:
    """Return a hub's statements, the last sale first, then by farm, in one query. Raises Forbidden."""
    actor.require(Right.SEE_BOOKS, on=hub_id)
    found = Statement.objects.filter(hub_id=hub_id)
    return rows_of(found.filter(cycle_id=cycle_id) if cycle_id else found)


def received(*, producer_id: int, actor: Actor) -> list[StatementRow]:
    """Return the statements that hubs approved for a farm, the last sale first, in one query. Raises Forbidden."""
    actor.require(Right.SEE_BOOKS, on=producer_id)
    return rows_of(Statement.objects.filter(producer_id=producer_id).exclude(state=Statement.State.DRAFTED))


def sales_to_state(*, hub_id: int, actor: Actor, now: datetime) -> list[tuple[int, str, datetime]]:
    """Return the hub's closed sales with orders (id, name, when closed), the last first, 26 at most. Raises Forbidden."""
    actor.require(Right.SEE_BOOKS, on=hub_id)
    sold = Order.objects.filter(cycle_id=OuterRef("id"), hub_id=hub_id)
    closed = OrderCycle.objects.filter(Exists(sold), closes_at__lte=now).order_by("-closes_at", "-id")
    return list(closed.values_list("id", "name", "closes_at")[:26])


def statement(*, statement_id: int, side_id: int, actor: Actor) -> Sheet:
    """Return a statement for its hub or, once it is approved, for its farm: `side_id`, in five queries.

    Raises Forbidden for who may not see the side's books, NotFound for what is not theirs.
    """
    actor.require(Right.SEE_BOOKS, on=side_id)
    theirs = Q(hub_id=side_id) | (Q(producer_id=side_id) & ~Q(state=Statement.State.DRAFTED))
    found = Statement.objects.filter(theirs, id=statement_id)
    row = next(iter(rows_of(found)), None)
    if row is None:
        raise NotFound()
    hub_id, producer_id, cycle_id, approved_by, agreed_by = found.values_list(
        "hub_id", "producer_id", "cycle_id", "approved_by", "agreed_by"
    ).get()
    lines = _lines(statement_id, row.total.currency)
    own = [line for line in lines if line.cycle_id == cycle_id]
    rates = rules.by_rate((line.millionths, line.net.minor, line.tax.minor) for line in lines)
    return Sheet(
        row, hub_id, producer_id, cycle_id, approved_by, agreed_by,
        goods=tuple(line for line in own if line.kind == Line.Kind.GOODS),
        fees=tuple(line for line in own if line.kind == Line.Kind.FEE),
        credits=tuple(line for line in own if line.kind == Line.Kind.CREDIT),
        corrections=tuple(line for line in lines if line.cycle_id != cycle_id and line.kind != Line.Kind.AGREED),
        agreed=tuple(line for line in lines if line.kind == Line.Kind.AGREED),
        rates=tuple(
            (rate, Money(net, row.total.currency), Money(tax, row.total.currency)) for rate, (net, tax) in rates.items()
        ),
        payments=tuple(
            PaymentRow(Money(amount, row.total.currency), at, reference)
            for amount, at, reference in Payment.objects.filter(statement_id=statement_id)
            .order_by("at", "id")
            .values_list("amount_minor", "at", "reference")
        ),
    )  # fmt: skip


def _lines(statement_id: int, currency: str) -> list[LineRow]:
    contests: dict[int, list[ContestRow]] = defaultdict(list)
    rows: Any = (
        Contest.objects.filter(statement_id=statement_id)
        .order_by("id")
        .values_list("line_id", "id", "reason", "by_name", "at", "answer", "words", "answered_by", "answered_at")
    )
    for line_id, *said in rows:
        contests[line_id].append(ContestRow(*said))
    lines = Line.objects.filter(statement_id=statement_id).select_related("cycle").order_by("name", "id")
    return [
        LineRow(
            row.pk, row.kind, row.name, row.cycle_id, row.cycle.name, row.variant_name, row.unit, row.size, row.pack,
            row.measure, row.is_weighed, Money(row.price_minor, currency), row.millionths, row.quantity, row.grams,
            Money(row.net_minor, currency), Money(row.tax_minor, currency), tuple(contests[row.pk]),
        )
        for row in lines
    ]  # fmt: skip


def rows_of(found: QuerySet[Statement]) -> list[StatementRow]:
    """Return statements as rows, the last sale first, then by farm, in one query."""
    rows: Any = (
        found.annotate(
            total=_sum(Line.objects.filter(statement=OuterRef("pk")), "net_minor", "tax_minor"),
            paid=_sum(Payment.objects.filter(statement=OuterRef("pk")), "amount_minor"),
            contests=Coalesce(
                Subquery(
                    Contest.objects.filter(statement=OuterRef("pk"), answer="")
                    .order_by()
                    .values("statement")
                    .annotate(n=Count("id"))
                    .values("n")
                ),
                0,
            ),
        )
        .order_by("-cycle__closes_at", "-cycle_id", "producer__name", "id")
        .values_list(
            "id", "state", "number", "cycle__name", "cycle__closes_at", "hub__name", "producer__name", "producer_id",
            "producer__slug", "producer__iban", "approved_at", "seen_at", "agreed_at", "frozen_at", "carried_to_id", "total",
            "carried_minor", "paid", "contests", "currency",
        )
    )  # fmt: skip
    return [_row(values) for values in rows]


def _row(values: Any) -> StatementRow:
    *said, to, total, carried, paid, contests, currency = values
    amounts: Any = [bool(to), *(Money(minor, currency) for minor in (total, carried, paid)), contests]
    return StatementRow(*said, *amounts)


def _sum(rows: Any, *columns: str) -> Any:
    added = sum((F(column) for column in columns[1:]), start=F(columns[0]))
    whole = rows.order_by().values(one=F("id") * 0).annotate(whole=Sum(added)).values("whole")
    return Coalesce(Subquery(whole), 0)
