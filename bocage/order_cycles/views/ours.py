"""The part of an enterprise in a cycle that another one runs: what it brings or sells, when, how it is paid."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BaseForm
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from bocage.commons.refusals import NotFound
from bocage.network.hub_pages import address, hub_page
from bocage.network.queries.hubs import HubFrame
from bocage.network.requests import HubRequest
from bocage.order_cycles import actions, queries
from bocage.order_cycles.forms import GoodsForm, HandOversForm
from bocage.order_cycles.queries import PartSheet, Side
from bocage.order_cycles.views.editor import asked, hub_of, instructions_form, terms_form
from bocage.ui.pages import go, showing_refusals


@dataclass(frozen=True, slots=True)
class Part:
    """The enterprise, and what it has to do with the cycle."""

    hub: HubFrame
    sheet: PartSheet

    def side(self, exchange_id: int) -> Side:
        """Return one of its own sides. Raises NotFound for any other."""
        for one in (self.sheet.sells, self.sheet.brings):
            if one and one.id == exchange_id:
                return one
        raise NotFound

    @property
    def sells(self) -> Side:
        """Return what it sells. Raises NotFound where it only brings."""
        if self.sheet.sells is None:
            raise NotFound
        return self.sheet.sells


@login_required
@require_safe
def ours(request: HubRequest, slug: str, cycle_id: int) -> HttpResponse:
    """Show what an enterprise brings to, and sells in, a cycle that another one runs."""
    return _show(request, _part(request, slug, cycle_id))


@login_required
@require_POST
def goods(request: HubRequest, slug: str, cycle_id: int, exchange_id: int) -> HttpResponse:
    """Bring, or sell, what was ticked of the goods that were shown."""
    at = _part(request, slug, cycle_id)
    side, form = at.side(exchange_id), GoodsForm(request.POST)

    def act() -> None:
        actions.choose(exchange_id=side.id, take=form.take(), leave=form.leave(), actor=request.actor, now=request.now)

    return _carry_out(request, at, "goods", form, act)


@login_required
@require_POST
def hand_overs(request: HubRequest, slug: str, cycle_id: int) -> HttpResponse:
    """Say when this hub hands over."""
    at = _part(request, slug, cycle_id)
    form = HandOversForm(request.POST, methods=at.sells.methods)

    def act() -> None:
        actions.set_hand_overs(exchange_id=at.sells.id, windows=form.windows(), actor=request.actor, now=request.now)

    return _carry_out(request, at, "hand_overs", form, act)


@login_required
@require_POST
def terms(request: HubRequest, slug: str, cycle_id: int) -> HttpResponse:
    """Say how this hub is paid, and its words for the cycle."""
    at = _part(request, slug, cycle_id)
    form = terms_form(request, at.hub, at.sells, request.POST)

    def act() -> None:
        actions.set_terms(exchange_id=at.sells.id, **form.cleaned_data, actor=request.actor, now=request.now)

    return _carry_out(request, at, "terms", form, act)


@login_required
@require_POST
def words(request: HubRequest, slug: str, cycle_id: int) -> HttpResponse:
    """Say what whoever fetches here must know."""
    at = _part(request, slug, cycle_id)
    form = instructions_form(at.sells, request.POST)

    def act() -> None:
        actions.edit_exchange(exchange_id=at.sells.id, **form.cleaned_data, actor=request.actor, now=request.now)

    return _carry_out(request, at, "instructions", form, act)


def _part(request: HubRequest, slug: str, cycle_id: int) -> Part:
    hub = hub_of(request, slug)
    return Part(hub, queries.part_sheet(cycle_id=cycle_id, enterprise_id=hub.id, actor=request.actor, now=request.now))


def _carry_out(request: HubRequest, at: Part, name: str, form: BaseForm, act: Callable[[], Any]) -> HttpResponse:
    if form.is_valid():
        with showing_refusals(form):
            act()
            messages.success(request, gettext("Saved."))
            page = reverse("order_cycles:ours", args=[at.hub.slug, at.sheet.id])
            return go(request, f"{page}?{request.GET.urlencode()}" if request.GET else page)
    return _show(request, at, **{name: form})


def _show(request: HubRequest, at: Part, **refused: BaseForm) -> HttpResponse:
    forms: dict[str, Any] = {}
    text, start = asked(request)
    pages = {
        one.direction: queries.side_goods(
            exchange_id=one.id, text=text, start=start, actor=request.actor, now=request.now
        )
        for one in (at.sheet.brings, at.sheet.sells)
        if one
    }
    if side := at.sheet.sells:
        forms["hand_overs"] = HandOversForm(methods=side.methods)
        forms["terms"] = terms_form(request, at.hub, side)
        forms["instructions"] = instructions_form(side)
    return hub_page(
        request,
        "order_cycles/ours.html",
        hub=at.hub,
        nav="cycles",
        status=422 if refused else 200,
        cycle=at.sheet,
        side=side,
        brought=pages.get("incoming"),
        sold=pages.get("outgoing"),
        text=text,
        query=request.GET.urlencode(),
        shop_url=address("shopfront:shop", slug=at.hub.slug) if side else "",
        refused=next(iter(refused.values()), None),
        **{**forms, **refused},
    )
