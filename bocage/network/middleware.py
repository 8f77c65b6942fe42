"""Who asks, and of which instance: set on each request, loaded only when somebody looks."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from bocage.network import queries


def who_and_where(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Give each request `instance` and `actor`, each one query at most and only when used."""

    def handle(request: HttpRequest) -> HttpResponse:
        request.instance = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: queries.instance_for_host(request.get_host().partition(":")[0])
        )
        request.actor = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: queries.actor_for(request.user, language=getattr(request, "LANGUAGE_CODE", "fr"))
        )
        return get_response(request)

    return handle
