"""What the treasurer and the committee see: months, what is asked, what is not paid. Who got solidarity, they alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.db.models import Count, F, Q, Sum

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.cooperative.contributions.models import (
    Bill,
    Contest,
    Cooperative,
    Notice,
    SolidarityGrant,
    Statement,
)
from bocage.cooperative.contributions.queries.drafting import CLOSED, today_of
from bocage.cooperative.contributions.rules import kindness, tariffs
from bocage.cooperative.contributions.rules.months import Month
from bocage.cooperative.contributions.rules.tariffs import Tariff
from bocage.network.rules import Actor, Right

MOST = 500
SUMS = ("base", "net", "total", "forgone")


@dataclass(frozen=True, slots=True)
class MonthSum:
    """A month of all shops. Amounts without VAT but `total`."""

    month: date
    shops: int
    closed: int
    base: Money
    net: Money
    total: Money
    forgone: Money

    @property
    def key(self) -> str:
        return f"{self.month:%Y-%m}"


@dataclass(frozen=True, slots=True)
class ShopRow:
    slug: str
    name: str
    state: str
    plan: str
    base: Money
    net: Money
    total: Money


@dataclass(frozen=True, slots=True)
class Question:
    id: int
    shop: str
    month: date
    ref: str
    words: str
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OpenBill:
    """An invoice that is not paid. step: the next kind word whose day has come, '' none; done: those before it."""

    id: int
    shop: str
    number: str
    left: Money
    due_on: date
    days: int
    reference: str
    step: str
    done: Sequence[str]


@dataclass(frozen=True, slots=True)
class Request:
    id: int
    shop: str
    words: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Simulated:
    shop: str
    before: Money
    after: Money

    @property
    def change(self) -> Money:
        return self.after - self.before


def office(*, instance_id: int, actor: Actor) -> Cooperative:
    """Return the cooperative to who keeps its books. Raises Forbidden, NotFound. One query."""
    found = Cooperative.objects.select_related("instance", "enterprise").filter(pk=instance_id).first()
    if found is None:
        if not actor.is_steward:
            actor.require(Right.ISSUE_INVOICES, on=0)
        raise NotFound()
    actor.require(Right.ISSUE_INVOICES, on=found.enterprise_id)
    return found


def months(cooperative: Cooperative) -> list[MonthSum]:
    """Return two years of months, the newest first. One query."""
    rows = Statement.objects.filter(shop__instance_id=cooperative.pk).order_by().values("month")
    told = rows.annotate(
        shops=Count("id"), closed=Count("id", filter=~Q(state="proposed")), base=Sum("base_minor"), net=Sum("net_minor"),
        total=Sum("total_minor"), forgone=Sum(F("would_minor") - F("net_minor"), filter=Q(relief_percent__gt=0), default=0),
    ).order_by("-month")[:24]  # fmt: skip
    return [
        MonthSum(
            row["month"],
            row["shops"],
            row["closed"],
            *(Money(row[name]) for name in ("base", "net", "total", "forgone")),
        )
        for row in told
    ]


def statements(cooperative: Cooperative, month: Month, *, limit: int = MOST) -> list[ShopRow]:
    """Return the statements of a month by the shop's name. One query."""
    rows = Statement.objects.filter(shop__instance_id=cooperative.pk, month=month.first).order_by("shop__name", "id")
    names = ("shop__slug", "shop__name", "state", "version__plan__code", "base_minor", "net_minor", "total_minor")
    return [
        ShopRow(slug, name, state, plan, Money(base), Money(net), Money(total))
        for slug, name, state, plan, base, net, total in rows.values_list(*names)[:limit]
    ]


def questions(cooperative: Cooperative) -> list[Question]:
    """Return the lines that shops ask about and nobody answered, the oldest first. One query."""
    rows = Contest.objects.filter(statement__shop__instance_id=cooperative.pk, answer="open").order_by("id")
    names = ("id", "statement__shop__name", "statement__month", "order__ref", "words", "by_name", "at")
    return [Question(*row) for row in rows.values_list(*names)[:MOST]]


def unpaid(cooperative: Cooperative, now: datetime) -> list[OpenBill]:
    """Return the invoices that are open, the oldest due first, with the kind word that is due. Two queries."""
    today = today_of(cooperative, now)
    rows = Bill.objects.filter(
        shop__instance_id=cooperative.pk, credited_at__isnull=True, paid_minor__lt=F("total_minor")
    ).order_by("due_on", "id")[:MOST]  # fmt: skip
    bills = list(rows.values("id", "shop__name", "number", "total_minor", "paid_minor", "due_on", "reference"))
    done: dict[int, list[str]] = {}
    notices = Notice.objects.filter(bill_id__in=[one["id"] for one in bills]).order_by("id")
    for bill_id, step in notices.values_list("bill_id", "step"):
        done.setdefault(bill_id, []).append(step)
    return [_open(one, done.get(one["id"], []), today) for one in bills]


def _open(one: Any, done: list[str], today: date) -> OpenBill:
    return OpenBill(
        one["id"], one["shop__name"], one["number"], Money(one["total_minor"] - one["paid_minor"]), one["due_on"],
        (today - one["due_on"]).days, one["reference"], kindness.next_step(one["due_on"], done, today), done,
    )  # fmt: skip


def requests(cooperative: Cooperative) -> list[Request]:
    """Return the requests for solidarity that wait for the committee. One query."""
    rows = SolidarityGrant.objects.filter(shop__instance_id=cooperative.pk, decided_at__isnull=True).order_by("id")
    return [Request(*row) for row in rows.values_list("id", "shop__name", "words", "asked_at")]


def simulate(cooperative: Cooperative, tariff: Tariff) -> list[Simulated]:
    """Return what each shop paid over its last twelve closed months and would have paid by other terms, without VAT.

    Trial months count for neither; solidarity as granted. One query.
    """
    rows = Statement.objects.filter(
        shop__instance_id=cooperative.pk, state__in=CLOSED, is_trial=False
    ).order_by("shop__name", "shop_id", "-month")  # fmt: skip
    shops: dict[int, tuple[str, list[tuple[date, int, int, int]]]] = {}
    for shop_id, name, month, base, net, relief in rows.values_list(
        "shop_id", "shop__name", "month", "base_minor", "net_minor", "relief_percent"
    ):
        kept = shops.setdefault(shop_id, (name, []))[1]
        if len(kept) < 12:
            kept.append((month, base, net, relief))
    return [_simulated(name, list(reversed(kept)), tariff) for name, kept in shops.values()]


def _simulated(name: str, kept: list[tuple[date, int, int, int]], tariff: Tariff) -> Simulated:
    charged: dict[int, int] = {}
    after = 0
    for month, base, _net, relief in kept:
        before = charged.get(month.year, 0)
        due = tariffs.amount(tariff, base, charged=before, relief=Fraction(relief, 100))
        charged[month.year] = before + due
        after += due
    return Simulated(name, Money(sum(net for _, _, net, _ in kept)), Money(after))
