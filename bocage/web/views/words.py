"""Pages of words: selling here, the legal texts."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from bocage.commons.refusals import NotFound
from bocage.network import queries as network
from bocage.network.requests import HubRequest
from bocage.ui.pages import page

OWN_TEXTS = ("privacy", "notice")


@require_safe
def sell(request: HubRequest) -> HttpResponse:
    """Say how a farm or a group opens a shop here."""
    return page(request, "web/sell.html", nav_current="sell")


@require_safe
def legal(request: HubRequest, which: str = "") -> HttpResponse:
    """Show a legal text: `terms` are the instance's in force, the others are its own too, or ours where it says none."""
    if which in OWN_TEXTS and (said := network.own_words(instance_id=request.instance.pk, kind=which)):
        return page(request, f"web/legal/{'notice' if which == 'notice' else 'terms'}.html", text=said, which=which)
    if which in OWN_TEXTS or not which:
        return page(request, f"web/legal/{which or 'all'}.html", which=which)
    texts = network.current_texts(instance_id=request.instance.pk) if which == "terms" else []
    if not texts:
        raise NotFound()
    return page(request, "web/legal/terms.html", text=texts[0], which=which)


@require_safe
def account(request: HubRequest) -> HttpResponse:
    """Lead to one's account, or to log in."""
    try:
        return HttpResponseRedirect(reverse("network:account"))
    except NoReverseMatch:
        return HttpResponseRedirect(reverse(settings.LOGIN_URL))


@require_safe
@login_required
def work(request: HubRequest) -> HttpResponse:
    """Lead to the dashboard of the one hub I work for, to the choice among several, or home."""
    mine = network.enterprises_of(request.actor)
    if len(mine) == 1:
        return HttpResponseRedirect(reverse("web:dashboard", args=[mine[0].slug]))
    return HttpResponseRedirect(f"{reverse('network:account')}#work" if mine else reverse("web:home"))
