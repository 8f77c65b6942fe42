"""How goods are written and shown on pages."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.translation import get_language

from bocage.commons.units import unit_text

register = template.Library()


@register.filter
def size_of(row: Any) -> str:
    """Return how much one of a row is: anything with unit, size, measure, pack and is_weighed."""
    return unit_text(
        row.unit, row.size, get_language() or "fr", row.pack, is_weighed=row.is_weighed, measure=row.measure
    )


@register.filter
def picture_of(path: str) -> str:
    """Return where a picture is served: a drawing among the static files, a photo among the stored ones."""
    if not path:
        return static("ui/drawings/basket.svg")
    return static(path) if path.startswith("ui/") else f"{settings.MEDIA_URL}{path}"
