"""The one place where time is taken: faces read it here and give it to actions and queries."""

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone


def now() -> datetime:
    """Return the present moment, aware, UTC. Only faces call this; below them time is given."""
    return timezone.now()


def middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Give each request one moment, `request.now`, that everything it does agrees on."""

    def handle(request: HttpRequest) -> HttpResponse:
        request.now = now()  # type: ignore[attr-defined]
        return get_response(request)

    return handle
