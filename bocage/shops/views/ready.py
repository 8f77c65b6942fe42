"""What is left to do before selling."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from bocage.network.hub_pages import address, hub_page
from bocage.network.requests import HubRequest
from bocage.shops import queries
from bocage.shops.views.frame import hub_of


@login_required
@require_safe
def ready(request: HubRequest, slug: str) -> HttpResponse:
    """Show what is done and what is left, each with the page where it is done."""
    hub = hub_of(request, slug)
    found = queries.readiness(enterprise_id=hub.id, actor=request.actor, now=request.now)
    words = _words()
    steps = [(step, *words[step.key][:2], address(words[step.key][2], slug=hub.slug)) for step in found.steps]
    return hub_page(
        request,
        "shops/ready.html",
        hub=hub,
        nav="today",
        needed=[row for row in steps if row[0].is_needed],
        better=[row for row in steps if not row[0].is_needed],
        readiness=found,
        sells=hub.sells != "none",
        new_sale=address("order_cycles:new", slug=hub.slug),
    )


def _words() -> dict[str, tuple[Any, ...]]:
    """Return for each step what it says, why, and the page where it is done."""
    return {
        "profile": (
            gettext("Say who you are"),
            gettext("One sentence, your town, and how to reach you."),
            "shops:profile",
        ),
        "picture": (gettext("Show your face"), gettext("A picture of the place or of you all."), "shops:profile"),
        "legal": (gettext("Give your SIRET"), gettext("It stands on invoices and papers."), "shops:profile"),
        "goods": (
            gettext("List what you make"),
            gettext("Name, size, price: the first product takes a minute."),
            "catalogue:products",
        ),
        "partners": (
            gettext("Agree with a farm"),
            gettext("Ask a producer to let you sell their goods, or accept what they propose."),
            "network:agreements",
        ),
        "buyers": (
            gettext("Agree with a hub"),
            gettext("Let a hub near you sell your goods."),
            "network:agreements",
        ),
        "delivery": (
            gettext("Say how orders reach people"),
            gettext("A pickup point, or a delivery."),
            "shops:delivery",
        ),
        "payment": (gettext("Say how people pay"), gettext("On the spot, by transfer…"), "shops:payment"),
        "terms": (
            gettext("Write your terms of sale"),
            gettext("Customers accept them when they order."),
            "shops:terms",
        ),
        "team": (gettext("Invite others"), gettext("To pack, to keep the books, to run it with you."), "network:team"),
        "shown": (
            gettext("Appear in the directory"),
            gettext("Until then only those who have the link find you."),
            "shops:profile",
        ),
    }
