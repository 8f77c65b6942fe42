"""The side navigation of an enterprise's pages: the same rows everywhere, those whose pages exist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, pgettext


@dataclass(frozen=True, slots=True)
class NavRow:
    """One entry: `count` is what waits there, 0 shows nothing."""

    key: str
    label: str
    icon: str
    url: str
    count: int = 0


def hub_nav(slug: str, counts: Mapping[str, int] | None = None) -> list[NavRow]:
    """Return the navigation of the enterprise at `slug`; `counts` maps a key to what waits there."""
    places = [
        ("today", gettext("Today"), "sun", "web:dashboard"),
        ("cycles", gettext("Order cycles"), "repeat", "order_cycles:list"),
        ("orders", gettext("Orders"), "list", "orders:list"),
        ("packing", gettext("To pack"), "box", "fulfilment:packing"),
        ("invoices", gettext("Invoices"), "receipt", "invoicing:list"),
        ("settlements", gettext("Statements of farms"), "wallet", "settlements:list"),
        ("products", gettext("Products"), "sprout", "catalogue:products"),
        ("customers", gettext("Customers"), "users", "shops:customers"),
        ("books", gettext("Books"), "wallet", "ledger:journal"),
        ("contribution", gettext("Contribution"), "heart", "contributions:live"),
        ("settings", pgettext("navigation", "Settings"), "sliders", "shops:settings"),
    ]
    found = []
    for key, label, icon, name in places:
        try:
            url = reverse(name, kwargs={"slug": slug})
        except NoReverseMatch:
            continue
        found.append(NavRow(key, label, icon, url, (counts or {}).get(key, 0)))
    return found
