"""The cells of the product table: what each holds, how it is typed, and what is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bocage.commons.measures import MEASURES, Exact, exact, parse_size
from bocage.commons.measures import typed as typed_size
from bocage.commons.money import MINOR_DIGITS, parse_minor
from bocage.commons.refusals import Refused, gettext_noop
from bocage.commons.searching import folded
from bocage.network.rules.customers import tidy_tags

COLUMNS = (
    "product", "name", "size", "pack", "category", "price", "own_price", "stock", "vat", "keywords", "tags", "sku",
    "source", "for_sale",
)  # fmt: skip
FEWER = frozenset({"name", "vat", "keywords", "tags", "sku", "source"})  # shown only where every column is wanted
LONGEST = {"product": 255, "name": 120, "pack": 40, "keywords": 255, "sku": 60}
ON_DEMAND = "*"
IMPERIAL = {one.code for one in MEASURES.values() if one.is_imperial}
DEMAND_WORDS = {"*", "∞", "d", "a la demande", "demande", "on demand", "unlimited", "illimite"}
YES = {"yes", "oui", "1", "true", "vrai", "x", "y", "o", "on"}
NO = {"no", "non", "0", "false", "faux", "", "n"}
OF_PRODUCER = frozenset(COLUMNS) - {"own_price", "stock", "tags", "for_sale", "source"}


class NotASize(Refused):
    """No weight, volume or number of pieces."""

    code = "assortment.not_a_size"
    message = gettext_noop("Write a size such as 500 g, 1.5 kg, 75 cL or, for pieces, 6.")


class NotAnAmount(Refused):
    """No amount of money."""

    code = "assortment.not_an_amount"
    message = gettext_noop("Write an amount such as 12.50.")


class NotACount(Refused):
    """Neither a count nor "on demand"."""

    code = "assortment.not_a_count"
    message = gettext_noop("Write how many there are, or “on demand”.")


class NotInTheList(Refused):
    """A choice that is not offered."""

    code = "assortment.not_in_the_list"
    message = gettext_noop("Choose one from the list.")


class TooLong(Refused):
    """More text than the cell takes."""

    code = "assortment.too_long"
    message = gettext_noop("At most %(most)s letters, please.")


class CellChanged(Refused):
    """Another person's value stands where one wants to write."""

    code = "assortment.cell_changed"
    message = gettext_noop("Somebody else changed this meanwhile. Look at what it says now, then choose.")


class CellClosed(Refused):
    """The producer decides this one."""

    code = "assortment.cell_closed"
    message = gettext_noop("Only %(producer)s changes this.")


@dataclass(frozen=True, slots=True)
class Row:
    """One variant in the table of an enterprise, as it is kept.

    `own_price` and `is_hidden` are the enterprise's own decisions about goods of others, `tags` its words for what it
    sells, in the order of the alphabet. `stock` is what the pool says
    that this row counts (`counts_own`: the enterprise's, else the producer's), `lent_stock` what the producer's says;
    each a number, ON_DEMAND or "" where nobody counted.
    `source_yields` of it are made of one `source`, bought of `source_farm`, and opened as ordered where `splits_stock`.
    """

    id: int
    product_id: int
    producer_id: int
    producer: str
    product: str
    name: str
    unit: str
    size: Exact
    pack: str
    measure: str
    is_weighed: bool
    category_id: int
    price: int
    vat: int | None
    keywords: str
    sku: str
    is_for_sale: bool
    own_price: int | None
    is_hidden: bool
    stock: str
    lent_stock: str
    counts_own: bool
    is_ours: bool
    may_edit: bool
    may_price: bool
    may_count: bool
    may_hide: bool
    source_yields: int | None = None
    splits_stock: bool = False
    source: str = ""
    source_farm: str = ""
    tags: tuple[str, ...] = ()

    def may(self, column: str) -> bool:
        """Return whether the reader may write into this cell."""
        if column in OF_PRODUCER:
            return self.may_edit
        if column == "source":
            return False
        if column == "tags":
            return self.is_ours or self.may_hide
        if column == "own_price":
            return self.may_price and not self.is_ours
        return self.may_count if column == "stock" else self.may_edit or self.may_hide

    @property
    def speaks_for_producer(self) -> bool:
        """Whether "for sale" is the producer's word here, not only that of the enterprise's shop."""
        return self.may_edit

    @property
    def on_offer(self) -> bool:
        """Whether it is for sale as far as this row can tell."""
        return self.is_for_sale and not self.is_hidden


def seen(row: Row, column: str) -> str:
    """Return what a cell holds, as one word that changes whenever it does."""
    value = {
        "product": row.product,
        "name": row.name,
        "size": size_word(row.unit, row.size, row.measure),
        "pack": row.pack,
        "category": row.category_id,
        "price": row.price,
        "own_price": row.own_price,
        "stock": row.stock,
        "vat": row.vat,
        "keywords": row.keywords,
        "tags": ", ".join(row.tags),
        "sku": row.sku,
        "source": row.source,
        "for_sale": "yes" if (row.is_for_sale if row.speaks_for_producer else not row.is_hidden) else "no",
    }[column]
    return "" if value is None else str(value)


def tags_word(text: str) -> str:
    """Return tags as one word that is the same for the same tags: tidy, in the order of the alphabet."""
    return ", ".join(sorted(tidy_tags(text)))


def size_word(unit: str, size: Exact, measure: str = "") -> str:
    """Return a size as one word: "weight:500", "weight:567/2:oz", "items:6"."""
    return f"{unit}:{size}" + (f":{measure}" if measure else "")


def read_size(word: str) -> tuple[str, Exact, str]:
    """Return the unit, size and measure that a word of `size_word` holds. Raises ValueError."""
    unit, size, measure = (*word.split(":", 2), "")[:3]
    return unit, exact(size), measure


def size_key(word: str) -> str:
    """Return a size without the measure it is counted in: 500 g and 0.5 kg are one."""
    return ":".join(word.split(":")[:2])


def is_same_size(one: str, other: str) -> bool:
    """Return whether two sizes are the same and read alike: none of them imperial, or both in one measure."""
    measures = {word.partition(":")[2].partition(":")[2] for word in (one, other)}
    return size_key(one) == size_key(other) and (len(measures) == 1 or not measures & IMPERIAL)


def parse(column: str, text: str, currency: str) -> str:
    """Return what somebody typed into a cell, as `seen` would say it. Raises a refusal in words."""
    text = text.strip()
    if column in LONGEST:
        if len(text) > LONGEST[column]:
            raise TooLong(most=LONGEST[column])
        return text
    if column == "tags":
        return tags_word(text)
    if column == "size":
        try:
            return size_word(*parse_size(text))
        except ValueError:
            raise NotASize from None
    if column in ("price", "own_price"):
        return _amount(text, currency, may_be_empty=column == "own_price")
    if column == "stock":
        return _count(text)
    if column == "for_sale":
        return _yes_or_no(text)
    if (text and not (text.isascii() and text.isdigit())) or (not text and column == "category"):
        raise NotInTheList
    return text


def typed(column: str, value: str, language: str, currency: str) -> str:
    """Return what a cell holds as one types it into an editor; choices keep their number."""
    if column == "size":
        amount, code = typed_size(*read_size(value))
        return f"{comma(amount, language)} {code}".strip()
    if column in ("price", "own_price") and value:
        return comma(amount_typed(int(value), currency), language)
    if column == "stock" and value == ON_DEMAND:
        return "à la demande" if language.startswith("fr") else "on demand"
    return value


def amount_typed(minor: int, currency: str) -> str:
    """Return minor units as an amount with a dot: 1250 → "12.50"."""
    digits = MINOR_DIGITS[currency]
    whole, rest = divmod(abs(minor), 10**digits)
    return f"{'-' if minor < 0 else ''}{whole}" + (f".{rest:0{digits}d}" if digits else "")


def comma(text: str, language: str) -> str:
    """Return a number written with a dot as the language writes it."""
    return text.replace(".", ",") if language.startswith("fr") else text


def values(column: str, value: str) -> dict[str, Any]:
    """Return the fields of a product or a size that a cell stands for, with their values."""
    match column:
        case "product":
            return {"name": value}
        case "size":
            unit, size, measure = read_size(value)
            return {"unit": unit, "size": size, "measure": measure}
        case "category":
            return {"category_id": int(value)}
        case "price":
            return {"price_minor": int(value)}
        case "vat":
            return {"tax_rate_id": int(value) if value else None}
        case "for_sale":
            return {"is_for_sale": value == "yes"}
        case _:
            return {column: value}


def _amount(text: str, currency: str, *, may_be_empty: bool) -> str:
    if may_be_empty and not text:
        return ""
    try:
        return str(parse_minor(text, currency))
    except ValueError:
        raise NotAnAmount from None


def _count(text: str) -> str:
    plain = folded(text).replace(" ", "") if text[:1].isdigit() else folded(text)
    if plain in DEMAND_WORDS:
        return ON_DEMAND
    if plain and not (plain.isascii() and plain.isdigit() and len(plain) < 10):
        raise NotACount
    return str(int(plain)) if plain else ""


def _yes_or_no(text: str) -> str:
    plain = folded(text)
    if plain not in YES | NO:
        raise NotInTheList
    return "yes" if plain in YES else "no"
