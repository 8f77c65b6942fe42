"""What only the accounts write."""

from decimal import Decimal

from django import template
from django.utils.translation import gettext

from bocage.commons.money import Money
from bocage.ui import formats

register = template.Library()


@register.filter
def whole_money(amount: Money) -> str:
    """Write an amount without its cents, for big figures; the exact one stands beside."""
    return formats.whole_money(amount)


@register.filter
def tenths(number: int) -> str:
    """Write a number kept in tenths: 45 is 4,5."""
    return formats.decimal(Decimal(number).scaleb(-1))


@register.filter
def quarter(written: object) -> str:
    """Write a quarter that is kept as 2026-Q3: Q3 2026, T3 2026."""
    year, _, number = str(written).partition("-Q")
    return gettext("Q%(number)s %(year)s") % {"number": number, "year": year}
