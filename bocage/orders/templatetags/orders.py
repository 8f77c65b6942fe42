"""How lines and amounts of orders are written in pages."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import get_language

from bocage.commons.money import Money
from bocage.commons.units import unit_text

register = template.Library()


@register.filter
def unsigned(amount: Money) -> Money:
    """Return an amount without its sign: the words beside it say who owes it."""
    return abs(amount)


@register.filter
def size_words(line: Any) -> str:
    """Return what one of a line is, its variant's own name first: 'botte de 800 g', 'environ 1,4 kg', '75 cL'."""
    size = unit_text(line.unit, line.size, get_language() or "fr", line.pack, is_weighed=line.is_weighed)
    return f"{line.variant_name}, {size}" if line.variant_name else size
