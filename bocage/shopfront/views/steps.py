"""A step of the checkout as a page: cut once for all guests who see the same, filled with what is each one's own."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.http import HttpResponse
from django.utils.html import escape
from django.utils.safestring import mark_safe

from bocage.network.requests import HubRequest
from bocage.shopfront.queries.baskets import BasketView
from bocage.shopfront.rules import Details
from bocage.shopfront.views.stencils import fill, stencil
from bocage.shopfront.views.summaries import summary_html
from bocage.shopfront.views.visits import Visit
from bocage.ui.formats import money
from bocage.ui.pages import page

SUMMARY, KEY, MINOR, TOTAL = "\x1fsummary\x1f", "\x1fkey\x1f", "\x1fminor\x1f", "\x1ftotal\x1f"


@dataclass(frozen=True, slots=True)
class Step:
    """What a step shows: its template, the basket, the details written so far, and `context` to put details into words."""

    template: str
    basket: BasketView
    details: Details
    context: Callable[[Details], dict[str, Any]]


def cut(request: HubRequest, here: Visit, step: Step, *, same: Hashable) -> HttpResponse:
    """Return a step that a guest asked for: its stencil, filled with the basket and what was written before.

    `same` is all that the step says besides these two.
    """
    holed, own = _holed(step.details)
    about = (step.template, same, tuple(own), step.basket.has_weighed)
    words = {"order": _order(*map(mark_safe, (KEY, MINOR, TOTAL))), "summary_html": mark_safe(SUMMARY)}
    page = stencil(request, here, about, lambda: (step.template, {**step.context(holed), **words}, None))
    order = _order_of(step.basket)
    fills = {KEY: order["key"], MINOR: order["minor"], TOTAL: order["total"], SUMMARY: summary_html(here, step.basket)}
    return fill(request, page.text, {**own, **fills})


def whole(request: HubRequest, here: Visit, step: Step, *, status: int) -> HttpResponse:
    """Return a step rendered for this one visitor, with what is wrong in it."""
    words = {**step.context(step.details), "order": _order_of(step.basket)}
    return page(request, step.template, status=status, **words, summary_html=summary_html(here, step.basket))


def _order_of(basket: BasketView) -> dict[str, str]:
    return _order(basket.key, str(basket.total.minor), money(basket.total))


def _order(key: str, minor: str, total: str) -> dict[str, str]:
    return {"key": key, "minor": minor, "total": total}


def _holed(details: Details) -> tuple[Details, dict[str, str]]:
    """Details with a hole in the place of each text that was written, and what fills the holes."""
    written = {name: text for name, text in asdict(details).items() if isinstance(text, str) and text}
    holes: dict[str, Any] = {name: mark_safe(f"\x1f{name}\x1f") for name in written}
    return replace(details, **holes), {str(holes[name]): escape(text) for name, text in written.items()}
