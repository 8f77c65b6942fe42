"""The frame around a hub's pages: whose they are, and the way between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

PAGES = (
    ("today", pgettext_lazy("hub page", "Today"), "sun", "web:dashboard"),
    ("cycles", pgettext_lazy("hub page", "Sales"), "repeat", "order_cycles:list"),
    ("orders", pgettext_lazy("hub page", "Orders"), "list", "orders:list"),
    ("packing", pgettext_lazy("hub page", "To pack"), "box", "fulfilment:packing"),
    ("products", pgettext_lazy("hub page", "Products"), "sprout", "catalogue:products"),
    ("settings", gettext_lazy("Settings"), "sliders", "shops:settings"),
)


@dataclass(frozen=True, slots=True)
class NavRow:
    key: str
    label: str
    icon: str
    url: str
    count: int = 0


def hub_frame(
    *, slug: str, name: str, current: str, picture: str = "", role: str = "", counts: dict[str, int] | None = None
) -> dict[str, Any]:
    """Return what `ui/hub.html` needs: `hub`, `hub_nav` and `nav_current`; pages that are not mounted are left out."""
    rows = [
        NavRow(key, str(label), icon, url, (counts or {}).get(key, 0))
        for key, label, icon, name_ in PAGES
        if (url := _url(name_, slug))
    ]
    hub = {
        "slug": slug,
        "name": name,
        "role": role,
        "url": _url("web:dashboard", slug),
        "shop_url": _url("shopfront:shop", slug),
        "picture": static(picture) if picture else "",
    }
    return {"hub": hub, "hub_nav": rows, "nav_current": current}


def _url(name: str, slug: str) -> str:
    try:
        return reverse(name, args=[slug])
    except NoReverseMatch:
        return ""
