"""The lines of a sale on one page, each cell saved when it is changed; shortages shared; batches of a group's orders."""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.network.hub_pages import hub_page, settings_page
from bocage.network.queries.hubs import HubFrame, hub_frame
from bocage.network.requests import HubRequest
from bocage.network.rules import Right
from bocage.orders import actions
from bocage.orders.actions import LineValue
from bocage.orders.forms import BatchForm, FarmAccessForm, LineForm, RemovalForm, SharesForm, ShortageForm, typed_weight
from bocage.orders.queries import bulk, farmlines, hubs, linesheet
from bocage.orders.queries.linesheet import SheetLine, Short
from bocage.orders.sharing import Sharing, share
from bocage.ui.pages import go, showing_refusals


@login_required
@require_safe
def lines(request: HubRequest, slug: str) -> HttpResponse:
    """List what was ordered in a sale, goods by goods, with a field for each order's quantity and weight."""
    hub, given = _hub(request, slug), request.GET
    cycles = hubs.cycles_with_orders(hub_id=hub.id, actor=request.actor)
    cycle = next((one for one in cycles if str(one.id) == given.get("cycle")), cycles[0] if cycles else None)
    if cycle is None:
        return hub_page(request, "orders/hub/lines.html", hub=hub, nav="orders", cycle=None)
    text, farm = given.get("q", "").replace("\x00", "")[:80], _number(given.get("farm", ""))
    found = linesheet.line_sheet(
        hub_id=hub.id,
        cycle_id=cycle.id,
        actor=request.actor,
        text=text,
        producer_id=farm,
        variant_id=_number(given.get("goods", "")),
        start=_number(given.get("start", "")) or 0,
    )
    asked = {"cycle": cycle.id, "q": text, "farm": farm or "", "goods": given.get("goods", "")}
    query = urlencode({name: value for name, value in asked.items() if value})
    return hub_page(
        request,
        "orders/hub/lines.html",
        part="found",
        hub=hub,
        nav="orders",
        cycles=cycles,
        cycle=cycle,
        found=found,
        text=text,
        farm=farm,
        is_narrow=bool(text or farm or given.get("goods")),
        first_url=f"?{query}" if given.get("start") else "",
        next_url=f"?{query}&start={found.next}" if found.next else "",
        untold=linesheet.untold(hub_id=hub.id, cycle_id=cycle.id, actor=request.actor),
        may_manage=request.actor.may(Right.MANAGE_ORDERS, on=hub.id),
    )


@login_required
@require_POST
def line(request: HubRequest, slug: str, line_id: int) -> HttpResponse:
    """Save one line; answer with its row, the totals of its goods and the way back."""
    hub, form = _hub(request, slug), LineForm(request.POST)
    with showing_refusals(form):
        if form.is_valid():
            seen = form.seen()
            who: dict[str, Any] = {"hub_id": hub.id, "actor": request.actor, "now": request.now}
            before = _before(request, hub, line_id) if form.wanted().quantity == 0 else None
            actions.set_line(line_id=line_id, wanted=form.wanted(), seen=seen, **who)
            if not request.htmx:
                messages.success(request, gettext("Saved."))
                if before is not None:
                    return go(request, f"{reverse('orders:lines', args=[slug])}?{urlencode({'cycle': before[0]})}")
                cycle_id, row = linesheet.sheet_line(hub_id=hub.id, line_id=line_id, actor=request.actor)
                query = urlencode({"cycle": cycle_id, "goods": row.variant_id})
                return go(request, f"{reverse('orders:lines', args=[slug])}?{query}#line-{line_id}")
            if before is not None:
                return _gone(request, hub, *before)
            return _row(request, hub, line_id, was=None if {"undo", "keep"} & set(request.POST) else seen)
    return _row(request, hub, line_id, form=form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def removal(request: HubRequest, slug: str) -> HttpResponse:
    """Take chosen lines out of their orders: first what would happen, then an act with a line for each order."""
    hub = hub_frame(slug=slug, right=Right.MANAGE_ORDERS, actor=request.actor)
    form = RemovalForm(request.POST or None, initial={"key": str(uuid.uuid4())})
    if form.is_bound and form.is_valid() and bulk.is_planned(hub_id=hub.id, key=form.cleaned_data["key"]):
        return go(request, reverse("orders:act", args=[slug, form.cleaned_data["key"]]))  # sent twice
    asked = _removal_asked(request, form)
    refused: forms.BaseForm = form if form.is_bound else forms.Form({})
    found: list[linesheet.Removable] = []
    with showing_refusals(refused):
        found = linesheet.removable(hub_id=hub.id, actor=request.actor, **asked)
        if form.is_bound and form.is_valid():
            return _remove(request, hub, form, found)
    return hub_page(
        request,
        "orders/hub/removal.html",
        status=422 if refused.errors else 200,
        hub=hub,
        nav="orders",
        form=form,
        refused=refused,
        found=found,
        amount=Money(sum(row.total.minor for row in found), hub.currency),
        emptied=len({row.ref for row in found if row.empties}),
        shown_lines=" ".join(f"{row.id}:{row.quantity}" for row in found),
    )


def _removal_asked(request: HubRequest, form: RemovalForm) -> dict[str, Any]:
    """Which lines are meant: those that were shown, the ticked ones, or all of a variant in a sale."""
    if form.is_bound and form.is_valid():
        return {"line_ids": list(form.seen())}
    goods, cycle = _number(request.GET.get("goods", "")), _number(request.GET.get("cycle", ""))
    if goods is not None:
        return {"variant_id": goods, "cycle_id": cycle}
    ticked = (_number(one) for one in request.GET.getlist("line"))
    return {"line_ids": [pk for pk in ticked if pk is not None]}


def _remove(request: HubRequest, hub: HubFrame, form: RemovalForm, found: list[linesheet.Removable]) -> HttpResponse:
    """Write the act down as it was shown, order by order, and do the first of them at once."""
    given, seen = form.cleaned_data, form.seen()
    plans: dict[str, dict[str, Any]] = {}
    for row in found:
        plan = plans.setdefault(row.ref, {"lines": {}})
        plan["lines"][str(row.variant_id)] = seen[row.id]
    act_id = actions.plan_act(
        key=given["key"],
        hub_id=hub.id,
        what="remove",
        orders=plans,
        plans=plans,
        details={"to_stock": not given["no_stock"], "is_told": not given["no_mail"]},
        actor=request.actor,
        now=request.now,
    )
    actions.carry_out(act_id=act_id, actor=request.actor, now=request.now)
    return go(request, reverse("orders:act", args=[hub.slug, given["key"]]))


@login_required
@require_POST
def telling(request: HubRequest, slug: str, cycle_id: int) -> HttpResponse:
    """Tell the customers of a sale now what changed of their orders."""
    hub = hub_frame(slug=slug, right=Right.MANAGE_ORDERS, actor=request.actor)
    told = actions.tell_waiting(hub_id=hub.id, cycle_id=cycle_id, actor=request.actor, now=request.now)
    said = ngettext("%(count)s customer is written to.", "%(count)s customers are written to.", told)
    messages.success(request, said % {"count": told})
    return go(request, f"{reverse('orders:lines', args=[slug])}?{urlencode({'cycle': cycle_id})}")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def farms(request: HubRequest, slug: str) -> HttpResponse:
    """Decide what farms may do with the lines of their own goods."""
    hub = hub_frame(slug=slug, right=Right.MANAGE_ENTERPRISE, actor=request.actor)
    access = farmlines.farm_access(hub_id=hub.id, actor=request.actor)
    form = FarmAccessForm(request.POST if request.method == "POST" else None, initial=asdict(access))
    if request.method == "POST" and form.is_valid():
        actions.set_farm_access(hub_id=hub.id, **form.cleaned_data, actor=request.actor)
        messages.success(request, gettext("Saved."))
        return go(request, reverse("orders:farm_access", args=[slug]))
    return settings_page(request, "orders/hub/farm_access.html", hub, "farms", form, form=form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def shortage(request: HubRequest, slug: str, cycle_id: int, variant_id: int) -> HttpResponse:
    """Share what came too little of: choose a rule, see everybody's share, then do it."""
    hub = hub_frame(slug=slug, right=Right.MANAGE_ORDERS, actor=request.actor)
    short = linesheet.short(hub_id=hub.id, cycle_id=cycle_id, variant_id=variant_id, actor=request.actor)
    if request.method == "POST":
        return _share(request, hub, cycle_id, short)
    form = ShortageForm(request.GET) if "came" in request.GET else ShortageForm(initial={"rule": short.rule})
    shares: list[int] = []
    with showing_refusals(form):
        if form.is_bound and form.is_valid():
            shares = share(
                form.cleaned_data["came"], [row.quantity for row in short.lines], Sharing(form.cleaned_data["rule"])
            )
    return _shortage_page(request, hub, cycle_id, short, form, shares)


@login_required
@require_POST
def batch(request: HubRequest, slug: str, product_id: int) -> HttpResponse:
    """Keep in which lots a product comes."""
    hub, form = _hub(request, slug), BatchForm(request.POST)
    with showing_refusals(form):
        if form.is_valid():
            actions.set_batch(hub_id=hub.id, product_id=product_id, size=form.in_units(), actor=request.actor)
            messages.success(request, gettext("Saved."))
            query = urlencode({"cycle": request.POST.get("cycle", ""), "goods": request.POST.get("goods", "")})
            return go(request, f"{reverse('orders:lines', args=[slug])}?{query}")
    return hub_page(
        request,
        "orders/hub/batch.html",
        hub=hub,
        nav="orders",
        form=form,
        product_id=product_id,
        cycle=request.POST.get("cycle", ""),
        goods=request.POST.get("goods", ""),
        status=422,
    )


def _share(request: HubRequest, hub: HubFrame, cycle_id: int, short: Short) -> HttpResponse:
    """Do what was shown: the shares stand in the form, and each order is held against what it was then."""
    form = SharesForm(request.POST)
    with showing_refusals(form):
        if form.is_valid():
            plans, actor = form.plans(), request.actor
            act_id = actions.plan_act(
                key=form.cleaned_data["key"],
                hub_id=hub.id,
                what="share",
                orders=plans,
                plans=plans,
                details={"variant_id": short.goods.variant_id},
                actor=actor,
                now=request.now,
            )
            actions.choose_sharing(hub_id=hub.id, rule=Sharing(form.cleaned_data["rule"]), actor=actor)
            actions.carry_out(act_id=act_id, actor=actor, now=request.now)
            return go(request, reverse("orders:act", args=[hub.slug, form.cleaned_data["key"]]))
    return _shortage_page(request, hub, cycle_id, short, form, [])


def _shortage_page(
    request: HubRequest, hub: HubFrame, cycle_id: int, short: Short, form: forms.Form, shares: list[int]
) -> HttpResponse:
    rows = list(zip(short.lines, shares, strict=True)) if shares else []
    cut = [(row, after) for row, after in rows if after < row.quantity]
    return hub_page(
        request,
        "orders/hub/shortage.html",
        hub=hub,
        nav="orders",
        status=422 if form.errors else 200,
        goods=short.goods,
        cycle_id=cycle_id,
        orders=len(short.lines),
        form=form,
        rows=rows,
        cut=len(cut),
        cancelled=sum(row.is_only and not after for row, after in cut),
        key=str(uuid.uuid4()),
        shares=" ".join(f"{row.ref}:{row.quantity}:{after}" for row, after in cut),
    )


def _row(
    request: HubRequest,
    hub: HubFrame,
    line_id: int,
    *,
    form: LineForm | None = None,
    was: LineValue | None = None,
) -> HttpResponse:
    cycle_id, row = linesheet.sheet_line(hub_id=hub.id, line_id=line_id, actor=request.actor)
    if not request.htmx:
        for errors in (form.errors if form else {}).values():
            messages.error(request, " ".join(map(str, errors)))
        query = urlencode({"cycle": cycle_id, "goods": row.variant_id})
        return go(request, f"{reverse('orders:lines', args=[hub.slug])}?{query}")
    totals = linesheet.goods_row(hub_id=hub.id, cycle_id=cycle_id, variant_id=row.variant_id, actor=request.actor)
    return hub_page(
        request,
        "orders/hub/line_saved.html",
        hub=hub,
        nav="orders",
        status=422 if form else 200,
        line=row,
        goods=totals,
        cycle_id=cycle_id,
        form=form,
        was=was,
        was_weight=typed_weight(was.final_weight_g) if was else "",
        was_price=_amount(was, hub),
        is_conflict=form is not None and form.is_conflict(),
        said=not form,
        untold=linesheet.untold(hub_id=hub.id, cycle_id=cycle_id, actor=request.actor),
        may_manage=request.actor.may(Right.MANAGE_ORDERS, on=hub.id),
    )


def _before(request: HubRequest, hub: HubFrame, line_id: int) -> tuple[int, SheetLine] | None:
    """The line that is about to be taken out, with its sale; None if somebody did so before."""
    try:
        return linesheet.sheet_line(hub_id=hub.id, line_id=line_id, actor=request.actor)
    except NotFound:
        return None


def _gone(request: HubRequest, hub: HubFrame, cycle_id: int, row: SheetLine) -> HttpResponse:
    """Answer for a line that was taken out: how to put it back, and the totals of what is left of its goods."""
    goods = None
    with suppress(NotFound):  # nobody orders it any more
        goods = linesheet.goods_row(hub_id=hub.id, cycle_id=cycle_id, variant_id=row.variant_id, actor=request.actor)
    return hub_page(
        request,
        "orders/hub/line_gone.html",
        hub=hub,
        nav="orders",
        line=row,
        goods=goods,
        cycle_id=cycle_id,
        back_url=reverse("orders:products", args=[hub.slug, row.ref]),
        untold=linesheet.untold(hub_id=hub.id, cycle_id=cycle_id, actor=request.actor),
        may_manage=True,
    )


def _amount(value: LineValue | None, hub: HubFrame) -> Money | None:
    return None if value is None or value.price_minor is None else Money(value.price_minor, hub.currency)


def _number(typed: str) -> int | None:
    return int(typed) if typed.isdecimal() and len(typed) < 18 else None


def _hub(request: HubRequest, slug: str) -> HubFrame:
    return hub_frame(slug=slug, right=Right.PACK, actor=request.actor)
