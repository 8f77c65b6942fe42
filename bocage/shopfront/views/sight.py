"""What somebody does not see in the shop, and why: for those who run the hub."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from bocage.network.hub_pages import address, hub_page
from bocage.network.queries.hubs import hub_frame
from bocage.network.requests import HubRequest
from bocage.network.rules import Right
from bocage.shopfront.queries.eyes import TAGGED, VISITOR, eyes, unseen
from bocage.shops import queries as shops
from bocage.shops.rules.tagging import Kind


@login_required
@require_safe
def sight(request: HubRequest, slug: str) -> HttpResponse:
    """Say what a visitor, a customer, or whoever has certain tags does not see, and by which rule."""
    hub = hub_frame(slug=slug, right=Right.MANAGE_ORDERS, actor=request.actor)
    tags, text = (request.GET.get(name, "").replace("\x00", "").strip()[:200] for name in ("tags", "q"))
    key = f"{TAGGED}{tags}" if tags else request.GET.get("as", VISITOR)[:200]
    who = eyes(key=key, hub_id=hub.id, actor=request.actor)
    seen = shops.sight_with(hub_id=hub.id, tags=who.tags)
    rows = unseen(hub_id=hub.id, sight=seen, now=request.now)
    found = shops.customers(hub_id=hub.id, actor=request.actor, text=text, limit=8).rows if text else ()
    return hub_page(
        request,
        "shopfront/sight.html",
        hub=hub,
        nav="settings",
        who=who,
        groups=[(kind.value, [row for row in rows if row.kind is kind]) for kind in Kind],
        is_nothing=not rows,
        customers=[(row, f"?{urlencode({'as': row.id})}") for row in found],
        text=text,
        known=shops.known_tags(hub_id=hub.id, actor=request.actor).customers,
        as_url=f"{reverse('shopfront:shop', args=[hub.slug])}?{urlencode({'as': who.key})}",
        customer_url=address("shops:customer", slug=hub.slug, customer_id=who.customer_id) if who.customer_id else "",
    )
