"""What only the pages of this app write."""

from decimal import Decimal

from django import template
from django.conf import settings
from django.templatetags.static import static

from bocage.ui.formats import NBSP, decimal

register = template.Library()


@register.filter
def picture(path: str) -> str:
    """Return the address of a picture kept as a drawing's static path or as a stored file."""
    if not path:
        return static("ui/drawings/basket.svg")
    return static(path) if path.startswith("ui/") else f"{settings.MEDIA_URL}{path}"


@register.filter
def km(distance: float) -> str:
    """Write a distance: 0,4 km, 12 km."""
    number = Decimal(f"{distance:.1f}") if distance < 10 else Decimal(round(distance))
    return f"{decimal(number.normalize() if number else Decimal(0))}{NBSP}km"
