"""The basket beside the shop: the same HTML for the same lines, kept with the snapshot."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from bocage.shopfront.queries import baskets
from bocage.shopfront.queries.baskets import BasketView, Kept
from bocage.shopfront.views.visits import Visit
from bocage.stock.rules import Level

MOST = 500  # drawers per snapshot


def drawer(here: Visit, stored: Kept, left: Mapping[int, Level]) -> SafeString:
    """Return the drawer and the bar of a stored basket held against what is `left`."""
    kept: OrderedDict[tuple[Any, ...], SafeString] = here.rendered.setdefault("drawers", OrderedDict())
    lines = tuple((variant_id, *line, left.get(variant_id)) for variant_id, line in stored.lines.items())
    key = (get_language(), here.sale, int(here.now.timestamp()) // 60, here.query, lines)
    if key not in kept:
        kept[key] = _made(here, baskets.view(stored, here.offered, left))
        while len(kept) > MOST:
            kept.popitem(last=False)
    return kept[key]


def _made(here: Visit, basket: BasketView) -> SafeString:
    context = {"here": here, "shop": here.shop, "sale": here.sale, "basket": basket, "basket_url": here.url("basket")}
    return mark_safe(render_to_string("shopfront/parts/drawer.html", context))


def basket_of(here: Visit) -> BasketView:
    """Return the visitor's basket of the sale, held against today's offers and stock."""
    return baskets.basket(owner=here.owner, hub_id=here.shop.hub_id, cycle_id=here.selling.id, snapshot=here.offered)
