"""The machine's page, and its sign for probes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from bocage.network.requests import HubRequest
from bocage.ui.pages import go, page
from bocage.web.machine import actions, queries


@require_safe
def machine(request: HubRequest) -> HttpResponse:
    """Show what recurs and when it last did, and what could not be delivered."""
    after = _number(request.GET.get("after", ""))
    found = queries.machine(actor=request.actor, now=request.now, after=after)
    rows = found.given_up
    return page(
        request,
        "web/machine.html",
        machine=found,
        next_url=f"?after={rows[-1].id}" if len(rows) == queries.PAGE else "",
        first_url=reverse("web:machine") if after else "",
    )


@require_POST
def tries(request: HubRequest) -> HttpResponse:
    """Try one delivery that was given up once more, or (without a number) all of them."""
    wanted = _number(request.POST.get("delivery", ""))
    count = actions.try_again(delivery_id=wanted or None, actor=request.actor, now=request.now)
    if count:
        said = ngettext("%(count)s delivery is tried again.", "%(count)s deliveries are tried again.", count)
        messages.success(request, said % {"count": count})
    else:
        messages.info(request, gettext("Nothing is left to be tried again."))
    return go(request, reverse("web:machine"))


@require_safe
def work(request: HubRequest) -> HttpResponse:
    """Answer `ok` while everything recurs as it should and nothing was given up, else `late` with status 503."""
    late = queries.is_late(now=request.now)
    return HttpResponse(
        "late\n" if late else "ok\n",
        status=503 if late else 200,
        content_type="text/plain",
        headers={"Cache-Control": "no-store"},
    )


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0
