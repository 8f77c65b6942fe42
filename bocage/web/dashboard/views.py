"""The dashboard of the day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from bocage.commons.money import total
from bocage.fulfilment import queries as barn
from bocage.fulfilment.links import key_for
from bocage.fulfilment.queries import FarmOrderRow
from bocage.network.hub_pages import hub_page
from bocage.network.queries.hubs import hub_frame
from bocage.network.requests import HubRequest
from bocage.network.rules import Right
from bocage.ui import formats
from bocage.web.dashboard import queries, rules, words
from bocage.web.dashboard.queries import Moment, SaleRow
from bocage.web.dashboard.rules import Span, Week

COMPARED = 7


@login_required
@require_safe
def dashboard(request: HubRequest, slug: str) -> HttpResponse:
    """Show a hub its day: the week, what waits, how the sale goes, what the farms bring."""
    hub = hub_frame(slug=slug, right=Right.SEE_ORDERS, actor=request.actor)
    asked: dict[str, Any] = {"hub_id": hub.id, "actor": request.actor}
    sales = queries.sales_of(**asked, now=request.now)
    week = Week.around(request.now, timezone.get_current_timezone())
    moments = queries.moments_of(**asked, starts_at=week.start, ends_at=week.end)
    due, credit = queries.unsettled(**asked, now=request.now)
    waits = words.todos(
        slug=slug,
        waiting=barn.waiting(**asked, now=request.now),
        due=due,
        credit=credit,
        short=queries.nearly_sold_out(**asked, now=request.now),
        sales=[sale for sale in sales if sale.closes_at > request.now],
        now=request.now,
    )
    sale = _present(sales, request)
    farms = barn.farm_totals(**asked, cycle_id=sale.id) if sale else []
    return hub_page(
        request,
        "web/dashboard.html",
        hub=hub,
        nav="today",
        first_name=request.actor.name.split(" ")[0],
        line=words.greeting_line(
            sale, sum(one.tone == "soon" for one in waits), request.now, sells=hub.sells != "none"
        ),
        week=week,
        ribbon=words.on_ribbon(
            rules.lay_out(week, _spans(sales, moments)), slug=slug, sales=sales, moments=moments, now=request.now
        ),
        todos=waits,
        sale=sale,
        may_open=hub.sells != "none" and request.actor.may(Right.MANAGE_CYCLES, on=hub.id),
        to_bring=barn.to_bring(producer_id=hub.id, actor=request.actor, now=request.now) if hub.is_producer else [],
        farm_orders=_farm_orders(hub.id, request) if hub.is_producer else [],
        is_farm=hub.sells == "none",
        figures=_figures(sale, sales, request, asked) if sale and sale.opens_at <= request.now else None,
        farms=farms,
        farms_items=sum(farm.items for farm in farms),
        farms_goods=total(farm.goods for farm in farms),
    )


def _farm_orders(farm_id: int, request: HubRequest) -> list[tuple[FarmOrderRow, str]]:
    """What the farm was told to bring, each with the address of its paper, where it is confirmed."""
    rows = barn.farm_orders(producer_id=farm_id, actor=request.actor, now=request.now)
    return [(row, reverse("supplier_orders:paper", args=[key_for(row.order_id, request.actor.name)])) for row in rows]


def _present(sales: Sequence[SaleRow], request: HubRequest) -> SaleRow | None:
    """The sale that is talked about: the one that is open and closes first; else the last that closed; else the next."""
    running = [sale for sale in sales if sale.is_open(request.now)]
    closed = [sale for sale in sales if sale.closes_at <= request.now]
    ahead = [sale for sale in sales if sale.opens_at > request.now]
    return next(iter(running + closed[::-1] + ahead), None)


def _spans(sales: Sequence[SaleRow], moments: Sequence[Moment]) -> list[Span]:
    bars = [Span("sale", key, sale.opens_at, sale.closes_at, width=8) for key, sale in enumerate(sales)]
    return bars + [Span("moment", key, one.starts_at, one.ends_at) for key, one in enumerate(moments)]


def _figures(sale: SaleRow, sales: Sequence[SaleRow], request: HubRequest, asked: dict[str, Any]) -> dict[str, Any]:
    """How this sale goes, beside the one before at the same moment of its life."""
    until = min(request.now, sale.closes_at)
    now = queries.sold(**asked, cycle_id=sale.id, until=until)
    earlier = [one for one in sales if one.closes_at < sale.closes_at and one.orders]
    before = None
    if earlier:
        moment = earlier[-1].opens_at + (until - sale.opens_at)
        before = queries.sold(**asked, cycle_id=earlier[-1].id, until=moment)
    lasts = [one.id for one in earlier[-(COMPARED - 1) :]]
    past = queries.past_sales(**asked, cycle_ids=lasts)
    series = [past[one] for one in lasts if one in past] + [now]
    return {
        "now": now,
        "since": sale.opens_at,
        "curve": _curve(sale, request, asked),
        "orders_curve": [one.orders for one in series],
        "basket_curve": [one.basket.minor for one in series],
        **_changes(now, before),
    }


def _curve(sale: SaleRow, request: HubRequest, asked: dict[str, Any]) -> list[int]:
    found = {day: amount for day, (amount, _) in queries.by_day(**asked, cycle_id=sale.id).items()}
    first = timezone.localtime(sale.opens_at).date()
    last = timezone.localtime(min(request.now, sale.closes_at)).date()
    days = [first + timedelta(days=shift) for shift in range((last - first).days + 1)]
    return [0, *rules.running_totals(days, found)]


def _changes(now: rules.Sold, before: rules.Sold | None) -> dict[str, Any]:
    if before is None or not before.orders:
        return {"change": "", "orders_change": "", "basket_change": ""}
    percent = rules.change_percent(now.amount.minor, before.amount.minor) or 0
    orders = now.orders - before.orders
    sign = "−" if percent < 0 else "+"
    return {
        "change": gettext("%(change)s on the sale before, at the same moment")
        % {"change": f"{sign}{formats.NBSP}{formats.rate(abs(percent) * 10_000)}"},
        "change_tone": "down" if percent < 0 else "up",
        "orders_change": gettext("%(change)s at the same moment")
        % {"change": f"{'−' if orders < 0 else '+'}{formats.NBSP}{abs(orders)}"},
        "orders_tone": "down" if orders < 0 else "up",
        "basket_change": gettext("%(change)s at the same moment")
        % {"change": words.difference(now.basket, before.basket)},
        "basket_tone": "down" if now.basket < before.basket else "up",
    }
