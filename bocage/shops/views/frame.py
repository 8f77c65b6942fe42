"""What all pages of the settings share."""

from __future__ import annotations

from typing import Any

from bocage.network.hub_pages import settings_page
from bocage.network.queries.hubs import HubFrame, hub_frame
from bocage.network.requests import HubRequest
from bocage.network.rules import Right

__all__ = ["hub_of", "posted", "settings_page"]


def hub_of(request: HubRequest, slug: str) -> HubFrame:
    """Return the enterprise whose settings are asked for. Raises NotFound, Forbidden."""
    return hub_frame(slug=slug, right=Right.MANAGE_ENTERPRISE, actor=request.actor)


def posted(request: HubRequest) -> Any:
    """Return what was sent by a form, or None for a first look."""
    return request.POST if request.method == "POST" else None
