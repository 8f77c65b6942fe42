"""Weights and volumes as people type them: "1,5 kg", "75 cl", "2 lb", "500 mg"; exact in grams and millilitres.

A size is an exact number of grams, millilitres or items: an int where it is whole, else a Fraction that ends within
six decimals. The scales are those of the field's spreadsheets (an ounce is 28.35 g, a pound 453.6 g there), so that a
file that another platform wrote means the same here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

Exact = int | Fraction


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
BY_UNIT = {unit: [one for one in MEASURES.values() if one.unit == unit] for unit in ("weight", "volume", "items")}
SIZE = re.compile(r"(?P<number>[\d\s.,]*\d)\s*(?P<word>[^\W\d]*)\.?")
NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)")
FINEST = 1_000_000  # parts of a gram, a millilitre or an item that a size may have
MOST = 2_000_000_000  # grams, millilitres or items


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


def exact(said: Exact | str) -> Exact:
    """Return a size as an int where it is whole, else as a Fraction; also of its text, "567/2". Raises ValueError."""
    value = Fraction(said)
    return int(value) if value.denominator == 1 else value


def size_of(amount: Fraction, measure: Measure | None) -> Exact:
    """Return an amount of a measure in grams or millilitres, or of no measure in items: 10 oz → 567/2 g.

    Raises ValueError unless it is above zero, can be kept, and ends within six decimals.
    """
    size = exact(amount * (measure.scale if measure else 1))
    if FINEST % Fraction(size).denominator:
        raise ValueError("too fine")
    if not 0 < size <= MOST:
        raise ValueError("out of range")
    return size


def whole(amount: Fraction) -> int:
    """Return a whole number above zero. Raises ValueError for anything else."""
    size = size_of(amount, None)
    if not isinstance(size, int):
        raise ValueError("not whole")
    return size


def parse_size(text: str) -> tuple[str, Exact, str]:
    """Return the unit, exact size and measure that a person typed: ("weight", 567/2, "oz") for 10 oz.

    Raises ValueError for anything else, and for nothing at all.
    """
    match = SIZE.fullmatch(text.strip())
    if match is None:
        raise ValueError("not a size")
    measure = measure_of(match["word"])
    if measure is None and match["word"].lower() not in PIECES:
        raise ValueError("no such unit")
    size = size_of(parse_number(match["number"]), measure)
    return (measure.unit, size, measure.code) if measure else ("items", size, "")


def typed(unit: str, size: Exact, measure: str = "") -> tuple[str, str]:
    """Return a size as one types it, exactly: ("1.5", "kg"), ("75", "cL"), ("10", "oz"), ("6", "").

    In the measure that its maker counts in, unless a number in it would not end (5 kg in pounds).
    """
    own = measure_of(measure) if measure else None
    if own is not None and own.unit == unit and _ends(Fraction(size) / own.scale):
        return decimal(Fraction(size) / own.scale), own.code
    if unit == "items":
        return decimal(Fraction(size)), ""
    choices = (("kg", 1000), ("g", 1)) if unit == "weight" else (("L", 1000), ("cL", 10), ("mL", 1))
    code, scale = next(
        (one for one in choices if size >= one[1] and (one[1] == 1000 or size % one[1] == 0)), choices[-1]
    )
    return decimal(Fraction(size) / scale), code


def decimal(number: Fraction) -> str:
    """Return a fraction that ends within nine decimals, exactly, with a dot and no idle zeros: "1.5"."""
    sign = "-" if number < 0 else ""
    whole_part, rest = divmod(int(abs(number) * 10**9), 10**9)
    return f"{sign}{whole_part}" + (f".{rest:09d}".rstrip("0") if rest else "")


def _ends(number: Fraction) -> bool:
    return 10**9 % number.denominator == 0
