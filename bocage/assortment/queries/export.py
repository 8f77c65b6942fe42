"""What a list of goods says when it is written to a spreadsheet, so that the same list can be read again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from html import unescape

from bocage.assortment.queries.table import FIELDS, ORDER, Reach, Wanted, filled, matching, reach
from bocage.assortment.rules.cells import ON_DEMAND, Row
from bocage.assortment.rules.sheet import OF_INVENTORY, OF_PRODUCTS, heading_of
from bocage.catalogue.models import Category, Variant
from bocage.commons.measures import typed
from bocage.commons.money import MINOR_DIGITS
from bocage.network.models import Enterprise
from bocage.network.rules import Actor
from bocage.pricing.models import TaxRate

BATCH = 1000
MORE = (
    "id", "weight_g", "product__origin", "product__allergens", "product__description", "source_id", "source_yields",
    "splits_stock",
)  # fmt: skip
Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Export:
    """A table to write: headings, and the rows to come."""

    headings: list[str]
    rows: Iterator[list[Value]]


def export(*, enterprise_id: int, mode: str, wanted: Wanted, language: str, actor: Actor, now: datetime) -> Export:
    """Return the goods that the actor may edit ("products"), or a hub's own prices and stock of others' ("inventory").

    Eight SQL queries, and six for each thousand rows. Raises Forbidden.
    """
    whose = reach(enterprise_id=enterprise_id, actor=actor, now=now)
    is_inventory = mode == "inventory"
    producers = {
        pid: name
        for pid, name in whose.producers.items()
        if (pid in whose.sold if is_inventory else pid in whose.editable)
    }
    ours = replace(whose, producers=producers)
    hub = Enterprise.objects.select_related("instance").get(id=enterprise_id)
    keys = OF_INVENTORY if is_inventory else OF_PRODUCTS
    if hub.sells == Enterprise.Sells.NONE:
        keys = tuple(key for key in keys if key != "tags")
    writer = _Writer(language, hub.name, hub.instance.currency, is_inventory)
    return Export([heading_of(key, language) for key in keys], _rows(ours, wanted, writer, keys))


def _rows(whose: Reach, wanted: Wanted, writer: _Writer, keys: tuple[str, ...]) -> Iterator[list[Value]]:
    found = list(matching(whose, wanted).order_by(*ORDER).values_list("id", flat=True))
    for start in range(0, len(found), BATCH):
        ids = found[start : start + BATCH]
        rows = {one[0]: one for one in Variant.objects.filter(id__in=ids).values_list(*FIELDS)}
        more = {
            one[0]: one[1:]
            for one in Variant.objects.filter(id__in=ids).values_list(
                "id",
                "weight_g",
                "product__origin",
                "product__allergens",
                "product__description",
                "source_id",
                "source_yields",
                "splits_stock",
            )
        }
        for row in filled([rows[pk] for pk in ids], whose):
            said = writer.row(row, *more[row.id])
            yield [said[key] for key in keys]


class _Writer:
    """Writes rows in the words that `planning` reads."""

    def __init__(self, language: str, hub: str, currency: str, is_inventory: bool):
        self.yes, self.no = ("oui", "non") if language.startswith("fr") else ("yes", "no")
        self.piece = "pièce" if language.startswith("fr") else "piece"
        self.hub, self.digits, self.is_inventory = hub, MINOR_DIGITS[currency], is_inventory
        self.categories = _paths(language)
        self.rates = dict(TaxRate.objects.values_list("id", "name"))

    def row(
        self,
        row: Row,
        weight_g: int | None,
        origin: str,
        allergens: str,
        description: str,
        source: int | None,
        yields: int | None,
        splits: bool,
    ) -> dict[str, Value]:
        amount, unit = typed(row.unit, row.size, row.measure)
        price = row.own_price if self.is_inventory else row.price
        own = row.stock if row.counts_own else ""
        stock = own if self.is_inventory else row.lent_stock
        on_sale = not row.is_hidden if self.is_inventory else row.is_for_sale
        return {
            "id": row.id,
            "distributor": self.hub,
            "producer": row.producer,
            "name": row.product,
            "display_name": row.name,
            "category": self.categories.get(row.category_id, ""),
            "description": unescape(re.sub(r"<[^>]*>", " ", description)).strip(),
            "units": _number(Fraction(amount)),
            "unit_type": unit,
            "variant_unit_name": row.pack or ("" if unit else self.piece),
            "price": None if price is None else _number(Fraction(price, 10**self.digits)),
            "on_hand": int(stock) if stock.isdigit() else None,
            "on_demand": self.yes if stock == ON_DEMAND else self.no if stock else "",
            "tax_category": self.rates.get(row.vat or 0, ""),
            "sku": row.sku,
            "is_weighed": self.yes if row.is_weighed else self.no,
            "weight_g": weight_g,
            "keywords": row.keywords,
            "tags": ", ".join(row.tags),
            "origin": origin,
            "allergens": allergens,
            "for_sale": self.yes if on_sale else self.no,
            "source": source,
            "source_yields": yields,
            "splits_stock": "" if source is None else self.yes if splits else self.no,
        }


def _number(exact: Fraction) -> int | float:
    return int(exact) if exact.denominator == 1 else float(exact)


def _paths(language: str) -> dict[int, str]:
    """Categories by id as a file names them: with what they lie under only where the name alone would not do."""
    column = "name_fr" if language.startswith("fr") else "name_en"
    rows = list(Category.objects.select_related("parent"))
    names: dict[str, int] = {}
    for row in rows:
        for name in {row.name_fr, row.name_en}:
            names[name] = names.get(name, 0) + 1
    return {
        row.pk: f"{getattr(row.parent, column)} › {getattr(row, column)}"
        if row.parent and names[getattr(row, column)] > 1
        else getattr(row, column)
        for row in rows
    }
