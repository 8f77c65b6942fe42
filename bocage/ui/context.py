"""What every page's frame needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give templates the instance, the moment, the frame of another site if any, and whether this is the demo."""
    return {
        "instance": getattr(request, "instance", None),
        "now": getattr(request, "now", None),
        "embedded": getattr(request, "embedded", None),
        "is_demo": settings.DEMO,
    }
