"""What all pages of the settings share."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, pgettext

from bocage.network.hub_pages import hub_page
from bocage.network.queries.hubs import HubFrame, hub_frame
from bocage.network.requests import HubRequest
from bocage.network.rules import Right


def hub_of(request: HubRequest, slug: str) -> HubFrame:
    """Return the enterprise whose settings are asked for. Raises NotFound, Forbidden."""
    return hub_frame(slug=slug, right=Right.MANAGE_ENTERPRISE, actor=request.actor)


def settings_page(
    request: HubRequest, template: str, hub: HubFrame, tab: str, *forms: Any, **context: Any
) -> HttpResponse:
    """Return a page of the settings under its tab; 422 if one of its forms was refused."""
    status = 422 if any(form.errors for form in forms) else 200
    return hub_page(request, template, hub=hub, nav="settings", status=status, tabs=_tabs(hub), tab=tab, **context)


def posted(request: HubRequest) -> Any:
    """Return what was sent by a form, or None for a first look."""
    return request.POST if request.method == "POST" else None


def _tabs(hub: HubFrame) -> list[dict[str, str]]:
    tabs = [("profile", gettext("Profile"), "shops:profile")]
    if hub.sells != "none":
        tabs = [
            ("shop", pgettext("settings", "Shop"), "shops:settings"),
            *tabs,
            ("delivery", gettext("Pickup and delivery"), "shops:delivery"),
            ("fees", gettext("Fees"), "shops:fees"),
            ("prices", gettext("Prices"), "shops:prices"),
        ]
    else:
        tabs.append(("fees", gettext("Fees"), "shops:fees"))
    return [{"key": key, "label": label, "url": reverse(name, args=[hub.slug])} for key, label, name in tabs]
