"""The living page of every component in every state."""

from django.http import HttpResponse

from bocage.ui import samples
from bocage.ui.pages import PageRequest, page


def styleguide(request: PageRequest) -> HttpResponse:
    """Show every component in every state, as a place to start a new screen from."""
    return page(request, "ui/styleguide.html", nav_current="styleguide", **samples.gallery(request.now))


def styleguide_hub(request: PageRequest) -> HttpResponse:
    """Show the hub's frame with invented rows."""
    return page(request, "ui/styleguide_hub.html", nav_current="today", **samples.hub(), **samples.gallery(request.now))


def styleguide_paper(request: PageRequest) -> HttpResponse:
    """Show a sheet for the barn wall."""
    return page(request, "ui/styleguide_paper.html", **samples.gallery(request.now))
