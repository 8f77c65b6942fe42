"""Pages of the back office: the frame of an enterprise around what a face shows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, pgettext

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


def settings_page(
    request: HubRequest, template: str, hub: HubFrame, tab: str, *forms: Any, **context: Any
) -> HttpResponse:
    """Return a page of the settings under its tab (`ui/hub_settings.html`); 422 if one of its forms was refused."""
    status = 422 if any(form.errors for form in forms) else 200
    return hub_page(request, template, hub=hub, nav="settings", status=status, tabs=_tabs(hub), tab=tab, **context)


def goods_page(
    request: HubRequest, template: str, hub: HubFrame, tab: str, *, part: str = "", status: int = 200, **context: Any
) -> HttpResponse:
    """Return a page of the goods under its tab (`ui/hub_goods.html`): list, table, stock, files or properties."""
    tabs = [
        ("list", gettext("Products"), "catalogue:products", True),
        ("table", pgettext("of products", "Table"), "assortment:table", True),
        ("stock", gettext("Stock"), "stock:list", True),
        ("files", gettext("Import and export"), "assortment:files", True),
        ("properties", gettext("True of all of them"), "catalogue:properties", hub.is_producer),
    ]
    return hub_page(
        request, template, hub=hub, nav="products", part=part, status=status, tabs=_shown(tabs, hub), tab=tab, **context
    )


def _tabs(hub: HubFrame) -> list[dict[str, str]]:
    sells = hub.sells != "none"
    tabs = [
        ("shop", pgettext("settings", "Shop"), "shops:settings", sells),
        ("face", gettext("Appearance"), "shops:face", sells),
        ("profile", gettext("Profile"), "shops:profile", True),
        ("team", gettext("Team"), "network:team", True),
        ("agreements", gettext("Agreements"), "network:agreements", hub.is_producer or hub.sells == "any"),
        ("farms", gettext("Farms"), "orders:farm_access", hub.sells == "any"),
        ("groups", gettext("Groups"), "network:belongings", True),
        ("delivery", gettext("Pickup and delivery"), "shops:delivery", sells),
        ("payment", gettext("Payment"), "shops:payment", sells),
        ("invoices", gettext("Invoices"), "invoicing:settings", sells),
        ("fees", gettext("Fees"), "shops:fees", True),
        ("prices", gettext("Prices"), "shops:prices", sells),
        ("vouchers", gettext("Vouchers"), "shops:vouchers", sells),
        ("gifts", gettext("Gift vouchers"), "orders:gifts", sells),
        ("rules", gettext("Who is shown what"), "shops:rules", sells),
        ("terms", gettext("Terms of sale"), "shops:terms", sells),
    ]
    return _shown(tabs, hub)


def _shown(tabs: list[tuple[str, str, str, bool]], hub: HubFrame) -> list[dict[str, str]]:
    found = [(key, words, address(name, slug=hub.slug)) for key, words, name, is_shown in tabs if is_shown]
    return [{"key": key, "label": words, "url": url} for key, words, url in found if url]


def address(name: str, **values: Any) -> str:
    """Return the address of a page that a higher app may have, or nothing."""
    try:
        return reverse(name, kwargs=values)
    except NoReverseMatch:
        return ""


def _picture(path: str) -> str:
    if not path:
        return ""
    return static(path) if path.startswith("ui/") else f"{settings.MEDIA_URL}{path}"
