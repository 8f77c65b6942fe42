"""Pages that are the same for many: rendered once with holes, then filled with what is each visitor's own.

The holes are the tokens of forms and scripts, and whatever the page names. A stencil lives as long as its snapshot and
at most a minute, because pages say how much time is left.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from bocage.network.requests import HubRequest
from bocage.shopfront.views.visits import Visit

TOKEN, NONCE = "\x1ftoken\x1f", "\x1fnonce\x1f"
MOST = 160  # stencils per snapshot
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Stencil(Generic[T]):
    """A page with holes, and what it is about, to know what fills them."""

    text: str
    about: T


def stencil(
    request: HubRequest, here: Visit, part: Hashable, make: Callable[[], tuple[str, dict[str, Any], T]]
) -> Stencil[T]:
    """Return the page's stencil, cut by `make` (template, context, what it is about) if there is none yet.

    `part` holds whatever the page says that neither its address nor the rest of the key tells. A page with news for its
    visitor is cut for this once.
    """
    kept: OrderedDict[tuple[Any, ...], Stencil[T]] = here.rendered.setdefault("stencils", OrderedDict())
    if len(get_messages(request)):
        return _cut(request, make)
    key = (part, *_same_for(request, here))
    found = kept.get(key)
    if found is None:
        found = kept[key] = _cut(request, make)
        while len(kept) > MOST:
            kept.popitem(last=False)
    return found


def fill(request: HubRequest, text: str, fills: Mapping[str, str]) -> HttpResponse:
    """Return a page whose holes are filled, also those of the tokens."""
    for mark, html in fills.items():
        text = text.replace(mark, html)
    text = text.replace(TOKEN, get_token(request))
    if NONCE in text:
        text = text.replace(NONCE, str(request.csp_nonce))  # type: ignore[attr-defined]
    return HttpResponse(text)


def _same_for(request: HubRequest, here: Visit) -> tuple[Any, ...]:
    """Everything that the page says besides what fills its holes."""
    who = (request.user.pk, request.user.get_short_name()) if request.user.is_authenticated else ()
    minute = int(here.now.timestamp()) // 60
    return get_language(), request.get_host(), request.get_full_path(), minute, here.sales, here.shop.label, who


def _cut(request: HubRequest, make: Callable[[], tuple[str, dict[str, Any], T]]) -> Stencil[T]:
    template, context, about = make()
    holes = {"csrf_token": mark_safe(TOKEN), "CSP_NONCE": mark_safe(NONCE)}
    return Stencil(render_to_string(template, {**context, **holes}, request), about)
