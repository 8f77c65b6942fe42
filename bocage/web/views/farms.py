"""The farms: who grows and makes."""

from django.http import HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from bocage.network.requests import HubRequest
from bocage.ui.pages import page
from bocage.web import queries


@require_safe
def farms(request: HubRequest) -> HttpResponse:
    """List the farms, perhaps only those with one property."""
    trait = request.GET.get("trait", "")
    rows, traits = queries.farms(instance_id=request.instance.pk, language=get_language() or "fr", trait=trait)
    return page(request, "web/farms.html", part="rows", rows=rows, traits=traits, trait=trait, nav_current="farms")


@require_safe
def farm(request: HubRequest, slug: str) -> HttpResponse:
    """Show a farm: its story, its goods, where they are sold now."""
    row = queries.farm_page(
        instance_id=request.instance.pk, slug=slug, language=get_language() or "fr", now=request.now
    )
    response = page(request, "web/farm.html", farm=row, nav_current="farms")
    if not row.is_listed:
        response["X-Robots-Tag"] = "noindex"
    return response
