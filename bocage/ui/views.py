"""The living page of every component in every state."""

from django.http import HttpRequest, HttpResponse

from bocage.ui import samples
from bocage.ui.pages import page


def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component in every state, as a place to start a new screen from."""
    return page(request, "ui/styleguide.html", nav_current="styleguide", **samples.gallery(request.now))


def styleguide_hub(request: HttpRequest) -> HttpResponse:
    """Show the hub's frame with invented rows."""
    return page(request, "ui/styleguide_hub.html", nav_current="today", **samples.hub(), **samples.gallery(request.now))


def styleguide_paper(request: HttpRequest) -> HttpResponse:
    """Show a sheet for the barn wall."""
    return page(request, "ui/styleguide_paper.html", **samples.gallery(request.now))
