"""The page on which a platform is founded; and the way there from everywhere while there is none."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth import authenticate, login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from bocage.commons.refusals import NotFound
from bocage.network import queries
from bocage.network.queries.people import NoInstance
from bocage.network.requests import HubRequest
from bocage.ui.pages import go, page, showing_refusals
from bocage.web.beginning import actions
from bocage.web.beginning.forms import BeginForm


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HubRequest) -> HttpResponse:
    """Found the platform with its first steward, who is logged in then. Once there is one, there is no such page."""
    if queries.is_founded():
        raise NotFound()
    request.instance = None
    start = {"code": request.GET.get("code", "")[:40], "language": get_language()}
    form = BeginForm(request.POST if request.method == "POST" else None, initial=start)
    with showing_refusals(form):
        if form.is_bound and form.is_valid():
            said = form.cleaned_data
            actions.begin(
                code=said["code"],
                wanted=form.wanted(),
                lays_shelves=said["lays_shelves"],
                takes_rates=said["takes_rates"],
                now=request.now,
            )
            if person := authenticate(request, email=said["steward_email"].lower(), password=said["password"]):
                login(request, person, backend="django.contrib.auth.backends.ModelBackend")
            messages.success(request, gettext("Your platform is founded. Say here what it is about."))
            return go(request, reverse("web:instance"))
    return page(request, "web/begin.html", form=form, status=422 if form.errors else 200)


class Lead:
    """Lead whoever asks for a page of a platform that nobody founded yet to where it is founded. A middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return HttpResponseRedirect(reverse("web:begin")) if isinstance(error, NoInstance) else None
