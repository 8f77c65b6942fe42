"""What a shop's pages show: a month with its lines and what became of it, the plans to choose from, what is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import F, Sum

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.cooperative.contributions.models import (
    Bill,
    Contest,
    Cooperative,
    InstalmentPlan,
    PlanSubscription,
    PlanVersion,
    Pledge,
    SolidarityGrant,
    Statement,
    StatementLine,
)
from bocage.cooperative.contributions.queries.drafting import (
    CLOSED,
    Draft,
    drafts,
    held_in,
    tariff_of,
    today_of,
    zone_of,
)
from bocage.cooperative.contributions.queries.restrictions import standing_restrictions
from bocage.cooperative.contributions.rules import tariffs
from bocage.cooperative.contributions.rules.months import CONTESTED_FOR, Month
from bocage.cooperative.contributions.rules.tariffs import Tariff
from bocage.invoicing.queries import PaperRow, paper
from bocage.network.models import Enterprise
from bocage.network.rules import SYSTEM, Actor, Right


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line as it is read. why: '' counts; contest: '' nobody asked, else open, left_out or stays, with the answer."""

    order_id: int | None
    ref: str
    on: date
    kind: str
    net: Money
    why: str
    contest: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class BillRow:
    id: int
    number: str
    total: Money
    left: Money
    issued_on: date
    due_on: date
    reference: str
    state: str
    months: Sequence[date] = ()
    parts: Sequence[tuple[date, Money]] = ()


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month in the list of all: `state` live, proposed, closed …; total with VAT."""

    month: date
    state: str
    base: Money
    total: Money

    @property
    def key(self) -> str:
        return f"{self.month:%Y-%m}"


@dataclass(frozen=True, slots=True)
class Page:
    """A shop's month. Amounts without VAT but for `total`; rates in millionths."""

    month: Month
    state: str
    id: int | None
    plan: str
    tariff: Tariff
    counted: list[LineRow]
    apart: list[LineRow]
    sales: Money
    carry_in: Money
    base: Money
    carry_out: Money
    would: Money
    net: Money
    tax: Money
    total: Money
    relief_percent: int
    true_up: Money
    is_trial: bool
    trial_until: date | None
    proposed_on: date
    closed_on: date
    can_ask: bool
    ask_until: date
    bill: BillRow | None = None
    digest: str = ""
    rest: Money = field(default_factory=lambda: Money(0))

    @property
    def is_waiting(self) -> bool:
        """Return whether its sum is too small for an invoice of its own."""
        return self.state == "closed" and 0 < self.total.minor < tariffs.SMALLEST_BILL


def cooperative_for(shop_id: int) -> Cooperative | None:
    """Return who a shop contributes to, None where the instance has nobody yet. One query; asked on nobody's behalf."""
    row = Enterprise.objects.filter(id=shop_id).values_list("instance_id", flat=True).first()
    return Cooperative.objects.select_related("instance", "enterprise").filter(pk=row or 0).first()


def month_page(*, shop_id: int, month: Month | None, actor: Actor, now: datetime) -> Page | None:
    """Return a shop's month, the present one unless named; None where it does not contribute yet.

    A month that is not closed is computed anew; a closed one is what was sealed. About twenty queries. Raises Forbidden,
    NotFound.
    """
    actor.require(Right.SEE_BOOKS, on=shop_id)
    cooperative = cooperative_for(shop_id)
    if cooperative is None:
        return None
    today = today_of(cooperative, now)
    wanted = month or Month.of(today)
    if wanted.first > today:
        raise NotFound()
    rows = Statement.objects.select_related("version__plan", "bill").filter(shop_id=shop_id, month=wanted.first)
    kept = rows.first()
    asked = {
        order_id: (answer, words)
        for order_id, answer, words in Contest.objects.filter(
            statement__shop_id=shop_id, statement__month=wanted.first
        ).values_list("order_id", "answer", "answer_words")
    }
    if kept is not None and kept.state in CLOSED:
        return _sealed(kept, wanted, asked)
    found = drafts(cooperative, [shop_id], wanted, zone_of(cooperative))
    if not found:
        if month is not None:
            raise NotFound()
        return None
    return _drafted(found[0], kept, asked, today)


def _drafted(draft: Draft, kept: Statement | None, asked: dict[int, tuple[str, str]], today: date) -> Page:
    lines = [_row(one.order_id, one.ref, one.on, one.kind, one.net, one.why, asked) for one in draft.lines]
    month = draft.month
    until = month.proposed_on + CONTESTED_FOR
    return Page(
        month=month, state="proposed" if kept else "live", id=kept.pk if kept else None, plan=draft.held.code,
        tariff=draft.held.tariff, counted=[one for one in lines if not one.why], apart=[one for one in lines if one.why],
        sales=Money(draft.sales), carry_in=Money(draft.carry_in), base=Money(draft.base), carry_out=Money(draft.carry_out),
        would=Money(draft.would), net=Money(draft.due.net), tax=Money(draft.due.tax), total=Money(draft.due.total),
        relief_percent=draft.relief_percent, true_up=Money(draft.true_up), is_trial=draft.is_trial,
        trial_until=draft.trial_until, proposed_on=month.proposed_on, closed_on=month.closed_on,
        can_ask=kept is not None and today < until, ask_until=until,
    )  # fmt: skip


def _sealed(kept: Statement, month: Month, asked: dict[int, tuple[str, str]]) -> Page:
    rows = StatementLine.objects.filter(statement=kept).order_by("on", "id")
    lines = [_row(*line, asked) for line in rows.values_list("order_id", "ref", "on", "kind", "net_minor", "why")]
    return Page(
        month=month, state=kept.state, id=kept.pk, plan=kept.version.plan.code, tariff=tariff_of(kept.version.tariff),
        counted=[one for one in lines if not one.why], apart=[one for one in lines if one.why],
        sales=Money(kept.sales_minor), carry_in=Money(kept.carry_in_minor), base=Money(kept.base_minor),
        carry_out=Money(kept.carry_out_minor), would=Money(kept.would_minor), net=Money(kept.net_minor),
        tax=Money(kept.tax_minor), total=Money(kept.total_minor), relief_percent=kept.relief_percent,
        true_up=Money(kept.true_up_minor), is_trial=kept.is_trial, trial_until=None, proposed_on=month.proposed_on,
        closed_on=month.closed_on, can_ask=False, ask_until=month.proposed_on + CONTESTED_FOR,
        bill=_bill(kept.bill) if kept.bill else None,
    )  # fmt: skip


def _row(
    order_id: int | None, ref: str, on: date, kind: str, net: int, why: str, asked: dict[int, tuple[str, str]]
) -> LineRow:
    answer, words = asked.get(order_id or 0, ("", ""))
    return LineRow(order_id, ref, on, kind, Money(net), why, answer, words)


def _bill(row: Bill, months: Sequence[date] = (), parts: Sequence[tuple[date, Money]] = ()) -> BillRow:
    left = row.total_minor - row.paid_minor
    state = "credited" if row.credited_at else "paid" if not left else "partly_paid" if row.paid_minor else "invoiced"
    return BillRow(
        row.pk,
        row.number,
        Money(row.total_minor),
        Money(left),
        row.issued_on,
        row.due_on,
        row.reference,
        state,
        months,
        parts,
    )


def months_of(*, shop_id: int, actor: Actor) -> list[MonthRow]:
    """Return a shop's statements, the newest first, two years at most. One query. Raises Forbidden."""
    actor.require(Right.SEE_BOOKS, on=shop_id)
    rows = Statement.objects.filter(shop_id=shop_id).order_by("-month")[:24]
    return [
        MonthRow(month, state, Money(base), Money(total))
        for month, state, base, total in rows.values_list("month", "state", "base_minor", "total_minor")
    ]


def open_bills(*, shop_id: int, actor: Actor) -> list[BillRow]:
    """Return what a shop has still to pay, the oldest first. Two queries. Raises Forbidden."""
    actor.require(Right.SEE_BOOKS, on=shop_id)
    rows = list(
        Bill.objects.filter(shop_id=shop_id, credited_at__isnull=True, paid_minor__lt=F("total_minor")).order_by("id")
    )
    plans = {plan.pk: plan.parts for plan in InstalmentPlan.objects.filter(bill__in=rows)}
    return [
        _bill(row, parts=[(date.fromisoformat(on), Money(minor)) for on, minor in plans.get(row.pk, ())])
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Offer:
    """A plan version that may be chosen, and what it would have cost over the last statements."""

    version_id: int
    code: str
    tariff: Tariff
    text: str
    text_hash: str
    valid_from: date
    would: Money
    is_held: bool
    since: date


def offers(*, shop_id: int, actor: Actor, now: datetime) -> list[Offer]:
    """Return the plans that are open, each with what the last twelve statements would have cost by it. Raises Forbidden."""
    actor.require(Right.SEE_BOOKS, on=shop_id)
    cooperative = cooperative_for(shop_id)
    if cooperative is None:
        return []
    month = Month.of(today_of(cooperative, now))
    rows = (
        Statement.objects.filter(shop_id=shop_id, state__in=CLOSED)
        .order_by("-month")
        .values_list("base_minor", flat=True)
    )
    bases = list(rows[:12])
    last = PlanSubscription.objects.filter(shop_id=shop_id).order_by("-since", "-id").first()
    versions: dict[int, PlanVersion] = {}
    found = PlanVersion.objects.filter(plan__instance_id=cooperative.pk, plan__is_open=True).select_related("plan")
    for one in found.order_by("plan_id", "number"):
        versions[one.plan_id] = one
    offered = []
    for one in versions.values():
        terms = tariff_of(one.tariff)
        would = sum(tariffs.amount(terms, base) for base in bases)
        since = max(month.next.first, one.valid_from)
        offered.append(
            Offer(one.pk, one.plan.code, terms, one.text, one.text_hash, one.valid_from, Money(would),
                  last is not None and last.version_id == one.pk, since)
        )  # fmt: skip
    return offered


@dataclass(frozen=True, slots=True)
class Free:
    """The screen of a free contribution. Suggestions: (millionths, without VAT); amounts in the base's month."""

    month: Month
    base: Money
    suggestions: list[tuple[int, Money]]
    share: Money | None
    median: Money | None
    last: Money | None
    is_on: bool
    is_standing: bool


def free_page(*, shop_id: int, actor: Actor, now: datetime) -> Free:
    """Return what helps a shop to choose a free amount: nothing is preselected but its own last choice.

    The base is that of the last statement, else of the present month. Raises Forbidden, NotFound.
    """
    actor.require(Right.SEE_BOOKS, on=shop_id)
    cooperative = cooperative_for(shop_id)
    if cooperative is None:
        raise NotFound()
    month = Month.of(today_of(cooperative, now))
    held = held_in([shop_id], month).get(shop_id)
    row = Statement.objects.filter(shop_id=shop_id).order_by("-month").first()
    base, of = (row.base_minor, Month(row.month)) if row else (0, month)
    if row is None and held is not None:
        [draft] = drafts(cooperative, [shop_id], month, zone_of(cooperative))
        base = draft.base
    terms = held.tariff if held and held.tariff.kind == "free" else Tariff(kind="free")
    rows = Statement.objects.filter(shop__instance_id=cooperative.pk, month=of.first)
    whole = rows.aggregate(sum=Sum("base_minor"))["sum"] or 0
    gifts = rows.filter(version__plan__kind="free", state__in=CLOSED).values_list("total_minor", flat=True)
    last = Pledge.objects.filter(shop_id=shop_id).order_by("-month", "-id").first()
    share, median = tariffs.cost_share(cooperative.month_cost_minor, base, whole), tariffs.median_of(list(gifts))
    return Free(
        month=of, base=Money(base), suggestions=[(rate, Money(minor)) for rate, minor in tariffs.suggestions(terms, base)],
        share=None if share is None else Money(share), median=None if median is None else Money(median),
        last=Money(last.amount_minor) if last else None, is_on=held is not None and held.tariff.kind == "free",
        is_standing=last.is_standing if last else True,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """What else a shop should know: a request that waits or what was granted, whether a restriction comes or holds."""

    asked_at: datetime | None = None
    percent: int = 0
    until: date | None = None
    restricted_from: date | None = None
    reasons: str = ""


def standing(*, shop_id: int, actor: Actor, now: datetime) -> Standing:
    """Return a shop's request, what it was granted while that holds, and its restriction. Two queries. Raises Forbidden."""
    actor.require(Right.SEE_BOOKS, on=shop_id)
    grant = SolidarityGrant.objects.filter(shop_id=shop_id).order_by("-id").first()
    limit = standing_restrictions(shop_id).order_by("-id").first()
    holds = grant is not None and grant.until is not None and now.date() < grant.until
    return Standing(
        asked_at=grant.asked_at if grant and grant.decided_at is None else None,
        percent=(grant.percent or 0) if grant and holds else 0,
        until=grant.until if grant and holds else None,
        restricted_from=limit.starts_on if limit else None,
        reasons=limit.reasons if limit else "",
    )


def paper_of(*, shop_id: int, number: str, actor: Actor) -> PaperRow:
    """Return a shop's invoice as it was issued. Raises Forbidden, NotFound."""
    actor.require(Right.SEE_BOOKS, on=shop_id)
    found = (
        Bill.objects.filter(shop_id=shop_id, number=number, document__isnull=False).select_related("document").first()
    )
    if found is None or found.document is None:
        raise NotFound()
    return paper(seller_id=found.document.seller_id, number=number, actor=SYSTEM)
