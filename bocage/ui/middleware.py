"""The one place where a refusal that no form caught becomes a page, and where a bug gets its reference."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bocage.commons.refusals import Refused
from bocage.ui.pages import say


def refusals(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Show a Refused that climbs out of a view as a page in words, with its own status."""

    def handle(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_exception(request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        return render(request, "ui/refused.html", {"sentence": say(error), "code": error.code}, status=error.status)

    handle.process_exception = process_exception  # type: ignore[attr-defined]
    return handle
