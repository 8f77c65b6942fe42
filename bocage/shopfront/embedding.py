"""A shop within a frame of another site: `embed/<hub>/…` is the shop again, with cookies of its own, framed where allowed.

Below that prefix only the shop, its checkout and the pages of its orders exist; whatever else a link leads to says
that it opens in its own tab. All addresses made meanwhile keep the prefix, so nobody falls out of the frame.

Cookies of the frame have their own names and path, and are partitioned (CHIPS): a browser keeps them per site around,
and they never meet those of somebody who is logged in. So a frame is always a guest's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from http.cookies import Morsel
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, get_script_prefix, resolve, reverse, set_script_prefix

from bocage.shops.queries.faces import framed
from bocage.shops.rules.faces import framers

Handler = Callable[[HttpRequest], HttpResponse]
PREFIX, COOKIES, MARK, ASKED = "/embed/", "embed-", "here", "cookies"
AGE = 60 * 60 * 24 * 120
ORDER_PAGES = ("page", "page_quantities", "page_cancellation", "ics")
_PATH = re.compile(r"/embed/([-a-zA-Z0-9_]+)(/.*)")


@dataclass(frozen=True, slots=True)
class Embedded:
    """The frame that a request comes from: whose shop, and whether the browser keeps its cookies."""

    slug: str
    name: str
    keeps_cookies: bool

    @property
    def shop_url(self) -> str:
        """Return the address of the same shop in a tab of its own."""
        return f"/shop/{self.slug}/"


def middleware(get_response: Handler) -> Handler:
    """Take the prefix off the path and give the frame its cookies and headers; `request.embedded` says so to pages.

    Stands before sessions and the CSRF check, so that these see the frame's own cookies alone.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        request.embedded = None  # type: ignore[attr-defined]
        asked = _PATH.fullmatch(request.path_info)
        found = framed(asked[1]) if asked else None
        if asked is None or found is None:
            return get_response(request)
        if not found.is_on:
            return HttpResponseRedirect(reverse("shopfront:shop", args=[found.slug]))
        request.COOKIES = _own_cookies(request)  # type: ignore[misc]
        request.embedded = Embedded(found.slug, found.name, bool(request.COOKIES))  # type: ignore[attr-defined]
        response = _within(f"{PREFIX}{found.slug}/", asked[2], request, get_response)
        return _framed_by(framers(found.sites), response)

    return handle


def inside(get_response: Handler) -> Handler:
    """Answer within a frame only what belongs there; say of everything else that it opens in its own tab."""

    def handle(request: HttpRequest) -> HttpResponse:
        embedded: Embedded | None = request.embedded  # type: ignore[attr-defined]
        if embedded is None:
            return get_response(request)
        if not embedded.keeps_cookies:
            return _no_cookies(request)
        if request.path_info == "/":
            return HttpResponseRedirect(reverse("shopfront:shop", args=[embedded.slug]))
        if not _belongs(request.path_info, embedded.slug):
            return _own_tab(request, request.get_full_path().removeprefix(f"{PREFIX}{embedded.slug}"), "elsewhere")
        return get_response(request)

    return handle


def _within(prefix: str, path: str, request: HttpRequest, get_response: Handler) -> HttpResponse:
    before = get_script_prefix()
    request.path_info = path
    set_script_prefix(prefix)
    try:
        response = get_response(request)
    finally:
        set_script_prefix(before)
    response.set_cookie(MARK, "1", max_age=AGE)
    for name in list(response.cookies):
        _move(response.cookies, name, prefix)
    return response


def _own_cookies(request: HttpRequest) -> dict[str, str]:
    return {name.removeprefix(COOKIES): value for name, value in request.COOKIES.items() if name.startswith(COOKIES)}


class _Partitioned(Morsel):  # type: ignore[type-arg]
    """A cookie of a frame: the standard library does not know the attribute before Python 3.14."""

    def OutputString(self, attrs: Any = None) -> str:
        return f"{super().OutputString(attrs)}; Partitioned"


def _move(cookies: Any, name: str, path: str) -> None:
    """Give a cookie the frame's name and path, and the attributes by which a frame of another site keeps it."""
    old, kept = cookies.pop(name), _Partitioned()
    kept.set(f"{COOKIES}{name}", old.value, old.coded_value)
    kept.update({**old, "path": path, "domain": "", "samesite": "None", "secure": True})
    dict.__setitem__(cookies, kept.key, kept)


def _framed_by(origins: list[str], response: HttpResponse) -> HttpResponse:
    """Let these sites frame an answer, and nobody else. X-Frame-Options cannot name a site: it goes where one may."""
    response._csp_replace = {"frame-ancestors": origins or ["'none'"]}  # type: ignore[attr-defined]
    response.xframe_options_exempt = bool(origins)  # type: ignore[attr-defined]
    response.headers.setdefault("X-Robots-Tag", "noindex")
    return response


def _no_cookies(request: HttpRequest) -> HttpResponse:
    """Send a first request around once, to see whether the cookie of its answer comes back; else say so."""
    if request.method in ("GET", "HEAD") and ASKED not in request.GET:
        mark = "&" if request.GET else "?"
        return HttpResponseRedirect(f"{request.get_full_path()}{mark}{ASKED}=1")
    return _own_tab(request, request.embedded.shop_url, "cookies")  # type: ignore[attr-defined]


def _belongs(path: str, slug: str) -> bool:
    try:
        match = resolve(path)
    except Resolver404:
        return False
    if match.view_name == "set_language":
        return True
    if match.namespace == "shopfront":
        return match.kwargs.get("slug") == slug
    return match.namespace == "orders" and match.url_name in ORDER_PAGES


def _own_tab(request: HttpRequest, url: str, why: str) -> HttpResponse:
    status = 200 if request.method in ("GET", "HEAD") else 403
    return render(request, "shopfront/own_tab.html", {"url": url, "why": why}, status=status)
