"""What every template may use without loading anything: all components, and filters that write values for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField
from django.template.base import Node, Parser, Token
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from bocage.commons.money import Money
from bocage.ui import bands, charts, controls, formats, modules
from bocage.ui.components import register_all

register = template.Library()
components = register_all(register)


# ── Values as people write them ────────────────────────────────────────────────────────────────────────────────────
@register.filter
def money(amount: Money | str | None) -> str:
    """Write an amount; nothing for None; what is words already stays."""
    if isinstance(amount, str):
        return amount
    return formats.money(amount) if amount is not None else ""


@register.filter
def minor(amount: int | None, currency: str = "EUR") -> str:
    """Write an amount given in minor units; nothing for None."""
    return formats.money(Money(amount, currency)) if amount is not None else ""


@register.filter
def rate(millionths: int) -> str:
    """Write a rate kept in millionths: 55000 is 5,5 %."""
    return formats.rate(millionths)


@register.filter
def listed(values: str) -> str:
    """Write what is kept as `a,b,c` as one reads it: a, b, c."""
    return ", ".join(values.split(","))


@register.filter
def grams(weight: int) -> str:
    """Write a weight in grams below a kilogram, in kilograms above."""
    return formats.grams(weight)


@register.filter
def millilitres(volume: int) -> str:
    """Write a volume in centilitres below a litre, in litres above."""
    return formats.millilitres(volume)


@register.filter
def day(moment: date | datetime | None, now: datetime | None = None) -> str:
    """Write a day in full; with `now`, the year too when it is another one."""
    return formats.day(moment, now) if moment else ""


@register.filter
def short_day(moment: date | datetime | None) -> str:
    """Write a day in little room: 9 oct. 2026."""
    return formats.short_day(moment) if moment else ""


@register.filter
def day_before(end: datetime | None) -> datetime | None:
    """Return a moment of the last day before an end that is not included: a period until midnight ends the day before."""
    return end - timedelta(microseconds=1) if end else None


@register.filter
def hour(moment: datetime | None) -> str:
    """Write the hour of a moment: 16 h 30."""
    return formats.hour(moment) if moment else ""


@register.filter
def day_hour(moment: datetime | None) -> str:
    """Write a day and its hour."""
    return formats.day_hour(moment) if moment else ""


@register.filter
def relative(moment: datetime | None, now: datetime) -> str:
    """Write a moment as seen from `now`: today at…, tomorrow at…, Friday at…"""
    return formats.relative(moment, now) if moment else ""


@register.filter
def left(until: datetime, now: datetime) -> str:
    """Write how long is left from `now` to `until`."""
    return formats.left(until, now)


@register.filter
def so_far(now: datetime, span: tuple[datetime, datetime]) -> int:
    """Return how much of a span has passed, from 0 to 1000."""
    start, end = span
    return max(0, min(1000, round(1000 * ((now - start) / (end - start))))) if end > start else 1000


@register.filter
def to(start: datetime, end: datetime) -> tuple[datetime, datetime]:
    """Return the span between two moments, for `so_far`."""
    return start, end


# ── Pictures ───────────────────────────────────────────────────────────────────────────────────────────────────────
@register.filter
def icon(name: str) -> SafeString:
    """Draw an icon beside its word; say nothing of it to a screen reader."""
    return format_html('<span class="icon" data-icon="{}" aria-hidden="true"></span>', name)


@register.filter
def drawing(name: str) -> str:
    """Return the address of one of our drawings: `{{ "leek"|drawing }}`."""
    return static(f"ui/drawings/{name}.svg")


@register.filter
def band(kind: str, slug: str) -> str:
    """Return the address of the wide picture of a hub: `{{ shop.kind|band:shop.slug }}`, 1440 by 300."""
    return drawing(bands.band(kind, slug))


@register.filter
def photo_for(src: str, size: str) -> str:
    """Return the address of an uploaded photo in the size that a thumb shows; anything else as it is."""
    return src if size in ("l", "xl") else str(src).replace("-480.webp", "-120.webp")


@register.filter
def initials(name: str) -> str:
    """Return the first letters of the first and last words of a name."""
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


register.filter("spark_line", charts.spark_line)
register.filter("spark_area", charts.spark_area)
register.filter("bar_parts", charts.bar_parts)


# ── Forms ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@register.filter
def kind(field: BoundField) -> str:
    """Return how a field is laid out: input, select, textarea, checkbox, choices or file."""
    return controls.kind(field)


@register.filter
def control(field: BoundField, hint: str = "") -> SafeString:
    """Draw a field's control, tied to its hint and its errors."""
    return controls.control(field, hint)


@register.filter
def attributes(extra: Mapping[str, Any] | None) -> SafeString:
    """Write a dictionary as HTML attributes; False and None leave one out, True writes its name alone."""
    kept = [(k, v) for k, v in (extra or {}).items() if v is not None and v is not False]
    return format_html_join(
        "", "{}", ((format_html(" {}", k) if v is True else format_html(' {}="{}"', k, v),) for k, v in kept)
    )


# ── The frame ──────────────────────────────────────────────────────────────────────────────────────────────────────
@register.simple_tag
def maybe_url(name: str, *args: Any) -> str:
    """Return the address named `name`, or nothing where this instance has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@register.simple_tag
def import_map() -> SafeString:
    """Return the import map of all our modules, as the text of a script element."""
    return modules.import_map()


@register.simple_tag
def languages() -> Sequence[tuple[str, str]]:
    """Return the languages on offer, each in its own name."""
    return settings.LANGUAGES


@register.tag
def setblock(parser: Parser, token: Token) -> Node:
    """Keep what stands between `{% setblock name %}` and `{% endsetblock %}` in a variable, to hand to a component."""
    _, name = token.split_contents()
    content = parser.parse(("endsetblock",))
    parser.delete_first_token()
    return SetBlock(name, content)


class SetBlock(Node):
    def __init__(self, name: str, content: template.base.NodeList):
        self.name, self.content = name, content

    def render(self, context: template.Context) -> str:
        context[self.name] = self.content.render(context).strip()
        return ""
