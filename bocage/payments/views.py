"""Where providers' events come in."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from bocage.commons.refusals import Refused
from bocage.network.requests import HubRequest
from bocage.payments import actions

MOST_BYTES = 256 * 1024


@csrf_exempt
@require_POST
def event(request: HubRequest, provider: str) -> HttpResponse:
    """Keep an event for the worker, if its provider signed it; the signature stands for the CSRF token."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        return HttpResponse("too long", status=413, content_type="text/plain")
    try:
        actions.take_event(name=provider, body=request.body, headers=request.headers, now=request.now)
    except Refused as refusal:
        return HttpResponse(
            refusal.code, status=refusal.status if refusal.status < 500 else 400, content_type="text/plain"
        )
    return HttpResponse("kept", content_type="text/plain")
