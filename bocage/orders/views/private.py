"""Pages whose address is a secret."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.views.decorators.cache import cache_control

View = Callable[..., HttpResponse]


def private(view: View) -> View:
    """Keep a page whose address is a secret out of caches, search engines and other sites' logs.

    `no-referrer` would be stricter, but browsers then send forms with the origin "null", which the CSRF check refuses.
    """

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> HttpResponse:
        response = cache_control(no_store=True, private=True)(view)(*args, **kwargs)
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return guarded
