"""The demo's own door: be anybody of the town with one click. Closed outside the demo."""

from django.conf import settings
from django.contrib.auth import authenticate, login
from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_POST, require_safe

from bocage.commons.refusals import NotFound
from bocage.network.requests import HubRequest
from bocage.ui.pages import go, page
from bocage.web import demo as town


@require_safe
def demo(request: HubRequest) -> HttpResponse:
    """Say who to log in as, what each of them can do, and where to look."""
    _only_in_the_demo()
    return page(request, "web/demo.html", people=town.people(), password=town.password())


@require_POST
def be(request: HubRequest) -> HttpResponse:
    """Log in as one of the town: only accounts that still have the demo's password."""
    _only_in_the_demo()
    chosen = next((one for one in town.people() if one.email == request.POST.get("email")), None)
    person = authenticate(request, email=chosen.email, password=town.password()) if chosen else None
    if chosen is None or person is None:
        raise NotFound()
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    return go(request, _first_page(chosen))


def _only_in_the_demo() -> None:
    if not settings.DEMO:
        raise NotFound()


def _first_page(person: town.DemoPerson) -> str:
    """Those who run a hub start at its dashboard, the others at home."""
    try:
        return reverse("web:dashboard", args=[person.slug]) if person.slug else reverse("web:home")
    except NoReverseMatch:
        return reverse("web:home")
