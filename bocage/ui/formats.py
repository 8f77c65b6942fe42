"""How amounts, days and hours are written, in the reader's language."""

from __future__ import annotations

from functools import lru_cache

from babel.numbers import format_currency
from django.utils.translation import get_language

from bocage.commons.money import MINOR_DIGITS, Money


def money(amount: Money) -> str:
    """Return an amount as people write it: 12,50 € in French, €12.50 in English."""
    return _money(amount.minor, amount.currency, get_language() or "fr")


@lru_cache(maxsize=20_000)
def _money(minor: int, currency: str, language: str) -> str:
    from decimal import Decimal

    digits = MINOR_DIGITS[currency]
    written = format_currency(Decimal(minor).scaleb(-digits), currency, locale=language.replace("-", "_"))
    return written.replace("\u202f", "\u00a0")  # the narrow space is not in our fonts' subset
