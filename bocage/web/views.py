"""Pages that belong to no app alone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say in words that the form was too old or came from elsewhere; nothing was saved."""
    sentence = gettext(
        "This form is too old or did not come from this page, so nothing was saved. Go back, reload and try again."
    )
    return render(request, "ui/refused.html", {"sentence": sentence, "code": "csrf"}, status=403)
