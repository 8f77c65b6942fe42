"""Weights and volumes as people type them: "1,5 kg", "75 cl", "2 lb"; exact in grams and millilitres.

The scales are those of the field's spreadsheets (an ounce is 28.35 g, a pound 453.6 g there), so that a file that
another platform wrote means the same here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from bocage.commons.money import round_half_up


@dataclass(frozen=True, slots=True)
class Measure:
    """A unit that people type: `unit` is "weight" or "volume", `scale` its size in grams or millilitres."""

    code: str
    unit: str
    scale: Fraction
    is_imperial: bool = False


MEASURES = {
    one.code.lower(): one
    for one in (
        Measure("mg", "weight", Fraction(1, 1000)),
        Measure("g", "weight", Fraction(1)),
        Measure("kg", "weight", Fraction(1000)),
        Measure("t", "weight", Fraction(1_000_000)),
        Measure("oz", "weight", Fraction("28.35"), is_imperial=True),
        Measure("lb", "weight", Fraction("453.6"), is_imperial=True),
        Measure("mL", "volume", Fraction(1)),
        Measure("cL", "volume", Fraction(10)),
        Measure("dL", "volume", Fraction(100)),
        Measure("L", "volume", Fraction(1000)),
        Measure("kL", "volume", Fraction(1_000_000)),
        Measure("gal", "volume", Fraction("4546.09"), is_imperial=True),
    )
}
SPELT = {
    "gr": "g", "gramme": "g", "grammes": "g", "gram": "g", "grams": "g", "kilo": "kg", "kilos": "kg",
    "tonne": "t", "tonnes": "t", "litre": "l", "litres": "l", "liter": "l", "liters": "l", "lbs": "lb",
}  # fmt: skip
PIECES = {"", "x", "u", "pc", "pcs", "piece", "pieces", "pièce", "pièces", "item", "items", "unité", "unités"}
SIZE = re.compile(r"(?P<number>[\d\s.,]*\d)\s*(?P<word>[^\W\d]*)\.?")
NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)")
MOST = 2_000_000_000  # grams, millilitres or items: what the database's whole numbers hold


def measure_of(code: str) -> Measure | None:
    """Return the measure that people write so, in any case: "KG", "cl", "litre"; None if there is none."""
    word = code.strip().lower().rstrip(".")
    return MEASURES.get(SPELT.get(word, word))


def parse_number(text: str) -> Fraction:
    """Return the number that a person typed: "1,5", "1.5", "1 250,5", "1,234.50". Raises ValueError for anything else."""
    tight = re.sub(r"[\s\u00a0\u202f']", "", text)
    if "," in tight and "." in tight:
        thousands = "," if tight.rindex(",") < tight.rindex(".") else "."
        tight = tight.replace(thousands, "")
    if len(tight) > 24 or not tight.isascii() or NUMBER.fullmatch(tight) is None:
        raise ValueError("not a number")
    return Fraction(tight.replace(",", "."))


def whole(amount: Fraction, measure: Measure | None) -> int:
    """Return an amount of a measure in whole grams or millilitres, or of no measure in whole items.

    Metric amounts and items must come out whole, imperial ones are rounded. Raises ValueError unless the result is above
    zero and one that can be kept.
    """
    exact = amount * (measure.scale if measure else 1)
    if exact.denominator != 1 and not (measure and measure.is_imperial):
        raise ValueError("not whole")
    size = round_half_up(exact)
    if not 1 <= size <= MOST:
        raise ValueError("out of range")
    return size


def parse_size(text: str) -> tuple[str, int]:
    """Return the unit and whole size that a person typed: "1,5 kg" → ("weight", 1500), "6" → ("items", 6).

    Raises ValueError for anything else, and for less than a gram, a millilitre or a piece.
    """
    match = SIZE.fullmatch(text.strip())
    if match is None:
        raise ValueError("not a size")
    measure = measure_of(match["word"])
    if measure is None and match["word"].lower() not in PIECES:
        raise ValueError("no such unit")
    return (measure.unit if measure else "items"), whole(parse_number(match["number"]), measure)


def typed(unit: str, size: int) -> tuple[str, str]:
    """Return a size as one types it, exactly: ("1.5", "kg"), ("75", "cL"), ("6", "")."""
    if unit == "items":
        return str(size), ""
    choices = (("kg", 1000), ("g", 1)) if unit == "weight" else (("L", 1000), ("cL", 10), ("mL", 1))
    code, scale = next(
        (one for one in choices if size >= one[1] and (one[1] == 1000 or size % one[1] == 0)), choices[-1]
    )
    return decimal(Fraction(size, scale)), code


def decimal(exact: Fraction) -> str:
    """Return a fraction that ends within three decimals with a dot and no idle zeros: "1.5"."""
    thousandths = round_half_up(exact * 1000)
    text = f"{thousandths // 1000}.{thousandths % 1000:03d}"
    return text.rstrip("0").rstrip(".")
