"""Addresses of pictures: our own drawings are static files, uploaded photos are media."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.templatetags.static import static

FALLBACK = "ui/drawings/basket.svg"


@lru_cache(maxsize=5000)
def picture_url(path: str) -> str:
    """Return where a picture is served; the drawing of a basket where it is missing."""
    if path and not path.startswith("ui/"):
        return f"{settings.MEDIA_URL}{path}"
    try:
        return static(path or FALLBACK)
    except ValueError:  # the manifest of static files does not know it
        return static(FALLBACK)
