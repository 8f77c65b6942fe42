"""The simulator: who would pay what for the common software."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from bocage.commons.refusals import NotFound
from bocage.cooperative.federation.forms import SimulationForm, asked
from bocage.cooperative.federation.papers import as_csv
from bocage.cooperative.federation.queries.simulation import Simulation, simulation, terms_in_force
from bocage.cooperative.federation.rules.keys import USUAL, Key
from bocage.cooperative.federation.words import OTHERWISE
from bocage.network.requests import HubRequest
from bocage.ui.pages import page, showing_refusals

POT = 60_000_000  # what an instance starts from before anything was decided


@require_safe
def sharing(request: HubRequest) -> HttpResponse:
    """Show who would pay what under a key, and let it be moved."""
    form = _form(request)
    found = _found(form)
    return page(
        request,
        "federation/sharing.html",
        part="result",
        form=form,
        found=found,
        otherwise=[(OTHERWISE[one.what], one) for one in found.otherwise] if found else (),
        query=urlencode(form.data) if form.is_valid() else "",
        nav_current="commons",
        status=200 if found else 422,
    )


@require_safe
def sharing_file(request: HubRequest, form: str) -> HttpResponse:
    """Send the same as a table (csv) or as the text that a decision would keep (json), with its hash."""
    found = _found(_form(request))
    if found is None or form not in ("csv", "json"):
        raise NotFound
    content, kind = (as_csv(found), "text/csv") if form == "csv" else (found.statement.encode(), "application/json")
    headers = {"Content-Disposition": f'attachment; filename="sharing-{found.year + 1}.{form}"', "X-Hash": found.hash}
    return HttpResponse(content, content_type=f"{kind}; charset=utf-8", headers=headers)


def _form(request: HubRequest) -> SimulationForm:
    """Read what was asked; what was left out is as it stands today."""
    force = terms_in_force()
    _year, pot, terms = force or (0, POT, USUAL[Key.ABLE])
    start = asked(pot, terms)
    return SimulationForm({name: request.GET.get(name, value) for name, value in start.items()})


def _found(form: SimulationForm) -> Simulation | None:
    with showing_refusals(form):
        if form.is_valid():
            return simulation(form.wanted())
    return None
