"""Home: who sells near me, now or when."""

from typing import Any

from django.core.cache import cache
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from bocage.network import queries as network
from bocage.network.requests import HubRequest
from bocage.ui.pages import page
from bocage.web import queries
from bocage.web.forms import FindForm

FIGURES_KEPT_S = 60


@require_safe
def home(request: HubRequest) -> HttpResponse:
    """List the hubs near a town, or those whose name is asked for, and draw them on the map."""
    form = FindForm(request.GET)
    wanted = form.wanted()
    place = queries.place_named(wanted.town, instance_id=request.instance.pk) if wanted.town else None
    found = queries.directory(
        instance_id=request.instance.pk,
        now=request.now,
        near=place,
        within_km=wanted.within,
        text="" if place else wanted.town,
        only=wanted.only,
    )
    return page(
        request,
        "web/home.html",
        part="near",
        form=form,
        wanted=wanted,
        place=place,
        found=found,
        chips=_chips(wanted, found),
        towns=queries.town_names(instance_id=request.instance.pk),
        figures=_figures(request),
        said=network.own_words(instance_id=request.instance.pk, kind="home"),
        nav_current="home",
    )


def _chips(wanted: Any, found: queries.Directory) -> list[tuple[str, str, int]]:
    """The sorts one may choose, each with its address's end and how many there are."""
    base = wanted.query()
    return [
        ("", f"?{base}", found.total),
        ("open", f"?{base}&only=open", found.open),
        ("delivery", f"?{base}&only=delivery", found.delivering),
    ]


def _figures(request: HubRequest) -> queries.Figures:
    """The figures of the instance, counted once a minute."""
    key = f"web.figures:{request.instance.pk}"
    found = cache.get(key)
    if found is None:
        found = queries.figures(instance_id=request.instance.pk, now=request.now)
        cache.set(key, found, FIGURES_KEPT_S)
    return found
