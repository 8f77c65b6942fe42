"""What only the pages of this app write."""

from decimal import Decimal

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.translation import ngettext

from bocage.ui.formats import NBSP, decimal
from bocage.web.machine import words

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


@register.filter
def lasting(seconds: int) -> str:
    """Write how long something takes, in its largest unit: 20 s, 30 min, 1 h, 1 day."""
    if seconds >= 86400:
        return ngettext("%(count)s day", "%(count)s days", seconds // 86400) % {"count": seconds // 86400}
    if seconds >= 3600:
        return f"{seconds // 3600}{NBSP}h"
    return f"{seconds // 60}{NBSP}min" if seconds >= 60 else f"{seconds}{NBSP}s"


@register.filter
def task(name: str) -> str:
    """Say in plain words what recurs under this name."""
    return str(words.TASKS.get(name, brief(name)))


@register.filter
def fact(name: str) -> str:
    """Say in plain words what happened."""
    return str(words.FACTS.get(words.short(name), brief(name)))


@register.filter
def listener(name: str) -> str:
    """Say in plain words who was to hear of it."""
    return str(words.LISTENERS.get(words.short(name), brief(name)))


def brief(name: str) -> str:
    """Write a function's full name as who wrote it reads it: bocage.orders.subscribers.tell_hub → orders: tell_hub."""
    app, _, rest = name.removeprefix("bocage.").partition(".")
    return f"{app}: {rest.rpartition('.')[2]}" if rest else app
