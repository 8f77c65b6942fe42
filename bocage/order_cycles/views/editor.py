"""The editor of one cycle: one page that reads from whom, what, to whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.forms import BaseForm, Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext, pgettext

from bocage.commons.refusals import NotFound
from bocage.network.hub_pages import address, hub_page
from bocage.network.queries.hubs import HubFrame, hub_frame
from bocage.network.requests import HubRequest
from bocage.network.rules import Right
from bocage.order_cycles import queries
from bocage.order_cycles.forms import (
    CycleForm,
    FeesForm,
    HandOversForm,
    InstructionsForm,
    PartnerForm,
    ReopenForm,
    TermsForm,
)
from bocage.order_cycles.queries import CycleSheet, FeeChoice, Side
from bocage.order_cycles.rules import State, moved
from bocage.shops import queries as shops
from bocage.ui import formats
from bocage.ui.fields import propose_tags
from bocage.ui.pages import go, showing_refusals


@dataclass(frozen=True, slots=True)
class Desk:
    """What every view of the editor works on: the hub, the whole cycle, the side that is looked at."""

    hub: HubFrame
    sheet: CycleSheet
    side: Side | None

    @property
    def url(self) -> str:
        return reverse("order_cycles:cycle", args=[self.hub.slug, self.sheet.id])

    @property
    def side_url(self) -> str:
        return f"{self.url}?side={self.side.id}" if self.side else self.url


def hub_of(request: HubRequest, slug: str) -> HubFrame:
    """Return the enterprise whose cycles are asked for. Raises NotFound, Forbidden."""
    return hub_frame(slug=slug, right=Right.MANAGE_CYCLES, actor=request.actor)


def desk(request: HubRequest, slug: str, cycle_id: int, exchange_id: int | None = None) -> Desk:
    """Return a cycle of this enterprise, and one of its sides. Raises NotFound, Forbidden."""
    hub = hub_of(request, slug)
    sheet = queries.cycle_sheet(cycle_id=cycle_id, actor=request.actor, now=request.now)
    if sheet.coordinator_id != hub.id:
        raise NotFound
    sides = {side.id: side for side in (*sheet.incoming, *sheet.outgoing)}
    if exchange_id is not None and exchange_id not in sides:
        raise NotFound
    wanted = request.GET.get("side", "")
    asked = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 15 else None
    return Desk(hub, sheet, sides.get(exchange_id or asked or 0) or next(iter(sides.values()), None))


def side_desk(request: HubRequest, slug: str, cycle_id: int, exchange_id: int) -> tuple[Desk, Side]:
    """Return a cycle of this enterprise and the side that is changed. Raises NotFound, Forbidden."""
    at = desk(request, slug, cycle_id, exchange_id)
    if at.side is None:
        raise NotFound
    return at, at.side


def show(request: HubRequest, at: Desk, **refused: BaseForm) -> HttpResponse:
    """Return the editor; `refused` are the forms that came back with errors, by name."""
    sheet, side = at.sheet, at.side
    forms: dict[str, Any] = {
        "dates": CycleForm(initial={"name": sheet.name, "opens_at": sheet.opens_at, "closes_at": sheet.closes_at}),
        "reopening": ReopenForm(),
        "fees": fees_form(sheet, None),
        "incoming": PartnerForm(partners=sheet.producers_to_add, prefix="incoming"),
        "outgoing": PartnerForm(partners=sheet.hubs_to_add, prefix="outgoing"),
    }
    if side is not None:
        forms["side_fees"] = fees_form(sheet, side)
        forms["instructions"] = instructions_form(side)
        forms["hand_overs"] = HandOversForm(methods=side.methods)
        forms["terms"] = terms_form(request, at.hub, side)
    text, start = asked(request)
    goods = side and queries.side_goods(
        exchange_id=side.id, text=text, start=start, actor=request.actor, now=request.now
    )
    return hub_page(
        request,
        "order_cycles/cycle.html",
        part="goods",
        hub=at.hub,
        nav="cycles",
        status=422 if refused else 200,
        cycle=sheet,
        side=side,
        goods_page=goods,
        text=text,
        moments=_moments(request, sheet),
        is_simple=sheet.is_simple,
        fee_names={fee.id: fee.name for fee in sheet.fees},
        shop_url=address("shopfront:shop", slug=at.hub.slug),
        refused=next(iter(refused.values()), None),
        refused_name=next(iter(refused), ""),
        **{**forms, **refused},
    )


def carry_out(request: HubRequest, at: Desk, name: str, form: BaseForm, act: Callable[[], Any]) -> HttpResponse:
    """Do what a valid form asks and go back to the editor; show it again with the reason where it is refused."""
    if form.is_valid():
        with showing_refusals(form):
            act()
            return go(request, at.side_url)
    return show(request, at, **{name: form})


def plain(request: HubRequest) -> Form:
    """Return a form without fields: a button that may be refused."""
    return Form(request.POST)


def fees_form(sheet: CycleSheet, side: Side | None, data: Any = None) -> FeesForm:
    """Return the fees that may count at one place of a cycle: the coordinator's on everything, anyone's on a side."""
    chosen = sheet.fee_ids if side is None else side.fee_ids
    return FeesForm(data, fees=_fitting(sheet, side), with_owner=side is not None, initial={"fee_ids": list(chosen)})


def instructions_form(side: Side, data: Any = None) -> InstructionsForm:
    """Return what a partner must know."""
    initial = {"instructions": side.instructions, "bring_at": side.bring_at}
    return InstructionsForm(data, is_incoming=side.direction == "incoming", initial=initial)


def terms_form(request: HubRequest, hub: HubFrame, side: Side, data: Any = None) -> TermsForm:
    """Return how a hub is paid, and its words for the cycle, with those it uses already."""
    initial = {"payment_ids": [one.id for one in side.chosen_payments], "tags": ", ".join(side.tags)}
    form = TermsForm(data, payments=side.payments, initial=initial)
    if side.direction == "outgoing":
        propose_tags(form, "tags", shops.known_tags(hub_id=hub.id, actor=request.actor).of_things)
    return form


def asked(request: HubRequest) -> tuple[str, int]:
    """Return which goods are looked for, and from the how-manyth on."""
    start = request.GET.get("start", "")
    text = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    return text, int(start) if start.isascii() and start.isdigit() and len(start) < 7 else 0


def _fitting(sheet: CycleSheet, side: Side | None) -> list[FeeChoice]:
    return [fee for fee in sheet.fees if side is not None or fee.enterprise_id == sheet.coordinator_id]


def _moments(request: HubRequest, sheet: CycleSheet) -> list[dict[str, str]]:
    """Return the cycle's dates as a line in time, with today among them."""
    rows: list[dict[str, Any]] = [
        {"label": pgettext("order cycle", "Opens"), "at": sheet.opens_at},
        {"label": pgettext("order cycle", "Closes"), "at": sheet.closes_at},
    ]
    dues = [side.bring_at for side in sheet.incoming if side.bring_at]
    windows = [m.window for side in sheet.outgoing for m in side.methods if m.window]
    if dues:
        rows.append({"label": gettext("Goods due"), "at": min(dues)})
    if windows:
        rows.append({"label": gettext("First hand-over"), "at": min(w.starts_at for w in windows)})
    rows.sort(key=lambda row: row["at"])
    found: list[dict[str, str]] = [
        {
            "label": row["label"],
            "when": formats.day_hour(row["at"]),
            "state": "done" if row["at"] <= request.now else "later",
        }
        for row in rows
    ]
    passed = sum(row["state"] == "done" for row in found)
    text = ""
    if sheet.state is State.OPEN:
        text = gettext("closes in %(left)s") % {"left": formats.left(sheet.closes_at, request.now)}
    elif sheet.state is State.UPCOMING:
        text = gettext("opens in %(left)s") % {"left": formats.left(sheet.opens_at, request.now)}
    if passed < len(found):
        found[passed]["state"] = "next"
    return [*found[:passed], {"label": gettext("Now"), "when": text, "state": "now"}, *found[passed:]]


def week_later(sheet: CycleSheet) -> dict[str, Any]:
    """Return the name and dates to start a copy with: the same hours a week later.

    A cycle that was closed in the minute of its opening has no length to repeat: its copy starts with two days.
    """
    zone = get_current_timezone()
    opens_at, closes_at = (moved(at, timedelta(days=7), zone) for at in (sheet.opens_at, sheet.closes_at))
    if closes_at - opens_at < timedelta(hours=1):
        closes_at = moved(opens_at, timedelta(days=2), zone)
    return {"name": sheet.name, "opens_at": opens_at, "closes_at": closes_at}
