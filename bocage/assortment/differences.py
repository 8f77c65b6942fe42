"""What a spreadsheet would do or did, as people read it: sentences per row, old and new beside each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, pgettext

from bocage.assortment.queries.imports import ImportRow, LineRow
from bocage.assortment.rules.cells import ON_DEMAND, read_size
from bocage.assortment.rules.faults import MESSAGES
from bocage.assortment.rules.ground import COLUMN_OF
from bocage.assortment.rules.sheet import heading_of, letter
from bocage.assortment.showing import Words
from bocage.commons.money import Money
from bocage.commons.units import number, unit_text
from bocage.ui.formats import money

SAID_OF_NEW = ("size", "pack", "price_minor", "stock", "category_id", "tax_rate_id", "sku")


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of a row: its heading, what it says, what it would say."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One refused cell: its column as people find it ("D, Price"), and why."""

    where: str
    says: str


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A row of a spreadsheet as people read it."""

    line: int
    label: str
    differences: list[Difference]
    faults: list[Fault]
    says: str


def shown(rows: list[LineRow], of: ImportRow, words: Words) -> list[ShownLine]:
    """Return rows as people read them."""
    return [_line(row, of, words) for row in rows]


def _line(row: LineRow, of: ImportRow, words: Words) -> ShownLine:
    is_new = row.kind == "new"
    changes = [one for one in row.changes if not is_new or (one[0] in SAID_OF_NEW and one[2] not in (None, ""))]
    return ShownLine(
        line=row.line,
        label=row.label,
        differences=[
            Difference(_label(key, words), "" if is_new else value(key, old, words), value(key, new, words))
            for key, old, new in changes
        ],
        faults=[
            Fault(_where(column, of, words), gettext(MESSAGES[code]) % values) for column, code, values in row.wrong
        ],
        says=_summary(row, words) if is_new else "",
    )


def value(key: str, said: Any, words: Words) -> str:
    """Return what a field says as people read it."""
    match key:
        case "price_minor" | "own_price":
            return gettext("the producer’s") if said is None else money(Money(said, words.currency))
        case "size":
            unit, size, measure = read_size(str(said))
            return (
                number(size, words.language)
                if unit == "items"
                else unit_text(unit, size, words.language, measure=measure)
            )
        case "category_id":
            return words.paths.get(said, "?")
        case "tax_rate_id":
            return words.rates.get(said, "–")
        case "stock":
            return pgettext("stock", "on demand") if said == ON_DEMAND else said or gettext("not counted")
        case "is_hidden":
            return gettext("not in our shop") if said else gettext("for sale")
        case "is_weighed" | "is_for_sale" | "splits_stock":
            return gettext("yes") if said else gettext("no")
        case _:
            return "–" if said in (None, "") else str(said)


def _summary(row: LineRow, words: Words) -> str:
    said = {key: new for key, _, new in row.changes}
    parts = [value(key, said[key], words) for key in SAID_OF_NEW if said.get(key) not in (None, "")]
    return " · ".join(parts)


def _label(key: str, words: Words) -> str:
    column = {"own_price": "price", "is_hidden": "for_sale"}.get(key) or COLUMN_OF.get(key, key)
    return heading_of(column, words.language)


def _where(column: str, of: ImportRow, words: Words) -> str:
    name = heading_of(column, words.language)
    return f"{letter(of.columns[column])}, {name}" if column in of.columns else name
