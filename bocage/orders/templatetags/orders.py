"""How lines and amounts of orders are written in pages."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import get_language

from bocage.commons.measures import Exact
from bocage.commons.money import Money
from bocage.commons.units import unit_text
from bocage.orders.forms import typed_amount, typed_weight
from bocage.orders.words import difference_in_words
from bocage.ui import formats

register = template.Library()


@register.filter
def unsigned(amount: Money) -> Money:
    """Return an amount without its sign: the words beside it say who owes it."""
    return abs(amount)


@register.filter
def size_words(line: Any) -> str:
    """Return what one of a line is, its variant's own name first: 'botte de 800 g', 'environ 1,4 kg', '75 cL'."""
    size = unit_text(
        line.unit, line.size, get_language() or "fr", line.pack, is_weighed=line.is_weighed, measure=line.measure
    )
    return f"{line.variant_name}, {size}" if line.variant_name else size


@register.filter
def measure(amount: Exact, unit: str) -> str:
    """Return an amount of goods in its unit: 21 kg, 75 cL, 12."""
    if unit == "weight":
        return formats.grams(amount)
    return formats.millilitres(amount) if unit == "volume" else formats.decimal(amount)


@register.filter
def change_words(line: dict[str, Any], currency: str) -> str:
    """Return what changed of a line as its customer reads it: 'Leeks: 3, now 2'."""
    return difference_in_words(line, currency)


@register.filter
def currency_sign(currency: str) -> str:
    """Return the sign of a currency beside a field, its code where it has none: €, CHF."""
    return {"EUR": "€", "GBP": "£", "USD": "$"}.get(currency, currency)


@register.filter
def price_typed(amount: Money) -> str:
    """Return an amount as one would type it."""
    return typed_amount(amount)


@register.filter
def weight_typed(grams: int | None) -> str:
    """Return a weight in kilograms as one would type it; nothing when there is none."""
    return typed_weight(grams)


@register.filter
def batch_typed(goods: Any) -> str:
    """Return the batch in which goods come as one would type it, in kg, L or pieces; nothing when there is none."""
    if not goods.batch:
        return ""
    return formats.decimal(goods.batch if goods.unit == "items" else Decimal(goods.batch).scaleb(-3))
