"""How charges are read from and written into pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from bocage.ui.fields import MoneyField

register = template.Library()


@register.filter
def at(words: Mapping[str, Any], key: str) -> Any:
    """Return what a key is called."""
    return words.get(key, key)


@register.filter
def typed(minor: int) -> str:
    """Return an amount as somebody would type it: 2,60."""
    return MoneyField().prepare_value(minor)
