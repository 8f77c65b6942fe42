"""The mail page: what was written to whom, and how it looks; for the demo and for stewards."""

from csp.decorators import csp, csp_update
from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from bocage.messages import queries
from bocage.network.requests import HubRequest
from bocage.ui.pages import page


@require_safe
def outbox(request: HubRequest) -> HttpResponse:
    """List the mails, newest first."""
    before = request.GET.get("before", "")
    rows = queries.outbox(actor=request.actor, before=int(before) if before.isdecimal() and len(before) < 19 else None)
    older = f"{reverse('messages:outbox')}?before={rows[-1].id}" if len(rows) == queries.PAGE else ""
    total = queries.count(actor=request.actor)
    folder = str(settings.MAIL_FOLDER) if settings.DEMO and not settings.EMAIL_HOST else ""
    return page(request, "messages/outbox.html", rows=rows, older=older, total=total, folder=folder)


@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type]  # its types know views without arguments only
@require_safe
def show(request: HubRequest, message_id: int) -> HttpResponse:
    """Show one mail: its head, its HTML in a frame without any power, its plain text, its state."""
    return page(request, "messages/show.html", mail=queries.message(message_id=message_id, actor=request.actor))


@xframe_options_sameorigin
@csp(  # type: ignore[arg-type]  # the same
    {
        "default-src": ["'none'"],
        "style-src": ["'unsafe-inline'"],
        "img-src": ["data:"],
        "frame-ancestors": ["'self'"],
        "sandbox": "allow-same-origin allow-popups allow-popups-to-escape-sandbox",
    }
)
@require_safe
def html(request: HubRequest, message_id: int) -> HttpResponse:
    """Return one mail's HTML as its reader gets it; it may run nothing and load nothing.

    It is of our origin, so that the page around it may measure it; without scripts that gives it no power.
    """
    return HttpResponse(queries.message(message_id=message_id, actor=request.actor).html)
