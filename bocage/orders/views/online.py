"""A hub's online payments: every attempt with its state, what the provider calls it, and what was put right."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from bocage.network.hub_pages import hub_page
from bocage.network.queries.hubs import hub_frame
from bocage.network.requests import HubRequest
from bocage.network.rules import Right
from bocage.orders import words
from bocage.payments.queries.attempts import findings, hub_attempts

MOST = 50
STATES = ("under_way", "succeeded", "ended")


@login_required
@require_safe
def online(request: HubRequest, slug: str) -> HttpResponse:
    """List the attempts, newest first, as searched; above them what the reconciler put right lately."""
    hub = hub_frame(slug=slug, right=Right.SEE_ORDERS, actor=request.actor)
    text = request.GET.get("text", "").replace("\x00", "").strip()[:80]
    state = request.GET.get("state", "")
    after = request.GET.get("after", "")
    state = state if state in STATES else ""
    rows = hub_attempts(
        hub_id=hub.id, actor=request.actor, text=text, state=state, limit=MOST + 1,
        after=int(after) if after.isdecimal() and len(after) < 18 else None,
    )  # fmt: skip
    return hub_page(
        request,
        "orders/hub/online.html",
        part="found",
        hub=hub,
        nav="orders",
        rows=[words.attempt_in_words(row) for row in rows[:MOST]],
        next=rows[MOST - 1].id if len(rows) > MOST else None,
        text=text,
        state=state,
        found=[words.finding_in_words(row) for row in findings(hub_id=hub.id, actor=request.actor)],
        may_connect=request.actor.may(Right.MANAGE_ENTERPRISE, on=hub.id),
    )
