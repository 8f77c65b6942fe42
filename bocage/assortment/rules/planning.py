"""What a spreadsheet would do, row by row, before anything is done: new, changed (old and new), the same, refused.

A row is matched with what is there by its number (`id`), else by its code (`sku`) where the farm uses it once, else by
farm, product, name of the size and size (500 g is 0.5 kg). What it does not say stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bocage.assortment.rules.cells import is_same_size, size_key
from bocage.assortment.rules.faults import Wrong
from bocage.assortment.rules.ground import COLUMN_OF, Ground, Known, Planned
from bocage.assortment.rules.rows import PIECE, RowReader
from bocage.commons.searching import folded

OF_PRODUCT = ("category_id", "keywords", "origin", "allergens")  # and its name, by number alone


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
        reader = RowReader(cells, self.columns, self.ground, wrong)
        found = self._by_number(reader)
        producer_id = self._producer(reader, found)
        said = reader.fields(found)
        if found is None and producer_id and not reader.is_wrong("id"):
            found = self._match(producer_id, cells, said)
            said = said if found else reader.needed(said)
        if found is not None and "stock" in said and not said["stock"]:
            del said["stock"]
        label = self._label(producer_id, cells, found)
        self._check_tags(said, producer_id, found, reader)
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

    def _by_number(self, reader: RowReader) -> Known | None:
        text = reader.cells.get("id", "").strip()
        if not text or reader.is_wrong("id"):
            return None
        found = self.by_id.get(int(text)) if text.isascii() and text.isdigit() and len(text) < 15 else None
        if found is None:
            reader.blame("id", "no_such_row")
        return found

    def _producer(self, reader: RowReader, found: Known | None) -> int:
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

    def _check_tags(self, said: Mapping[str, Any], producer_id: int, found: Known | None, reader: RowReader) -> None:
        """Refuse tags for goods that the enterprise does not sell."""
        may = found.may_tag if found else producer_id in self.ground.tagged
        if said.get("tags") and not may:
            reader.blame("tags", "tags_of_a_stranger", producer=self.ground.names.get(producer_id, ""))

    def _check_alone(
        self,
        line: int,
        cells: Mapping[str, str],
        said: Mapping[str, Any],
        producer_id: int,
        found: Known | None,
        reader: RowReader,
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
        reader = RowReader(cells, self.columns, self.ground, wrong)
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
            self._check_tags(wanted, found.producer_id, found, reader)
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
