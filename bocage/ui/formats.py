"""How amounts, weights, days and hours are written, in the reader's language."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from babel.dates import format_date, get_day_names, get_month_names
from babel.numbers import format_currency, format_decimal
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

from bocage.commons.measures import Exact
from bocage.commons.measures import decimal as exactly
from bocage.commons.money import MINOR_DIGITS, Money

NBSP = "\u00a0"
MINUS = "\u2212"


def money(amount: Money) -> str:
    """Return an amount as people write it: 12,50 € in French, €12.50 in English; below zero with a true minus.

    For people to read: what programs read (CSV) is written by its own face, in ASCII.
    """
    return _money(amount.minor, amount.currency, _language())


def fine_money(amount: Decimal, currency: str) -> str:
    """Return a price of one that is finer than the smallest coin, to four decimals: 1,1374 €."""
    pattern = "#,##0.0000\u00a0¤" if _language().startswith("fr") else "¤#,##0.0000"
    return _fitting(format_currency(amount, currency, format=pattern, locale=_locale(), currency_digits=False))


def whole_money(amount: Money) -> str:
    """Return an amount rounded to whole units, for big figures that stand beside the exact one: 120 000 €."""
    units = amount.part(1, 10 ** MINOR_DIGITS[amount.currency]).minor
    pattern = "#,##0\u00a0¤" if _language().startswith("fr") else "¤#,##0"
    written = format_currency(Decimal(units), amount.currency, format=pattern, locale=_locale(), currency_digits=False)
    return _fitting(written.replace("-", MINUS))


def rate(millionths: int) -> str:
    """Return a rate kept in millionths: 55000 → 5,5 %."""
    number = decimal(Decimal(millionths).scaleb(-4))
    return f"{number}{NBSP}%" if _language().startswith("fr") else f"{number}%"


def grams(weight: Exact) -> str:
    """Return a weight: 250 g, 1,2 kg."""
    return f"{decimal(weight)}{NBSP}g" if -1000 < weight < 1000 else f"{decimal(Fraction(weight, 1000))}{NBSP}kg"


def millilitres(volume: Exact) -> str:
    """Return a volume: 5 mL, 75 cL, 1,5 L."""
    if not -1000 < volume < 1000:
        return f"{decimal(Fraction(volume, 1000))}{NBSP}L"
    return f"{decimal(volume)}{NBSP}mL" if volume % 10 else f"{decimal(volume // 10)}{NBSP}cL"


def decimal(number: Decimal | Exact) -> str:
    """Return a number with the reader's own separators, as precise as it is: to nine decimals at most."""
    if isinstance(number, Fraction):
        number = Decimal(exactly(number))
    return _fitting(format_decimal(number, locale=_locale(), decimal_quantization=False))


def day(moment: date | datetime, now: datetime | None = None) -> str:
    """Return a day in full (vendredi 9 octobre); given `now`, with its year when that is another one."""
    there = _day(moment)
    other_year = now is not None and there.year != _day(now).year
    return _first(there, format_date(there, format="EEEE d MMMM y" if other_year else "EEEE d MMMM", locale=_locale()))


def short_day(moment: date | datetime) -> str:
    """Return a day in little room: 9 oct. 2026."""
    there = _day(moment)
    return _first(there, _fitting(format_date(there, format="medium", locale=_locale())))


def weekdays() -> list[str]:
    """Return the names of the days of the week, Monday first."""
    names = get_day_names("wide", locale=_locale())
    return [names[number] for number in range(7)]


def months() -> list[str]:
    """Return the names of the months, January first."""
    names = get_month_names("wide", "stand-alone", locale=_locale())
    return [names[number] for number in range(1, 13)]


def clock(at: time) -> str:
    """Return an hour of the clock on the wall as `hour` writes it."""
    return hour(timezone.make_aware(datetime.combine(date(2000, 1, 1), at)))


def hour(moment: datetime) -> str:
    """Return the hour of a moment: 16 h 30 in French, 4:30 pm in English."""
    here = timezone.localtime(moment)
    if _language().startswith("fr"):
        return f"{here.hour}{NBSP}h" + (f"{NBSP}{here.minute:02d}" if here.minute else "")
    twelve, half = here.hour % 12 or 12, "am" if here.hour < 12 else "pm"
    return f"{twelve}:{here.minute:02d}{NBSP}{half}" if here.minute else f"{twelve}{NBSP}{half}"


def day_hour(moment: datetime) -> str:
    """Return a day and its hour: vendredi 9 octobre à 16 h 30."""
    return gettext("%(day)s at %(hour)s") % {"day": day(moment), "hour": hour(moment)}


def relative(moment: datetime, now: datetime) -> str:
    """Return a moment as seen from `now`: today at 8 pm, tomorrow at 8 pm, Friday at 8 pm, or the whole date."""
    days = (_day(moment) - _day(now)).days
    names = {-1: gettext("yesterday at %(hour)s"), 0: gettext("today at %(hour)s"), 1: gettext("tomorrow at %(hour)s")}
    if days in names:
        return names[days] % {"hour": hour(moment)}
    if 1 < days < 7:
        weekday = format_date(_day(moment), format="EEEE", locale=_locale())
        return gettext("%(day)s at %(hour)s") % {"day": weekday, "hour": hour(moment)}
    return gettext("%(day)s at %(hour)s") % {"day": day(moment, now), "hour": hour(moment)}


def left(until: datetime, now: datetime) -> str:
    """Return how long is left, in its two largest units: 1 day 10 h, 48 min."""
    minutes = max(int((until - now) / timedelta(minutes=1)), 0)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        said = ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
        return f"{said} {hours}{NBSP}h" if hours else said
    return f"{hours}{NBSP}h {rest:02d}{NBSP}min" if hours else f"{rest}{NBSP}min"


def _language() -> str:
    return get_language() or "fr"


def _locale() -> str:
    return "en_GB" if _language().startswith("en") else _language().replace("-", "_")


def _day(moment: date | datetime) -> date:
    if isinstance(moment, datetime):
        return timezone.localtime(moment).date() if timezone.is_aware(moment) else moment.date()
    return moment


def _first(there: date, written: str) -> str:
    """The first of a month as French writes it, 1er; the data that Babel has for it writes 1."""
    if there.day != 1 or not _language().startswith("fr"):
        return written
    return " ".join("1er" if word == "1" else word for word in written.split(" "))


def _fitting(written: str) -> str:
    return written.replace("\u202f", NBSP)  # the narrow space is not in our fonts' subset


@lru_cache(maxsize=20_000)
def _money(minor: int, currency: str, language: str) -> str:
    digits = MINOR_DIGITS[currency]
    written = format_currency(Decimal(minor).scaleb(-digits), currency, locale=language.replace("-", "_"))
    return _fitting(written.replace("-", MINUS))
