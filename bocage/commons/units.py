"""How much one of something is, in words, and what a kilogram, a litre or a piece of it costs: computed, never stored.

A size is a whole number of grams (unit "weight") or millilitres ("volume"), or a count ("items"). Texts are French when the
language begins with "fr", else English; number and unit are joined by a no-break space.
"""

from __future__ import annotations

import re
from fractions import Fraction

from bocage.commons.money import Money, round_half_up
from bocage.commons.nouns import Noun, noun, plural

NBSP = "\u00a0"
LOOSE = {"vrac", "loose", "bulk"}
STEPS = {  # smallest first: name in French, in English, its size in grams or millilitres
    "weight": [("g", "g", 1), ("kg", "kg", 1000), ("t", "t", 1_000_000)],
    "volume_fr": [("mL", "mL", 1), ("cL", "cL", 10), ("L", "L", 1000)],
    "volume_en": [("mL", "mL", 1), ("L", "L", 1000)],
}


def unit_text(unit: str, size: int, language: str, pack: str = "", *, is_weighed: bool = False) -> str:
    """Return what one is, without an article: "800 g", "1,75 kg", "75 cL", "botte de 800 g", "boîte de 6", "tête"."""
    pack = pack.strip()
    if unit == "items":
        return _items_text(size, pack, language)
    amount = measure(unit, size, language)
    if is_weighed:
        amount = f"environ {amount}" if _french(language) else f"about {amount}"
    if not pack:
        return amount
    if pack.lower() in LOOSE:
        return f"{amount}, en vrac" if _french(language) else f"{amount}, loose"
    return _pack_of(pack, amount, language)


def shop_phrase(unit: str, size: int, language: str, pack: str = "", *, is_weighed: bool = False) -> str:
    """Return what a price is for, as a market stall says it: "la botte de 800 g", "le kilo", "per bunch of 800 g"."""
    text = unit_text(unit, size, language, pack, is_weighed=is_weighed)
    french, known = _french(language), _head(pack.strip() or "pièce")[0]
    if unit != "items" and (not pack.strip() or pack.strip().lower() in LOOSE):
        return _measure_phrase(unit, size, text, french)
    if text == "piece":
        return "each"
    if known is None and not text[0].isdigit():
        return text
    return (("les " if known is None else _article(known)) if french else "per ") + text


def unit_price(price: Money, unit: str, size: int, weight_g: int | None = None) -> tuple[Money, str]:
    """Return what 1 kg, 1 L or one item costs, rounded once to the cent, and which of "kg", "L", "item" it is.

    Counted goods whose net weight `weight_g` (grams of all of them together) is known are compared by the kilogram.
    """
    if unit == "items" and not weight_g:
        return price.times(Fraction(1, size)), "item"
    measured = weight_g if unit == "items" and weight_g else size
    return price.times(Fraction(1000, measured)), "L" if unit == "volume" else "kg"


def unit_name(code: str, language: str) -> str:
    """Return "kg", "L" or "item" of a unit price as people read it: "kg", "L", "pièce"."""
    return "pièce" if code == "item" and _french(language) else code


def measure(unit: str, size: int, language: str) -> str:
    """Return a weight or volume in the largest unit of which it has at least one, to two decimals: "1,75 kg"."""
    french = _french(language)
    steps = STEPS["weight"] if unit == "weight" else STEPS["volume_fr" if french else "volume_en"]
    french_name, english_name, scale = next((s for s in reversed(steps) if size >= s[2]), steps[0])
    return f"{number(Fraction(size, scale), language)}{NBSP}{french_name if french else english_name}"


def number(exact: Fraction | int, language: str) -> str:
    """Return a number rounded half up to two decimals, without idle zeros, with the language's decimal sign."""
    whole, hundredths = divmod(abs(round_half_up(Fraction(exact) * 100)), 100)
    decimals = f"{hundredths:02d}".rstrip("0")
    sign = "-" if exact < 0 else ""
    return f"{sign}{whole}" + (("," if _french(language) else ".") + decimals if decimals else "")


def _items_text(size: int, pack: str, language: str) -> str:
    word = pack or "pièce"
    if size == 1:
        return _translated(word, language)
    if not pack or noun(pack) == noun("pièce"):
        return f"{size}{NBSP}{plural(size, word, language)}"
    return _pack_of(pack, str(size), language)


def _pack_of(pack: str, amount: str, language: str) -> str:
    """Return "botte de 800 g"; a pack in words of its own, such as "4 tranches", keeps them: "4 tranches, 160 g"."""
    known, rest = _head(pack)
    words = _translated(pack, language)
    if known is None or " " in rest.strip():
        return f"{words}, {amount}"
    if not _french(language):
        return f"{words} of {amount}"
    return f"{words} {'d’' if amount.startswith('environ') else 'de '}{amount}"


def _measure_phrase(unit: str, size: int, text: str, french: bool) -> str:
    whole = {("weight", 1000): ("le kilo", "per kilo"), ("volume", 1000): ("le litre", "per litre")}.get((unit, size))
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
