"""How much one of something is, in words, and what a kilogram, a litre or a piece of it costs: computed, never stored.

A size is an exact number of grams (unit "weight"), millilitres ("volume") or items ("items"): see `commons.measures`, where
the measures are that its maker may count in (`measure`, "" for any metric one). Texts are French when the language begins
with "fr", else English; number and unit are joined by a no-break space.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from fractions import Fraction

from bocage.commons.measures import BY_UNIT, MEASURES, Exact, Measure, measure_of
from bocage.commons.money import Money, round_half_up
from bocage.commons.nouns import Noun, noun, plural

NBSP = "\u00a0"
LOOSE = {"vrac", "loose", "bulk"}
SHOWN = frozenset({"g", "kg", "t", "oz", "lb", "mL", "L", "kL", "gal"})  # and, in French, cL
IMPERIAL_COUNTRIES = {"US", "LR", "MM"}  # all others sell by the kilogram and the litre by law
PER = {  # what a unit price is for: its code, and how much that is, by unit and whether people count in imperial measures
    ("weight", False): ("kg", Fraction(1000)),
    ("weight", True): ("lb", MEASURES["lb"].scale),
    ("volume", False): ("L", Fraction(1000)),
    ("volume", True): ("gal", MEASURES["gal"].scale),
}


def unit_text(
    unit: str, size: Exact, language: str, pack: str = "", *, is_weighed: bool = False, measure: str = ""
) -> str:
    """Return what one is, without an article: "800 g", "1,75 kg", "10 oz", "botte de 800 g", "boîte de 6", "tête"."""
    pack = pack.strip()
    if unit == "items":
        return _items_text(size, pack, language)
    amount = amount_text(unit, size, language, measure)
    if is_weighed:
        amount = f"environ {amount}" if _french(language) else f"about {amount}"
    if not pack:
        return amount
    if pack.lower() in LOOSE:
        return f"{amount}, en vrac" if _french(language) else f"{amount}, loose"
    return _pack_of(pack, amount, language)


def shop_phrase(
    unit: str, size: Exact, language: str, pack: str = "", *, is_weighed: bool = False, measure: str = ""
) -> str:
    """Return what a price is for, as a market stall says it: "la botte de 800 g", "le kilo", "per bunch of 800 g"."""
    text = unit_text(unit, size, language, pack, is_weighed=is_weighed, measure=measure)
    french, known = _french(language), _head(pack.strip() or "pièce")[0]
    if unit != "items" and (not pack.strip() or pack.strip().lower() in LOOSE):
        return _measure_phrase(unit, size, text, french, measure)
    if text == "piece":
        return "each"
    if known is None and not text[0].isdigit():
        return text
    return (("les " if known is None else _article(known)) if french else "per ") + text


def unit_price(
    price: Money, unit: str, size: Exact, weight_g: int | None = None, *, measure: str = "", system: str = ""
) -> tuple[Money, str]:
    """Return what 1 kg, 1 L, 1 lb, 1 gal or one item costs, rounded once to the cent, and which of these ("item") it is.

    In the reader's `system`, "metric" or "imperial", else in that of the measure its maker counts in. Counted goods whose
    net weight `weight_g` (grams of all of them together) is known are compared by weight.
    """
    by = "weight" if unit == "items" and weight_g else unit
    if by == "items":
        return price.times(Fraction(1) / Fraction(size)), "item"
    is_imperial = system == "imperial" if system else _is_imperial(measure)
    code, per = PER[by, is_imperial]
    measured = Fraction(weight_g) if unit == "items" and weight_g else Fraction(size)
    return price.times(per / measured), code


def system_of(country: str) -> str:
    """Return the system in which shops of a country must write unit prices: "imperial" or "metric"."""
    return "imperial" if country.upper() in IMPERIAL_COUNTRIES else "metric"


def unit_name(code: str, language: str) -> str:
    """Return the code of a unit price as people read it: "kg", "L", "lb", "gal", "pièce"."""
    return "pièce" if code == "item" and _french(language) else code


def amount_text(
    unit: str, size: Exact, language: str, measure: str = "", *, available: Collection[str] = frozenset()
) -> str:
    """Return a weight or volume, to two decimals, in the largest measure of which there is at least one: "1,75 kg".

    Measures are of the system its maker counts in, among `available` codes (else those usual in the language) and the
    maker's own. Where there is less than one of each, the smallest of them.
    """
    own = measure_of(measure) if measure else None
    codes = available or (SHOWN | {"cL"} if _french(language) else SHOWN)
    steps = [one for one in _system(unit, measure) if one.code in codes or one is own]
    steps = steps or _system(unit, measure)
    chosen = next((one for one in reversed(steps) if size >= one.scale), steps[0])
    return f"{number(Fraction(size) / chosen.scale, language)}{NBSP}{chosen.code}"


def number(exact: Fraction | int, language: str) -> str:
    """Return a number rounded half up to two decimals, without idle zeros, with the language's decimal sign."""
    whole, hundredths = divmod(abs(round_half_up(Fraction(exact) * 100)), 100)
    decimals = f"{hundredths:02d}".rstrip("0")
    sign = "-" if exact < 0 else ""
    return f"{sign}{whole}" + (("," if _french(language) else ".") + decimals if decimals else "")


def _is_imperial(measure: str) -> bool:
    own = measure_of(measure) if measure else None
    return own is not None and own.is_imperial


def _system(unit: str, measure: str) -> list[Measure]:
    """Return the measures of a unit, smallest first, of the system that one of them belongs to."""
    is_imperial = _is_imperial(measure)
    return [one for one in BY_UNIT[unit] if one.is_imperial == is_imperial]


def _items_text(size: Exact, pack: str, language: str) -> str:
    word = pack or "pièce"
    if size == 1:
        return _translated(word, language)
    if not pack or noun(pack) == noun("pièce"):
        return f"{number(size, language)}{NBSP}{plural(float(size), word, language)}"
    return _pack_of(pack, number(size, language), language)


def _pack_of(pack: str, amount: str, language: str) -> str:
    """Return "botte de 800 g"; a pack in words of its own, such as "4 tranches", keeps them: "4 tranches, 160 g"."""
    known, rest = _head(pack)
    words = _translated(pack, language)
    if known is None or " " in rest.strip():
        return f"{words}, {amount}"
    if not _french(language):
        return f"{words} of {amount}"
    return f"{words} {'d’' if amount.startswith('environ') else 'de '}{amount}"


WHOLE = {  # a stall's words for one of a measure
    "kg": ("le kilo", "per kilo"), "L": ("le litre", "per litre"), "oz": ("l’once", "per ounce"),
    "lb": ("la livre", "per pound"), "gal": ("le gallon", "per gallon"),
}  # fmt: skip


def _measure_phrase(unit: str, size: Exact, text: str, french: bool, measure: str) -> str:
    whole = next((WHOLE[one.code] for one in _system(unit, measure) if size == one.scale and one.code in WHOLE), None)
    if whole is not None and "environ" not in text and "about" not in text:
        return whole[0 if french else 1]
    return f"les {text}" if french else f"per {text}"


def _translated(pack: str, language: str) -> str:
    """Return a pack in the language: its noun, and the count in "lot de 2" or "4 tranches"; other words stay as typed."""
    known, rest = _head(pack)
    count, _, counted = pack.partition(" ")
    if count.isdigit() and noun(counted):
        return f"{count}{NBSP}{plural(int(count), counted, language)}"
    if known is None:
        return pack
    if _french(language):
        return known.fr + rest
    set_of = re.fullmatch(r"(?: de (\d+))?", rest)
    if set_of is None:
        return pack
    return f"{known.en} of {set_of[1]}" if set_of[1] else known.en


def _head(pack: str) -> tuple[Noun | None, str]:
    """Return the noun that a pack is or begins with, and what follows it: "part fumée" → part, " fumée"."""
    whole = noun(pack)
    if whole is not None:
        return whole, ""
    first, space, rest = pack.partition(" ")
    return noun(first), space + rest


def _article(known: Noun) -> str:
    if known.fr[0] in "aeéêiouœ":
        return "l’"
    return "la " if known.is_feminine else "le "


def _french(language: str) -> bool:
    return language.startswith("fr")
