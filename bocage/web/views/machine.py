"""For machines: probes, robots; and the source code for whoever asks."""

from django.conf import settings
from django.db import connection
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.views.decorators.http import require_safe

from bocage.web.source import archive

PRIVATE = ("/account", "/hub/", "/order/", "/mail/", "/machine/", "/demo/", "/i18n/")


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Answer `ok` when the database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:
        return HttpResponse("no database\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell crawlers what is nobody's business."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in PRIVATE)]
    lines += ["Disallow: /shop/*/basket/", "Disallow: /shop/*/checkout/"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@require_safe
def source(request: HttpRequest) -> HttpResponseBase:
    """Give the source code that this server runs, or lead to where it is offered."""
    if settings.SOURCE_URL:
        return HttpResponseRedirect(settings.SOURCE_URL)
    return FileResponse(archive().open("rb"), as_attachment=True, filename="bocage-source.tar.gz")
