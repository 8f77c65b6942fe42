"""The cells of the product table as people read and type them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext, pgettext

from bocage.assortment.rules import cells
from bocage.assortment.rules.cells import Row
from bocage.commons.money import Money
from bocage.commons.units import number, unit_text
from bocage.ui.formats import money

FOR_HUBS = {"own_price", "source"}
NUMBERS = frozenset({"price", "own_price", "stock"})
CHOICES = {"category": "category", "vat": "vat", "for_sale": "for_sale"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `label` is its heading, `hint` what may be typed, `choices` the list it takes its values from."""

    key: str
    label: str
    hint: str
    is_number: bool
    choices: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: `text` as read, `typed` as typed into its editor, `seen` what it holds; `state` "", "failed", "changed".

    `beside` is said in small: whose product it is, where there are several farms. A failed cell keeps what was typed and
    says why; a changed one also says what somebody else wrote (`theirs`), as read and as typed.
    """

    column: Column
    text: str
    typed: str
    seen: str
    may_edit: bool
    tone: str = ""
    beside: str = ""
    state: str = ""
    says: str = ""
    theirs: str = ""
    theirs_typed: str = ""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row with its cells in the order of the columns."""

    row: Row
    cells: tuple[Cell, ...]

    @property
    def id(self) -> int:
        return self.row.id


@dataclass(frozen=True, slots=True)
class Words:
    """What rows need to be written: names of categories (`paths` with what they lie under) and VAT rates by id, the
    language and the currency, and whether to say of each product whose it is."""

    categories: Mapping[int, str]
    paths: Mapping[int, str]
    rates: Mapping[int, str]
    language: str
    currency: str
    names_farms: bool
    columns: tuple[Column, ...] = field(default=())


def columns(*, every: bool, is_hub: bool, sells: bool) -> tuple[Column, ...]:
    """Return the columns to show; those of FEWER only where `every` is wanted, own prices only for who sells for others,
    tags only for who sells at all."""
    labels = _labels()
    keys = [key for key in cells.COLUMNS if (every or key not in cells.FEWER) and (is_hub or key not in FOR_HUBS)]
    keys = [key for key in keys if sells or key != "tags"]
    return tuple(Column(key, *labels[key], key in NUMBERS, CHOICES.get(key, "")) for key in keys)


def shown(rows: Iterable[Row], words: Words) -> list[ShownRow]:
    """Return rows with their cells as people read them."""
    return [ShownRow(row, tuple(cell(row, column, words) for column in words.columns)) for row in rows]


def cell(row: Row, column: Column, words: Words) -> Cell:
    """Return one cell as people read and type it."""
    value = cells.seen(row, column.key)
    text, tone = _text(row, column.key, value, words)
    typed = cells.typed(column.key, value, words.language, words.currency)
    beside = row.producer if column.key == "product" and words.names_farms else ""
    return Cell(column, text, typed, value, row.may(column.key), tone, beside)


def _text(row: Row, key: str, value: str, words: Words) -> tuple[str, str]:
    """Return what a cell says and its tone: "soft" for what is only inherited or missing, "attention", or ""."""
    match key:
        case "size":
            if row.unit == "items":
                return number(row.size, words.language), ""
            return unit_text(row.unit, row.size, words.language, is_weighed=row.is_weighed, measure=row.measure), ""
        case "category":
            return words.categories.get(row.category_id, ""), ""
        case "vat":
            return words.rates.get(row.vat or 0, ""), ""
        case "price":
            return money(Money(row.price, words.currency)), ""
        case "own_price":
            if row.is_ours:
                return "", "soft"
            price = row.price if row.own_price is None else row.own_price
            return money(Money(price, words.currency)), "soft" if row.own_price is None else ""
        case "stock":
            return _stock(row)
        case "for_sale":
            return _for_sale(row)
        case "source" if row.source:
            said = {"n": row.source_yields, "product": row.source, "farm": row.source_farm}
            return gettext("%(n)s out of %(product)s, %(farm)s") % said, "soft"
        case _:
            return value, ""


def _stock(row: Row) -> tuple[str, str]:
    said = row.stock or (row.lent_stock if row.counts_own else "")
    if not said:
        return gettext("not counted"), "soft"
    if row.splits_stock and said != cells.ON_DEMAND:
        return gettext("%(n)s ready, more as ordered") % {"n": said}, ""
    if said == "0":
        return gettext("sold out"), "attention"
    text = pgettext("stock", "on demand") if said == cells.ON_DEMAND else said
    return text, "" if row.stock else "soft"


def _for_sale(row: Row) -> tuple[str, str]:
    if not row.is_for_sale:
        return gettext("paused") if row.may_edit else gettext("paused by the producer"), "attention"
    return (gettext("not in our shop"), "attention") if row.is_hidden else (gettext("for sale"), "")


def _labels() -> dict[str, tuple[str, str]]:
    """Return of each column its heading and what may be typed."""
    return {
        "product": (gettext("Product"), ""),
        "name": (gettext("Name of this size"), gettext("Only if the size does not say it all.")),
        "size": (pgettext("how much one is", "Size"), gettext("500 g, 1.5 kg, 75 cL, or 6 for pieces")),
        "pack": (gettext("How it comes"), gettext("Bunch, jar, box … Empty: loose.")),
        "category": (gettext("Category"), ""),
        "price": (gettext("Price for one"), ""),
        "own_price": (gettext("Your price"), gettext("Empty: the producer’s price")),
        "stock": (gettext("Stock"), gettext("A number, or “on demand”")),
        "vat": (gettext("VAT"), ""),
        "keywords": (gettext("Search words"), ""),
        "tags": (gettext("Tags"), gettext("For your rules about who is shown what; commas between them.")),
        "sku": (gettext("Your own code"), ""),
        "source": (gettext("Made of"), ""),
        "for_sale": (gettext("For sale"), ""),
    }
