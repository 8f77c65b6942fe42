"""What a spreadsheet would do, row by row, before anything is done: new, changed (old and new), the same, refused.

A row is matched with what is there by its number (`id`), else by its code (`sku`) where the farm uses it once, else by
farm, product, name of the size and size (500 g is 0.5 kg). What it does not say stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bocage.assortment.rules.cells import NO, ON_DEMAND, YES, is_same_size, read_size, size_key, size_word
from bocage.catalogue.rules import MOST_YIELDED
from bocage.commons.measures import Exact, measure_of, parse_number, size_of, whole
from bocage.commons.money import parse_minor
from bocage.commons.refusals import gettext_noop
from bocage.commons.searching import folded

MOST_ON_HAND = 1_000_000
PIECE = {"piece", "pieces", "item", "items"}
OF_PRODUCT = ("category_id", "keywords", "origin", "allergens")  # and its name, by number alone
LONGEST = {"name": 255, "display_name": 120, "variant_unit_name": 40, "keywords": 255, "origin": 160, "allergens": 255,
           "sku": 60, "description": 10_000}  # fmt: skip

MESSAGES = {
    "is_a_date": gettext_noop("A date stands here. Format the cell as text or number and type it again."),
    "is_a_formula": gettext_noop("A formula stands here. Write its result instead."),
    "is_merged": gettext_noop("This cell is merged with others. Unmerge them and fill in each."),
    "missing": gettext_noop("Nothing stands here. Fill it in."),
    "too_long": gettext_noop("At most %(most)s letters, please."),
    "no_such_row": gettext_noop("There is no such product of yours. Empty this cell to add it anew."),
    "no_such_farm": gettext_noop("You do not manage the products of a farm called “%(said)s”."),
    "not_agreed": gettext_noop("There is no running agreement with a farm called “%(said)s”."),
    "other_hub": gettext_noop("This file is read for %(hub)s, not for “%(said)s”."),
    "other_farm": gettext_noop("This product is %(producer)s’s: a product does not change farms."),
    "no_such_category": gettext_noop("There is no category called “%(said)s”."),
    "two_such_categories": gettext_noop("Several categories are called “%(said)s”. Write the one above too: A › B."),
    "no_such_rate": gettext_noop("There is no VAT rate called “%(said)s”."),
    "not_a_number": gettext_noop("“%(said)s” is not a number."),
    "not_an_amount": gettext_noop("“%(said)s” is not a price, such as 12.50."),
    "not_negative": gettext_noop("“%(said)s” is below zero."),
    "not_whole": gettext_noop("“%(said)s” is not a whole number from 0 to %(most)s."),
    "not_a_unit": gettext_noop(
        "“%(said)s” is not a unit: mg, g, kg, t, oz, lb, mL, cL, dL, L, kL, gal, or nothing for pieces."
    ),
    "not_a_size": gettext_noop("A size is above zero and ends within six decimals of a gram, a millilitre or a piece."),
    "not_yes_or_no": gettext_noop("Write yes or no instead of “%(said)s”."),
    "count_or_demand": gettext_noop("Write how many there are, or yes under “on demand”."),
    "only_weight": gettext_noop("Only goods sold by weight can be weighed at packing."),
    "same_as_line": gettext_noop("Line %(line)s already says this one."),
    "disagrees": gettext_noop("Line %(line)s says something else of the same product."),
    "not_here": gettext_noop("There is no such product and size of this farm."),
    "price_of_the_farm": gettext_noop("Your agreement with %(producer)s keeps its own price. Empty this cell."),
    "stock_of_the_farm": gettext_noop("Your agreement with %(producer)s keeps its own stock. Empty this cell."),
    "no_such_source": gettext_noop("“%(said)s” is no size of which you may make goods of your own."),
    "yields_nothing": gettext_noop("Say how many come out of one: a whole number from 1 to %(most)s."),
    "more_than_source": gettext_noop("So many of this size do not come out of one: there is less in it."),
    "no_source": gettext_noop("This needs what it is made of: fill in “Made of No.” too."),
    "own_stock_ordered": gettext_noop("Orders were taken from your own stock here. Write how many there are."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with one cell: the column's key, a code of MESSAGES, and the values of its sentence."""

    column: str
    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """A size as it is kept. `fields` holds what a file may change, by the names of MAY_CHANGE."""

    id: int
    product_id: int
    producer_id: int
    product: str
    fields: Mapping[str, Any]
    own_was_ordered: bool = False
    may_price: bool = True
    may_count: bool = True


@dataclass(frozen=True, slots=True)
class Ground:
    """What a file is held against: farms that may be written, categories, VAT rates, all sizes of these farms.

    `sources` are the unit and size of what may be made into one's own, by number. Names are folded; a category of which
    there are several has None. `hub` is whose own prices an inventory sets.
    """

    producers: Mapping[str, int]
    names: Mapping[int, str]
    categories: Mapping[str, int | None]
    rates: Mapping[str, int]
    known: Iterable[Known]
    currency: str
    hub: str = ""
    sources: Mapping[int, tuple[str, Exact]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Planned:
    """What one row would do. `kind`: new, changed, same, refused, absent.

    `changes` maps a field to its old and new value. `product_id` is 0 for a product that is new too: rows of one farm
    and name then share it.
    """

    line: int
    kind: str
    label: str
    variant_id: int | None = None
    product_id: int = 0
    producer_id: int = 0
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    wrong: tuple[Wrong, ...] = ()


MAY_CHANGE = (
    "product", "category_id", "keywords", "origin", "allergens", "description", "display_name", "size", "pack",
    "price_minor", "tax_rate_id", "sku", "weight_g", "is_weighed", "is_for_sale", "stock",
    "source", "source_yields", "splits_stock",
)  # fmt: skip
COLUMN_OF = {
    "product": "name", "category_id": "category", "size": "units", "pack": "variant_unit_name", "price_minor": "price",
    "tax_rate_id": "tax_category", "is_for_sale": "for_sale", "stock": "on_hand",
}  # fmt: skip


class Planner:
    """Plans rows one after another; what earlier rows said binds later ones."""

    def __init__(self, ground: Ground, columns: Iterable[str]):
        self.ground = ground
        self.columns = set(columns)
        self.by_id = {one.id: one for one in ground.known}
        self.by_sku: dict[tuple[int, str], Known | None] = {}
        self.by_size: dict[tuple[int, str, str, str], list[Known]] = {}
        self.products: dict[tuple[int, str], int] = {}
        for one in self.by_id.values():
            sku = (one.producer_id, folded(one.fields["sku"]))
            if sku[1]:
                self.by_sku[sku] = None if sku in self.by_sku else one
            name = folded(one.product)
            self.by_size.setdefault(
                (one.producer_id, name, folded(one.fields["display_name"]), size_key(one.fields["size"])), []
            ).append(one)
            self.products.setdefault((one.producer_id, name), one.product_id)
        self.said: dict[Any, int] = {}
        self.said_of_products: dict[tuple[Any, str], tuple[Any, int]] = {}
        self.touched: set[int] = set()
        self.farms: set[int] = set()

    def plan(self, rows: Iterable[Any]) -> Iterator[Planned]:
        """Yield of each row (line, cells, wrong) what it would do."""
        for row in rows:
            yield self.one(row.line, row.cells, [Wrong(*one) for one in row.wrong])

    def absent(self) -> Iterator[Planned]:
        """Yield, for farms in the file, what it did not name and still has stock: it would have none."""
        for one in self.by_id.values():
            if one.producer_id in self.farms and one.id not in self.touched and one.fields["stock"] not in ("", "0"):
                changes = {"stock": (one.fields["stock"], "0")}
                yield self._planned(0, "absent", one, changes, [])

    def one(self, line: int, cells: Mapping[str, str], wrong: list[Wrong]) -> Planned:
        """Return what one row would do."""
        reader = _Reader(cells, self.columns, self.ground, wrong)
        found = self._by_number(reader)
        producer_id = self._producer(reader, found)
        said = reader.fields(found)
        if found is None and producer_id and not reader.is_wrong("id"):
            found = self._match(producer_id, cells, said)
            said = said if found else reader.needed(said)
        if found is not None and "stock" in said and not said["stock"]:
            del said["stock"]
        label = self._label(producer_id, cells, found)
        self._check_alone(line, cells, said, producer_id, found, reader)
        if found:
            self.touched.add(found.id)
        if producer_id:
            self.farms.add(producer_id)
        if reader.wrong:
            return Planned(line, "refused", label, found.id if found else None, wrong=tuple(reader.wrong))
        if found is None:
            name = cells.get("name", "").strip()
            product_id = self.products.get((producer_id, folded(name)), 0)
            said = {"product": name, **said}
            changes = {key: (None, value) for key, value in said.items()}
            return Planned(line, "new", label, None, product_id, producer_id, changes)
        changes = {
            key: (found.fields[key], value)
            for key, value in said.items()
            if key != "description" and not _means_the_same(key, found.fields[key], value)
        }
        return self._planned(line, "changed" if changes else "same", found, changes, [])

    def _planned(
        self, line: int, kind: str, one: Known, changes: Mapping[str, tuple[Any, Any]], wrong: list[Wrong]
    ) -> Planned:
        label = self._label(one.producer_id, {}, one)
        return Planned(line, kind, label, one.id, one.product_id, one.producer_id, changes, tuple(wrong))

    def _by_number(self, reader: _Reader) -> Known | None:
        text = reader.cells.get("id", "").strip()
        if not text or reader.is_wrong("id"):
            return None
        found = self.by_id.get(int(text)) if text.isascii() and text.isdigit() and len(text) < 15 else None
        if found is None:
            reader.blame("id", "no_such_row")
        return found

    def _producer(self, reader: _Reader, found: Known | None) -> int:
        text = reader.cells.get("producer", "").strip()
        if not text:
            if found:
                return found.producer_id
            if len(self.ground.names) == 1:
                return next(iter(self.ground.names))
            reader.blame("producer", "missing")
            return 0
        producer_id = self.ground.producers.get(folded(text), 0)
        if found and producer_id != found.producer_id:
            reader.blame("producer", "other_farm", producer=self.ground.names[found.producer_id])
        elif not producer_id:
            reader.blame("producer", "not_agreed" if self.ground.hub else "no_such_farm", said=text[:60])
        return producer_id

    def _match(self, producer_id: int, cells: Mapping[str, str], said: Mapping[str, Any]) -> Known | None:
        sku = self.by_sku.get((producer_id, folded(cells.get("sku", ""))))
        if sku is not None:
            return sku
        key = (
            producer_id,
            folded(cells.get("name", "")),
            folded(cells.get("display_name", "")),
            size_key(said.get("size", "")),
        )
        same = self.by_size.get(key, [])
        pack = folded(said.get("pack", ""))
        return next((one for one in same if folded(one.fields["pack"]) == pack), same[0] if same else None)

    def _check_alone(
        self,
        line: int,
        cells: Mapping[str, str],
        said: Mapping[str, Any],
        producer_id: int,
        found: Known | None,
        reader: _Reader,
    ) -> None:
        """Refuse what an earlier line said already, or said otherwise of the same product."""
        name = folded(cells.get("name", ""))
        key = (
            found.id
            if found
            else (
                producer_id,
                name,
                folded(said.get("display_name", "")),
                size_key(said.get("size", "")),
                folded(said.get("pack", "")),
            )
        )
        before = self.said.setdefault(key, line)
        if before != line:
            reader.blame("id" if cells.get("id") else "name", "same_as_line", line=before)
            return
        product: Any = found.product_id if found else self.products.get((producer_id, name)) or (producer_id, name)
        for about in ("product", *OF_PRODUCT):
            if about not in said or (about != "product" and not said[about] and found is None):
                continue
            value, earlier = self.said_of_products.setdefault((product, about), (said[about], line))
            if value != said[about]:
                reader.blame(COLUMN_OF.get(about, about), "disagrees", line=earlier)

    def _label(self, producer_id: int, cells: Mapping[str, str], found: Known | None) -> str:
        farm = self.ground.names.get(producer_id, "") or cells.get("producer", "")
        if found:
            return ", ".join(filter(None, (farm, found.product, found.fields["display_name"])))[:200]
        return ", ".join(filter(None, (farm, cells.get("name", ""), cells.get("display_name", ""))))[:200]


def _means_the_same(key: str, kept: Any, said: Any) -> bool:
    """Return whether two values of a field are one: 500 g and 0.5 kg; ways to say "by the piece", blank among them."""
    if key == "size":
        return is_same_size(kept, said)
    return kept == said or (key == "pack" and all(not pack or folded(pack) in PIECE for pack in (kept, said)))


class InventoryPlanner(Planner):
    """Plans a hub's own prices, stock and visibility; goods themselves are never made nor changed."""

    def one(self, line: int, cells: Mapping[str, str], wrong: list[Wrong]) -> Planned:
        reader = _Reader(cells, self.columns, self.ground, wrong)
        hub = cells.get("distributor", "").strip()
        if hub and folded(hub) != folded(self.ground.hub):
            reader.blame("distributor", "other_hub", hub=self.ground.hub, said=hub[:60])
        found = self._by_number(reader)
        producer_id = self._producer(reader, found)
        size = reader.size(found=found)
        if found is None and producer_id and not reader.is_wrong("id") and not reader.is_wrong("units"):
            said = {"size": size or "", "pack": cells.get("variant_unit_name", "").strip()}
            found = self._match(producer_id, cells, said)
            if found is None:
                reader.blame("name", "not_here")
        wanted = reader.decisions()
        if found:
            before = self.said.setdefault(found.id, line)
            if before != line:
                reader.blame("id" if cells.get("id") else "name", "same_as_line", line=before)
            self.touched.add(found.id)
            farm = self.ground.names[found.producer_id]
            if not found.may_price and wanted.get("own_price") is not None:
                reader.blame("price", "price_of_the_farm", producer=farm)
            if not found.may_count and wanted.get("stock"):
                reader.blame("on_hand", "stock_of_the_farm", producer=farm)
            if found.own_was_ordered and wanted.get("stock") == "":
                reader.blame("on_hand", "own_stock_ordered")
        if producer_id:
            self.farms.add(producer_id)
        if reader.wrong or found is None:
            label = self._label(producer_id, cells, found)
            return Planned(line, "refused", label, found.id if found else None, wrong=tuple(reader.wrong))
        changes = {key: (found.fields[key], value) for key, value in wanted.items() if found.fields[key] != value}
        return self._planned(line, "changed" if changes else "same", found, changes, [])


class _Reader:
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
