"""What statements would say now: each shop's month, computed from facts and terms. Nothing is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Sum

from bocage.cooperative.contributions.models import (
    Beginning,
    Contest,
    Cooperative,
    PlanSubscription,
    Pledge,
    SolidarityGrant,
    Statement,
    StatementLine,
)
from bocage.cooperative.contributions.queries.turnover import counted_of, first_sales, sales_of
from bocage.cooperative.contributions.rules import tariffs, turnover
from bocage.cooperative.contributions.rules.months import Month, charged_days, start_of, trial_ends_on
from bocage.cooperative.contributions.rules.tariffs import Due, Tariff
from bocage.cooperative.contributions.rules.turnover import Line

CLOSED = (Statement.State.CLOSED, Statement.State.INVOICED, Statement.State.PARTLY_PAID, Statement.State.PAID,
          Statement.State.CREDITED)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Held:
    """The version by which a shop contributes in a month, and its terms."""

    version_id: int
    code: str
    tariff: Tariff
    since: date


@dataclass(frozen=True, slots=True)
class Draft:
    """A shop's month. Amounts are minor units without VAT but for `due.total`; trial_until: the first day that counts."""

    shop_id: int
    month: Month
    held: Held
    lines: tuple[Line, ...]
    sales: int
    carry_in: int
    base: int
    carry_out: int
    would: int
    relief_percent: int
    is_trial: bool
    trial_until: date | None
    first_sale_on: date | None
    true_up: int
    due: Due

    @property
    def shown(self) -> int:
        return sum(line.net for line in self.lines if not line.counts)


def tariff_of(said: Mapping[str, Any]) -> Tariff:
    """Return the terms that a version keeps as JSON."""
    lists = {name: tuple(said[name]) for name in ("suggestions", "components") if name in said}
    tiers = tuple((until, rate) for until, rate in said.get("tiers", ()))
    return Tariff(**{**said, **lists, "tiers": tiers})


def held_in(shop_ids: Iterable[int], month: Month) -> dict[int, Held]:
    """Return by which version each shop contributes in a month; none for who never chose. One query."""
    rows = PlanSubscription.objects.filter(shop_id__in=list(shop_ids), since__lte=month.first).order_by("since", "id")
    told = rows.values_list("shop_id", "version_id", "version__plan__code", "version__tariff", "since")
    return {shop_id: Held(version, code, tariff_of(said), since) for shop_id, version, code, said, since in told}


def drafts(
    cooperative: Cooperative,
    shop_ids: Sequence[int],
    month: Month,
    zone: ZoneInfo,
    *,
    held: Mapping[int, Held] | None = None,
) -> list[Draft]:
    """Return the month of each of these shops that contributes, in the order given. Fifteen queries, or a few more.

    held: by which terms, where that is not what they subscribed to (a simulation).
    """
    terms = held_in(shop_ids, month) if held is None else held
    known = [shop_id for shop_id in shop_ids if shop_id in terms]
    contests = _contests(known, month, zone)
    came_back = [order_id for order_id, answer in contests.items() if answer == "back"]
    sales = sales_of({one: terms[one].tariff.components for one in known}, month, zone, also=came_back)
    year = _Year.read(known, month)
    begun = _beginnings(known, zone, month)
    reliefs, pledges = _reliefs(known, month), _pledges(known, month)
    earlier = [one.id for orders in sales.values() for one in orders if one.on < month.first]
    counted = _counted(earlier) | counted_of(known, month, zone)
    return [
        _draft(
            shop_id, month, terms[shop_id], sales.get(shop_id, ()), year, begun.get(shop_id), counted, contests,
            relief=reliefs.get(shop_id, 0), pledged=pledges.get(shop_id, 0),
        )
        for shop_id in known
    ]  # fmt: skip


def _draft(
    shop_id: int, month: Month, held: Held, sales: Iterable[turnover.Order], year: _Year, first_sale: date | None,
    counted: Mapping[int, int], contests: Mapping[int, str], *, relief: int, pledged: int,
) -> Draft:  # fmt: skip
    tariff = held.tariff
    first_charged = trial_ends_on(first_sale, tariff.trial_months)
    lines: list[Line] = []
    for order in sales:
        answer = contests.get(order.id, "")
        if answer == "gone":
            continue
        stated = order.on in month or Month.of(order.on).first in year.closed[shop_id]
        found = turnover.lines_of(
            order, month, before=counted.get(order.id, 0) if stated else None, first_charged=first_charged
        )
        if answer == "contested":
            found = [Line(one.order_id, one.ref, one.on, one.kind, one.net, "contested") for one in found]
        lines += found
    lines.sort(key=lambda line: (line.on, line.ref, line.kind))
    sum_of, carry_in = turnover.counted(lines), year.carry[shop_id]
    base, carry_out = turnover.base_of(sum_of, carry_in)
    with_trial = sum_of + sum(line.net for line in lines if line.why == "trial")
    share = Fraction(charged_days(month, first_charged), month.days)
    charged = year.charged[shop_id]
    true_up = 0
    if month.first.month == 12 and tariff.floor_annual:
        own = tariffs.amount(tariff, base, charged=charged, relief=Fraction(relief, 100), share=share)
        active = year.active[shop_id] + (share > 0 and not relief and base > 0)
        true_up = tariffs.true_up(tariff, active_months=active, charged=charged + own)
    return Draft(
        shop_id=shop_id,
        month=month,
        held=held,
        lines=tuple(lines),
        sales=sum_of,
        carry_in=carry_in,
        base=base,
        carry_out=carry_out,
        would=tariffs.amount(tariff, max(0, with_trial + carry_in), charged=charged),
        relief_percent=relief,
        is_trial=not share and tariff.kind != "free",
        trial_until=first_charged,
        first_sale_on=first_sale,
        true_up=true_up,
        due=tariffs.due(
            tariff, base, charged=charged, relief=Fraction(relief, 100), share=share, pledged=pledged, true_up=true_up
        ),
    )


@dataclass(frozen=True, slots=True)
class _Year:
    """What the statements before a month say of each shop: carry, charged and active this year, which months are closed."""

    carry: dict[int, int]
    charged: dict[int, int]
    active: dict[int, int]
    closed: dict[int, set[date]]

    @classmethod
    def read(cls, shop_ids: Sequence[int], month: Month) -> _Year:
        made = cls(defaultdict(int), defaultdict(int), defaultdict(int), defaultdict(set))
        rows = Statement.objects.filter(shop_id__in=shop_ids, month__lt=month.first).order_by("month")
        told = rows.values_list(
            "shop_id", "month", "state", "carry_out_minor", "net_minor", "is_trial", "relief_percent", "base_minor"
        )
        for shop_id, first, state, carry, net, is_trial, relief, base in told:
            made.carry[shop_id] = carry
            if state != Statement.State.PROPOSED:
                made.closed[shop_id].add(first)
            if first.year == month.first.year:
                made.charged[shop_id] += net
                made.active[shop_id] += not is_trial and not relief and base > 0
        return made


def _beginnings(shop_ids: Sequence[int], zone: ZoneInfo, month: Month) -> dict[int, date]:
    found = dict(Beginning.objects.filter(shop_id__in=shop_ids).values_list("shop_id", "first_sale_on"))
    missing = [shop_id for shop_id in shop_ids if shop_id not in found]
    new = first_sales(missing, zone) if missing else {}
    return found | {shop_id: on for shop_id, on in new.items() if on <= month.last}


def _reliefs(shop_ids: Sequence[int], month: Month) -> dict[int, int]:
    rows = SolidarityGrant.objects.filter(shop_id__in=shop_ids, since__lte=month.first, until__gt=month.first)
    told = rows.filter(percent__gt=0).order_by("id").values_list("shop_id", "percent")
    return {shop_id: percent or 0 for shop_id, percent in told}


def _pledges(shop_ids: Sequence[int], month: Month) -> dict[int, int]:
    """The last choice for the month itself, else the last one that stands."""
    rows = Pledge.objects.filter(shop_id__in=shop_ids, month__lte=month.first).order_by("month", "id")
    standing: dict[int, int] = {}
    own: dict[int, int] = {}
    for shop_id, first, amount, stands in rows.values_list("shop_id", "month", "amount_minor", "is_standing"):
        if first == month.first:
            own[shop_id] = amount
        if stands:
            standing[shop_id] = amount
    return standing | own


def _counted(order_ids: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for start in range(0, len(order_ids), 5_000):
        rows = StatementLine.objects.filter(order_id__in=order_ids[start : start + 5_000]).exclude(why="contested")
        found |= dict(rows.order_by().values_list("order_id").annotate(Sum("net_minor")))
    return found


def _contests(shop_ids: Sequence[int], month: Month, zone: ZoneInfo) -> dict[int, str]:
    """What questions do to a month: 'contested' keeps a line off it, 'gone' off all later ones, 'back' brings it in."""
    start, end = start_of(month.first, zone), start_of(month.next.first, zone)
    rows = Contest.objects.filter(statement__shop_id__in=shop_ids, statement__month__lte=month.first).order_by("id")
    found: dict[int, str] = {}
    for order_id, first, answer, at in rows.values_list("order_id", "statement__month", "answer", "answered_at"):
        if answer == Contest.Answer.STAYS:
            if first < month.first and at is not None and start <= at < end:
                found[order_id] = "back"
        else:
            found[order_id] = "contested" if first == month.first else "gone"
    return found


def zone_of(cooperative: Cooperative) -> ZoneInfo:
    return ZoneInfo(cooperative.instance.timezone)


def today_of(cooperative: Cooperative, now: datetime) -> date:
    return now.astimezone(zone_of(cooperative)).date()
