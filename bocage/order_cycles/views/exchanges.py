"""The partners of a cycle: who takes part, what they carry, what they take, when they hand over."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from bocage.network.requests import HubRequest
from bocage.order_cycles import actions
from bocage.order_cycles.forms import HandOversForm, PartnerForm
from bocage.order_cycles.views.editor import (
    Desk,
    carry_out,
    desk,
    fees_form,
    instructions_form,
    plain,
    side_desk,
    terms_form,
)


@login_required
@require_POST
def incoming(request: HubRequest, slug: str, cycle_id: int) -> HttpResponse:
    """Let one more producer bring goods."""
    at = desk(request, slug, cycle_id)
    form = PartnerForm(request.POST, partners=at.sheet.producers_to_add, prefix="incoming")

    def act() -> None:
        actions.add_incoming(cycle_id=cycle_id, **form.cleaned_data, actor=request.actor, now=request.now)
        messages.success(request, gettext("Added. Choose what it brings."))

    return carry_out(request, at, "incoming", form, act)


@login_required
@require_POST
def outgoing(request: HubRequest, slug: str, cycle_id: int) -> HttpResponse:
    """Let one more hub sell."""
    at = desk(request, slug, cycle_id)
    form = PartnerForm(request.POST, partners=at.sheet.hubs_to_add, prefix="outgoing")

    def act() -> None:
        actions.add_outgoing(cycle_id=cycle_id, **form.cleaned_data, actor=request.actor, now=request.now)
        messages.success(request, gettext("Added. Choose what it sells."))

    return carry_out(request, at, "outgoing", form, act)


@login_required
@require_POST
def fees(request: HubRequest, slug: str, cycle_id: int, exchange_id: int | None = None) -> HttpResponse:
    """Charge exactly these fees: on everything, or on what one side carries."""
    at = desk(request, slug, cycle_id, exchange_id)
    side = at.side if exchange_id else None
    form = fees_form(at.sheet, side, request.POST)

    def act() -> None:
        actions.set_fees(
            cycle_id=cycle_id, exchange_id=exchange_id, **form.cleaned_data, actor=request.actor, now=request.now
        )
        messages.success(request, gettext("Saved."))

    return carry_out(request, at, "side_fees" if side else "fees", form, act)


@login_required
@require_POST
def instructions(request: HubRequest, slug: str, cycle_id: int, exchange_id: int) -> HttpResponse:
    """Say what a partner must know."""
    at, side = side_desk(request, slug, cycle_id, exchange_id)
    form = instructions_form(side, request.POST)

    def act() -> None:
        actions.edit_exchange(exchange_id=side.id, **form.cleaned_data, actor=request.actor, now=request.now)
        messages.success(request, gettext("Saved."))

    return carry_out(request, at, "instructions", form, act)


@login_required
@require_POST
def hand_overs(request: HubRequest, slug: str, cycle_id: int, exchange_id: int) -> HttpResponse:
    """Say when a hub hands over."""
    at, side = side_desk(request, slug, cycle_id, exchange_id)
    form = HandOversForm(request.POST, methods=side.methods)

    def act() -> None:
        actions.set_hand_overs(exchange_id=side.id, windows=form.windows(), actor=request.actor, now=request.now)
        messages.success(request, gettext("Saved."))

    return carry_out(request, at, "hand_overs", form, act)


@login_required
@require_POST
def terms(request: HubRequest, slug: str, cycle_id: int, exchange_id: int) -> HttpResponse:
    """Say how a hub is paid, and its words for the cycle."""
    at, side = side_desk(request, slug, cycle_id, exchange_id)
    form = terms_form(request, at.hub, side, request.POST)

    def act() -> None:
        actions.set_terms(exchange_id=side.id, **form.cleaned_data, actor=request.actor, now=request.now)
        messages.success(request, gettext("Saved."))

    return carry_out(request, at, "terms", form, act)


@login_required
@require_POST
def removal(request: HubRequest, slug: str, cycle_id: int, exchange_id: int) -> HttpResponse:
    """Take a partner out of the cycle."""
    at, side = side_desk(request, slug, cycle_id, exchange_id)
    rest = Desk(at.hub, at.sheet, None)

    def act() -> None:
        actions.remove_exchange(exchange_id=side.id, actor=request.actor, now=request.now)
        messages.success(request, gettext("Taken out. Orders already placed stay as they are."))

    return carry_out(request, rest, "plain", plain(request), act)
