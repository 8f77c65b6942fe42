"""R-BASE: what of an order counts as online turnover, in which month, and why the rest does not (file 10, 1.2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bocage.commons.money import round_ratio
from bocage.cooperative.contributions.rules.months import Month

MILLION = 1_000_000
ONLINE = frozenset({"storefront", "subscription", "api"})
# What a plan version may count. Fees are named by their kind; transport is the buyer's delivery, fundraising a gift.
COMPONENTS = ("goods", "adjustment", "voucher", "packing", "admin", "sales")


@dataclass(frozen=True, slots=True)
class Sold:
    """What an order holds at one VAT rate, in minor units: VAT included or not."""

    millionths: int
    amount: int
    is_included: bool = True


def net_of(parts: Iterable[Sold]) -> int:
    """Return an order's counted amount without VAT: what includes it is converted per rate, each rounded once."""
    gross: dict[int, int] = {}
    net = 0
    for part in parts:
        if part.is_included and part.millionths:
            gross[part.millionths] = gross.get(part.millionths, 0) + part.amount
        else:
            net += part.amount
    return net + sum(round_ratio(amount * MILLION, MILLION + rate) for rate, amount in gross.items())


@dataclass(frozen=True, slots=True)
class Change:
    """What the books say happened to an order: on which day, by how much its counted amount moved."""

    on: date
    net: int
    turns: bool = False  # a cancellation or its taking back


@dataclass(frozen=True, slots=True)
class Order:
    """What is known of an order. net: as its rows say now, as if it were not cancelled. on: its recognition."""

    id: int
    ref: str
    shop_id: int
    channel: str
    on: date
    net: int
    cancelled_on: date | None = None
    is_test: bool = False
    is_resale: bool = False
    changes: tuple[Change, ...] = ()

    def worth(self, day: date) -> int:
        """Return its counted amount as it stood at the end of a day."""
        if self.cancelled_on is not None and self.cancelled_on <= day:
            return 0
        later = (one.net for one in self.changes if one.on > day and not (one.turns and self.cancelled_on))
        return self.net - sum(later)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a statement. kind: sale, change or rest; why: '' counts, else the reason it does not."""

    order_id: int | None
    ref: str
    on: date
    kind: str
    net: int
    why: str = ""

    @property
    def counts(self) -> bool:
        return not self.why


def lines_of(order: Order, month: Month, *, before: int | None = None, first_charged: date | None) -> list[Line]:
    """Return the lines of an order on the statement of a month.

    before: what closed statements counted of it already (its hand-over may have been moved since); None, where it was
    recognised before there were any: then only what moved since the month began counts. first_charged: the first day out
    of trial, None in it for as long as one knows.
    """
    why = _why_not(order, first_charged)
    if order.on in month:
        first = order.worth(order.on) - (before or 0)
        if not before and not first and order.cancelled_on is not None:
            reason = "test" if order.is_test else "cancelled"
            return [Line(order.id, order.ref, order.on, "sale", order.net, why if why == "backoffice" else reason)]
        found = [Line(order.id, order.ref, order.on, "sale", first, why)] if first else []
        return [*found, *_late(order, order.worth(order.on), month, why)]
    known = order.worth(month.first - timedelta(days=1)) if before is None else before
    return _late(order, known, month, why)


def _late(order: Order, known: int, month: Month, why: str) -> list[Line]:
    moved = order.worth(month.last) - known
    days = [one.on for one in order.changes if one.on in month]
    if order.cancelled_on is not None and order.cancelled_on in month:
        days.append(order.cancelled_on)
    return [Line(order.id, order.ref, max(days, default=month.last), "change", moved, why)] if moved else []


def _why_not(order: Order, first_charged: date | None) -> str:
    if order.channel not in ONLINE:
        return "backoffice"
    if order.is_test:
        return "test"
    if order.is_resale:
        return "resale"
    return "trial" if first_charged is None or order.on < first_charged else ""


def base_of(total: int, carry_in: int) -> tuple[int, int]:
    """Return the base of a month and what is carried to the next: never below nothing, never lost."""
    whole = total + carry_in
    return max(0, whole), min(0, whole)


def counted(lines: Sequence[Line]) -> int:
    return sum(line.net for line in lines if line.counts)


def written_off(unpaid: int, order_total: int, order_net: int) -> int:
    """Return the negative line of an order whose unpaid rest is written off: the rest's share of its counted amount."""
    return -round_ratio(unpaid * order_net, order_total) if order_total > 0 else 0
