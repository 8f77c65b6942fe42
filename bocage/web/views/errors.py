"""What is shown when a request leads nowhere."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from bocage.network.queries.people import NoInstance


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say in words that the form was too old or came from elsewhere; nothing was saved."""
    sentence = gettext(
        "This form is too old or did not come from this page, so nothing was saved. Go back, reload and try again."
    )
    return render(request, "ui/refused.html", {"sentence": sentence, "code": "csrf"}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that nothing grows at this address; while nobody founded a platform yet, lead to where that is done."""
    try:
        return render(request, "404.html", status=404)
    except NoInstance:
        return redirect("web:begin")
