"""What a side of a cycle carries: a page of goods to tick, one tick at a time or all at once, and the rule behind."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from bocage.commons.refusals import NotFound
from bocage.network.requests import HubRequest
from bocage.order_cycles import actions, queries
from bocage.order_cycles.forms import GoodsForm
from bocage.order_cycles.rules import NoAgreement, NotTheirGoods
from bocage.order_cycles.views.editor import carry_out, hub_of, plain, side_desk
from bocage.ui.pages import go, page, say


@login_required
@require_POST
def goods(request: HubRequest, slug: str, cycle_id: int, exchange_id: int) -> HttpResponse:
    """Let a side carry what was ticked of the goods that were shown."""
    at, side = side_desk(request, slug, cycle_id, exchange_id)
    form = GoodsForm(request.POST)

    def act() -> None:
        actions.choose(exchange_id=side.id, take=form.take(), leave=form.leave(), actor=request.actor, now=request.now)
        messages.success(request, gettext("Saved."))

    return carry_out(request, at, "goods", form, act)


@login_required
@require_POST
def tick(request: HubRequest, slug: str, cycle_id: int, exchange_id: int, variant_id: int) -> HttpResponse:
    """Let a side carry one variant if it is ticked, or leave it out; for htmx answer with how much it carries now.

    The whole cycle is not looked at, so that a tick stays quick in the largest one.
    """
    hub = hub_of(request, slug)
    if not queries.is_side_of(exchange_id=exchange_id, cycle_id=cycle_id, coordinator_id=hub.id):
        raise NotFound
    is_ticked = str(variant_id) in request.POST.getlist("variant_ids")
    chosen = {"take": [variant_id]} if is_ticked else {"leave": [variant_id]}
    said, status = "", 200
    try:
        actions.choose(exchange_id=exchange_id, **chosen, actor=request.actor, now=request.now)
    except (NoAgreement, NotTheirGoods) as refusal:
        said, status = say(refusal), 422
    if not request.htmx:
        messages.add_message(request, messages.ERROR if said else messages.SUCCESS, said or gettext("Saved."))
        return go(request, f"{reverse('order_cycles:cycle', args=[slug, cycle_id])}?side={exchange_id}#what")
    count = queries.side_count(exchange_id=exchange_id, actor=request.actor, now=request.now)
    return page(
        request, "order_cycles/ticked.html", count=count, side_id=exchange_id, said=said, swaps=True, status=status
    )


@login_required
@require_POST
def rule(request: HubRequest, slug: str, cycle_id: int, exchange_id: int) -> HttpResponse:
    """Let what is new come along by itself (`all`), all there is at once (`everything`), or only what is ticked."""
    at, side = side_desk(request, slug, cycle_id, exchange_id)
    wanted = request.POST.get("rule", "")

    def act() -> None:
        actions.set_rule(
            exchange_id=side.id,
            carries_all=wanted in ("all", "everything"),
            everything=wanted == "everything",
            actor=request.actor,
            now=request.now,
        )
        messages.success(request, gettext("Saved."))

    return carry_out(request, at, "plain", plain(request), act)
