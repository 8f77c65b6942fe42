"""Reading the cells of one row of a spreadsheet: what it says of a product, a size, a hub's decisions; what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bocage.assortment.rules.cells import NO, ON_DEMAND, YES, read_size, size_word, tags_word
from bocage.assortment.rules.faults import Wrong
from bocage.assortment.rules.ground import MAY_CHANGE, Ground, Known
from bocage.catalogue.rules import MOST_YIELDED
from bocage.commons.measures import measure_of, parse_number, size_of, whole
from bocage.commons.money import parse_minor
from bocage.commons.searching import folded

MOST_ON_HAND = 1_000_000
PIECE = {"piece", "pieces", "item", "items"}
LONGEST = {"name": 255, "display_name": 120, "variant_unit_name": 40, "keywords": 255, "origin": 160, "allergens": 255,
           "sku": 60, "tags": 800, "description": 10_000}  # fmt: skip


class RowReader:
    """Reads the cells of one row and gathers what is wrong with them."""

    def __init__(self, cells: Mapping[str, str], columns: set[str], ground: Ground, wrong: list[Wrong]):
        self.cells, self.columns, self.ground, self.wrong = cells, columns, ground, wrong
        for column, most in LONGEST.items():
            if len(cells.get(column, "")) > most:
                self.blame(column, "too_long", most=most)

    def blame(self, column: str, code: str, **values: Any) -> None:
        if not self.is_wrong(column):
            self.wrong.append(Wrong(column, code, values))

    def is_wrong(self, column: str) -> bool:
        return any(one.column == column for one in self.wrong)

    def fields(self, found: Known | None) -> dict[str, Any]:
        """Return what the row says of a product and its size; nothing for columns that are not there."""
        said: dict[str, Any] = {}
        if "name" in self.columns:
            name = self.cells["name"].strip()
            if not name:
                self.blame("name", "missing")
            elif found is not None:
                said["product"] = name
        elif found is None:
            self.blame("name", "missing")
        for column, key in (("display_name", "display_name"), ("keywords", "keywords"), ("origin", "origin"),
                            ("allergens", "allergens"), ("description", "description")):  # fmt: skip
            if column in self.columns:
                said[key] = self.cells[column].strip()
        self._tags(said)
        if self.cells.get("sku", "").strip():
            said["sku"] = self.cells["sku"].strip()
        self._put(said, "size", self.size(found=found))
        if "variant_unit_name" in self.columns:
            pack = self.cells["variant_unit_name"].strip()
            said["pack"] = "" if folded(pack) in PIECE and said.get("size", "").startswith("items:") else pack
        self._put(said, "category_id", self._category())
        self._put(said, "price_minor", self._price(may_be_empty=False))
        self._rate(said)
        self._put(said, "stock", self._stock())
        self._put(said, "is_weighed", self._yes("is_weighed"))
        self._put(said, "is_for_sale", self._yes("for_sale"))
        self._weight(said)
        size = said.get("size") or (found.fields["size"] if found else "")
        self._source(said, found, size)
        if said.get("is_weighed") and size and not size.startswith("weight:"):
            self.blame("is_weighed", "only_weight")
        return said

    def needed(self, said: dict[str, Any]) -> dict[str, Any]:
        """Return what a new size says, with blanks where it says nothing; refuse what it must say and does not."""
        is_size_wrong = any(map(self.is_wrong, ("units", "unit_type", "variant_unit_name")))
        for key, column in (("size", "units"), ("price_minor", "price"), ("category_id", "category")):
            if key not in said and not (key == "size" and is_size_wrong):
                self.blame(column, "missing")
        if said.get("stock", "") == "":
            if {"on_hand", "on_demand"} & self.columns:
                self.blame("on_hand", "count_or_demand")
            said = {**said, "stock": "0"}
        blank = {"is_weighed": False, "is_for_sale": True, "tax_rate_id": None, "weight_g": None, "source": None,
                 "source_yields": None, "splits_stock": False}  # fmt: skip
        return {**{key: blank.get(key, "") for key in MAY_CHANGE if key != "product"}, **said}

    def decisions(self) -> dict[str, Any]:
        """Return what a hub decides: its price (None: the producer's), its stock ("": the producer's), visibility."""
        wanted: dict[str, Any] = {}
        if "price" in self.columns:
            wanted["own_price"] = self._price(may_be_empty=True)
        stock = self._stock()
        if stock is not None:
            wanted["stock"] = stock
        self._tags(wanted)
        visible = self._yes("for_sale")
        wanted["is_hidden"] = visible is False
        return wanted

    def size(self, *, found: Known | None) -> str | None:
        if "units" not in self.columns or self.is_wrong("units") or self.is_wrong("unit_type"):
            return None
        text, unit = self.cells["units"].strip(), self.cells.get("unit_type", "").strip()
        if not text:
            if found is None or unit:
                self.blame("units", "missing")
            return None
        measure = measure_of(unit)
        if unit and measure is None and folded(unit) not in PIECE:
            self.blame("unit_type", "not_a_unit", said=unit[:40])
            return None
        pack = self.cells.get("variant_unit_name", "-")  # without that column, pieces are pieces
        if measure is None and found is None and not pack.strip():
            self.blame("variant_unit_name", "missing")
            return None
        try:
            amount = parse_number(text)
        except ValueError:
            self.blame("units", "not_a_number", said=text[:40])
            return None
        try:
            size = size_of(amount, measure)
            return size_word(measure.unit, size, measure.code) if measure else size_word("items", size)
        except ValueError:
            self.blame("units", "not_a_size")
            return None

    def _tags(self, said: dict[str, Any]) -> None:
        if "tags" in self.columns and not self.is_wrong("tags"):
            said["tags"] = tags_word(self.cells["tags"])

    def _category(self) -> int | None:
        text = self.cells.get("category", "").strip()
        if not text:
            return None
        category_id = self.ground.categories.get(folded(text), 0)
        if category_id == 0:
            self.blame("category", "no_such_category", said=text[:60])
        elif category_id is None:
            self.blame("category", "two_such_categories", said=text[:60])
        return category_id or None

    def _price(self, *, may_be_empty: bool) -> int | None:
        text = self.cells.get("price", "").strip()
        if "price" not in self.columns or self.is_wrong("price"):
            return None
        if text in ("", "-"):
            if not may_be_empty:
                self.blame("price", "missing")
            return None
        try:
            minor = parse_minor(text, self.ground.currency)
        except ValueError:
            self.blame("price", "not_an_amount", said=text[:40])
            return None
        if minor < 0:
            self.blame("price", "not_negative", said=text[:40])
            return None
        return minor

    def _rate(self, said: dict[str, Any]) -> None:
        if "tax_category" not in self.columns:
            return
        text = self.cells["tax_category"].strip()
        rate = self.ground.rates.get(folded(text).replace(" ", "").replace(",", ".")) if text else None
        if text and rate is None:
            self.blame("tax_category", "no_such_rate", said=text[:60])
        said["tax_rate_id"] = rate

    def _stock(self) -> str | None:
        """Return the stock as cells say it; "" where the columns are there and say nothing, None where they are not."""
        if not {"on_hand", "on_demand"} & self.columns:
            return None
        if self._yes("on_demand"):
            return ON_DEMAND
        text = self.cells.get("on_hand", "").strip()
        if not text or self.is_wrong("on_hand"):
            return ""
        try:
            count = parse_number(text)
        except ValueError:
            self.blame("on_hand", "not_a_number", said=text[:40])
            return ""
        if count.denominator != 1 or not 0 <= count <= MOST_ON_HAND:
            self.blame("on_hand", "not_whole", said=text[:40], most=MOST_ON_HAND)
            return ""
        return str(int(count))

    def _yes(self, column: str) -> bool | None:
        text = self.cells.get(column, "").strip()
        if column not in self.columns or not text or self.is_wrong(column):
            return None
        if folded(text) not in YES | NO:
            self.blame(column, "not_yes_or_no", said=text[:40])
            return None
        return folded(text) in YES

    def _source(self, said: dict[str, Any], found: Known | None, size: str) -> None:
        """Read what it is made of; what was made of something stays so where the file says nothing of it."""
        if "source" not in self.columns or self.is_wrong("source"):
            return
        text = self.cells["source"].strip()
        kept = found.fields["source"] if found else None
        if not text:
            said |= {"source": None, "source_yields": None, "splits_stock": False}
            for column in ("source_yields", "splits_stock"):
                if self.cells.get(column, "").strip() and folded(self.cells[column]) not in NO:
                    self.blame(column, "no_source")
            return
        source = int(text) if text.isascii() and text.isdigit() and len(text) < 15 else 0
        if source != kept and source not in self.ground.sources:
            self.blame("source", "no_such_source", said=text[:40])
            return
        said["source"] = source
        yields = self._yields(found, kept == source)
        self._put(said, "source_yields", yields)
        self._put(said, "splits_stock", self._yes("splits_stock"))
        unit, one = self.ground.sources.get(source, ("", 0))
        if yields and size.startswith(f"{unit}:") and one and read_size(size)[1] * yields > one:
            self.blame("source_yields", "more_than_source")

    def _yields(self, found: Known | None, is_kept: bool) -> int | None:
        text = self.cells.get("source_yields", "").strip()
        if not text and is_kept and found:
            return int(found.fields["source_yields"])
        try:
            count = whole(parse_number(text))
        except ValueError:
            count = 0
        if not 1 <= count <= MOST_YIELDED:
            self.blame("source_yields", "yields_nothing", most=MOST_YIELDED)
            return None
        return count

    def _weight(self, said: dict[str, Any]) -> None:
        if "weight_g" not in self.columns or self.is_wrong("weight_g"):
            return
        text = self.cells["weight_g"].strip()
        try:
            said["weight_g"] = whole(parse_number(text)) if text else None
        except ValueError:
            self.blame("weight_g", "not_a_number", said=text[:40])

    @staticmethod
    def _put(said: dict[str, Any], key: str, value: Any) -> None:
        if value is not None:
            said[key] = value
