"""Pages of the back office: the frame of an enterprise around what a face shows."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse

from bocage.network.queries.hubs import HubFrame
from bocage.network.requests import HubRequest
from bocage.ui.hub_nav import hub_nav
from bocage.ui.pages import page


def hub_page(
    request: HubRequest, template: str, *, hub: HubFrame, nav: str, part: str = "", status: int = 200, **context: Any
) -> HttpResponse:
    """Return a page of the back office of `hub`, with `nav` as the place one is at in its navigation."""
    frame = {
        "id": hub.id,
        "slug": hub.slug,
        "name": hub.name,
        "picture": _picture(hub.picture),
        "url": address("web:dashboard", slug=hub.slug) or address("order_cycles:list", slug=hub.slug),
        "shop_url": address("shopfront:shop", slug=hub.slug),
    }
    return page(
        request,
        template,
        part=part,
        status=status,
        hub=frame,
        hub_nav=hub_nav(hub.slug),
        nav_current=nav,
        currency=hub.currency,
        **context,
    )


def address(name: str, **values: Any) -> str:
    """Return the address of a page that a higher app may have, or nothing."""
    try:
        return reverse(name, kwargs=values)
    except NoReverseMatch:
        return ""


def _picture(path: str) -> str:
    if not path:
        return ""
    return static(path) if path.startswith("ui/") else path
