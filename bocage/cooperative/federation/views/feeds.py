"""Our feed, for peers and for whoever wants to check it."""

from __future__ import annotations

from importlib.metadata import version

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from bocage.commons.refusals import NotFound
from bocage.cooperative.federation.queries import feeds

KEPT_S = 60


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Say who we are in the federation, with which key we sign, where our feed is."""
    source = settings.SOURCE_URL or f"{settings.SITE_URL}{reverse('web:source')}"
    said = feeds.about(site_url=settings.SITE_URL, source_url=source, version=version("bocage"))
    if said is None:
        raise NotFound
    return _said(said)


@require_safe
def entries(request: HttpRequest) -> HttpResponse:
    """Send our entries after a number, a page of them."""
    after, limit = (_number(request, name, default) for name, default in (("after", 0), ("limit", feeds.MOST)))
    return _said(feeds.entries(after=after, limit=limit))


@require_safe
def head(request: HttpRequest) -> HttpResponse:
    """Send the number and hash of our last entry."""
    return _said(feeds.head())


def _number(request: HttpRequest, name: str, default: int) -> int:
    typed = request.GET.get(name, "")
    return int(typed) if typed.isdecimal() and typed.isascii() and len(typed) < 16 else default


def _said(content: object) -> HttpResponse:
    headers = {"Cache-Control": f"public, max-age={KEPT_S}", "Access-Control-Allow-Origin": "*"}
    return JsonResponse(content, safe=False, headers=headers, json_dumps_params={"ensure_ascii": False})
