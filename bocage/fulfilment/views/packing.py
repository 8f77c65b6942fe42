"""Packing: the list of baskets, and one basket with its big ticks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from bocage.commons.refusals import Forbidden, NotFound, Refused
from bocage.fulfilment import actions, queries
from bocage.fulfilment.grouping import around
from bocage.fulfilment.queries import Basket
from bocage.fulfilment.views import barn as barns
from bocage.network.hub_pages import hub_page
from bocage.network.requests import HubRequest
from bocage.network.rules import Right
from bocage.orders.actions import set_final_weights
from bocage.orders.forms import WeightField, typed_weight
from bocage.orders.rules import ChangedMeanwhile
from bocage.ui.pages import go, page, say

BESIDE = 60  # crates of the same place in the list beside one


@login_required
@require_safe
def packing(request: HubRequest, slug: str) -> HttpResponse:
    """List the baskets of a sale by where they go, and lead to the next one to pack."""
    barn = barns.barn(request, slug)
    found = barns.find(request, barn)
    return hub_page(
        request,
        "fulfilment/packing.html",
        part="found",
        hub=barn.hub,
        nav="packing",
        barn=barn,
        found=found,
        following=next((row for row in found.all if not row.is_packed and row.handed_over_at is None), None),
        tabs=barns.tabs(slug, barn.sale),
    )


@login_required
@require_safe
def basket(request: HubRequest, slug: str, ref: str) -> HttpResponse:
    """Show one basket: made for thumbs and gloves. The QR code of an order leads here."""
    return _basket(request, slug, ref)


@login_required
@require_safe
def state(request: HubRequest, slug: str, ref: str) -> HttpResponse:
    """Show where an order stands in the barn, as a piece for other pages."""
    hub = barns.enter(request, slug)
    parcel = queries.parcel_state(hub_id=hub.id, ref=ref, actor=request.actor)
    may_pack = request.actor.may(Right.PACK, on=hub.id)
    return page(request, "fulfilment/state.html", hub=hub, parcel=parcel, may_pack=may_pack)


@login_required
@require_POST
def tick(request: HubRequest, slug: str, ref: str, line_id: int) -> HttpResponse:
    """Put a line into its crate (ticked=1), or take it out again."""

    def act(order_id: int) -> None:
        actions.tick_line(
            order_id=order_id,
            line_id=line_id,
            is_ticked=request.POST.get("ticked") == "1",
            actor=request.actor,
            now=request.now,
        )

    return _act(request, slug, ref, act)


@login_required
@require_POST
def weight(request: HubRequest, slug: str, ref: str, line_id: int) -> HttpResponse:
    """Say what a weighed line weighs; its price follows."""
    form = WeightForm(request.POST)
    if not form.is_valid():
        return _basket(request, slug, ref, status=422, wrong={line_id: form})

    def act(order_id: int) -> None:
        set_final_weights(
            order_id=order_id,
            weights={line_id: form.cleaned_data["weight"]},
            seen={line_id: form.cleaned_data["seen"]} if "seen" in form.data else None,
            actor=request.actor,
            now=request.now,
        )

    try:
        return _act(request, slug, ref, act, through=(ChangedMeanwhile,))
    except ChangedMeanwhile as refusal:  # what was typed stays, beside what the other scales said
        form.add_error("weight", say(refusal))
        return _basket(request, slug, ref, status=422, wrong={line_id: form})


@login_required
@require_POST
def packed(request: HubRequest, slug: str, ref: str) -> HttpResponse:
    """Tick all lines at once (packed=1), or take all ticks back."""
    act = actions.pack_order if request.POST.get("packed") == "1" else actions.unpack_order
    return _act(request, slug, ref, lambda order_id: act(order_id=order_id, actor=request.actor, now=request.now))


@login_required
@require_POST
def hand_over(request: HubRequest, slug: str, ref: str) -> HttpResponse:
    """Note that the customer has their order."""
    return _act(
        request,
        slug,
        ref,
        lambda order_id: actions.hand_over(order_id=order_id, actor=request.actor, now=request.now),
        said=gettext("Order %(ref)s is handed over.") % {"ref": ref},
    )


@login_required
@require_POST
def hand_over_undone(request: HubRequest, slug: str, ref: str) -> HttpResponse:
    """Take a hand-over back that was a mistake."""
    return _act(
        request,
        slug,
        ref,
        lambda order_id: actions.undo_hand_over(order_id=order_id, actor=request.actor, now=request.now),
        said=gettext("Order %(ref)s waits to be handed over again.") % {"ref": ref},
    )


class WeightForm(forms.Form):
    """One weight, needed; beside it what the page showed, blank while not weighed."""

    weight = WeightField(required=True)
    seen = forms.IntegerField(required=False, min_value=1)


def _act(
    request: HubRequest,
    slug: str,
    ref: str,
    act: Callable[[int], None],
    *,
    said: str = "",
    through: tuple[type[Refused], ...] = (),
) -> HttpResponse:
    """Act, then show the basket again (htmx) or go back to where the button was; a refusal is shown in its place.

    through: refusals that are for the caller to show.
    """
    hub = barns.enter(request, slug)
    order_id = queries.parcel_state(hub_id=hub.id, ref=ref, actor=request.actor).order_id
    wanted = request.POST.get("next", "")
    try:
        act(order_id)
    except (Forbidden, NotFound):
        raise
    except through:
        raise
    except Refused as refusal:
        return _basket(request, slug, ref, status=422, refused=say(refusal))
    if request.htmx and not wanted:
        return _basket(request, slug, ref)
    if said:
        messages.success(request, said)
    allowed = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return go(request, wanted if allowed else reverse("fulfilment:basket", args=[slug, ref]))


def _basket(
    request: HubRequest,
    slug: str,
    ref: str,
    *,
    status: int = 200,
    refused: str = "",
    wrong: dict[int, forms.Form] | None = None,
) -> HttpResponse:
    hub = barns.enter(request, slug)
    found = queries.basket(hub_id=hub.id, ref=ref, actor=request.actor)
    return page(
        request,
        "fulfilment/basket.html",
        part="barn",
        status=status,
        hub=hub,
        basket=found.row,
        lines=[_line(line, (wrong or {}).get(line.id)) for line in found.lines],
        refused=refused,
        cycle_id=found.cycle_id,
        may_pack=request.actor.may(Right.PACK, on=hub.id),
        may_record=request.actor.may(Right.RECORD_PAYMENTS, on=hub.id),
        **_around(found),
    )


def _around(found: Basket) -> dict[str, Any]:
    """The other crates of the same place: before, after, next to pack; and how far the whole sale is."""
    standing = [crate for crate in found.crates if not crate.is_cancelled]
    here = [crate for crate in standing if crate.method_id == found.row.method_id]
    before = [crate for crate in here if crate.number < found.row.crate]
    after = [crate for crate in here if crate.number > found.row.crate]
    open_ones = (one for one in (*after, *before, *standing) if not one.is_packed and one.ref != found.row.ref)
    return {
        "beside": around(here, len(before), limit=BESIDE),
        "beside_total": len(here),
        "before": before[-1] if before else None,
        "after": after[0] if after else None,
        "following": next(open_ones, None),
        "packed": sum(crate.is_packed for crate in standing),
        "total": len(standing),
    }


def _line(line: queries.BasketLine, form: forms.Form | None) -> dict[str, Any]:
    typed = form.data.get("weight", "") if form is not None else typed_weight(line.final_weight_g)
    return {"row": line, "typed": typed, "error": _error(form) if form is not None else ""}


def _error(form: forms.Form) -> str:
    return next((str(error) for errors in form.errors.values() for error in errors), "")
