"""A spreadsheet: read and planned, then applied as a whole, then perhaps taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain, islice
from typing import Any, TypeVar

from django.db import transaction

from bocage.assortment.files.reading import Sheet, read
from bocage.assortment.models import Import, ImportLine
from bocage.assortment.queries import imports as queries
from bocage.assortment.rules.cells import read_size
from bocage.assortment.rules.ground import Planned
from bocage.assortment.rules.imports import AlreadyDone, NothingToDo
from bocage.assortment.rules.planning import InventoryPlanner, Planner
from bocage.assortment.rules.sheet import is_unread
from bocage.catalogue import actions as catalogue
from bocage.catalogue.rules import ProductDetails, VariantDetails
from bocage.commons.refusals import NotFound
from bocage.commons.searching import folded
from bocage.infra.locks import lock_row
from bocage.network.rules import Actor, Right
from bocage.shops import actions as shops
from bocage.stock import actions as stock

BATCH = 1000
KEPT = 20  # of an enterprise's last imports; older ones are forgotten
OF_PRODUCT = {"product": "name", "category_id": "category_id", "keywords": "keywords", "origin": "origin",
              "allergens": "allergens"}  # fmt: skip
OF_VARIANT = {"display_name": "name", "pack": "pack", "price_minor": "price_minor", "tax_rate_id": "tax_rate_id",
              "sku": "sku", "weight_g": "weight_g", "is_weighed": "is_weighed", "is_for_sale": "is_for_sale",
              "source": "source_id", "source_yields": "source_yields", "splits_stock": "splits_stock"}  # fmt: skip
T = TypeVar("T")


@transaction.atomic
def plan_import(
    *,
    enterprise_id: int,
    mode: str,
    data: bytes,
    file_name: str,
    empties_absent: bool,
    actor: Actor,
    now: datetime,
) -> int:
    """Read a spreadsheet and keep what it would do, row by row; nothing else is written. Return the import's id.

    `mode` is "products" (goods of farms that the actor manages) or "inventory" (the hub's own prices, stock and
    visibility). Raises Forbidden, and a refusal in words for a file that cannot be read at all.
    """
    ground = queries.ground(enterprise_id=enterprise_id, mode=mode, actor=actor, now=now)
    sheet = read(data)
    kept = Import.objects.create(
        enterprise_id=enterprise_id,
        mode=mode,
        file_name=file_name[-120:],
        empties_absent=empties_absent,
        columns=sheet.positions,
        unknown=[*sheet.unknown, *(key for key in sheet.positions if is_unread(key))],
        by=actor.label,
        by_name=actor.name,
        read_at=now,
    )
    planner = (InventoryPlanner if mode == Import.Mode.INVENTORY else Planner)(ground, sheet.positions)
    kept.counts = _keep_lines(kept, _planned(planner, sheet, empties_absent))
    kept.save(update_fields=["counts"])
    _forget(enterprise_id, kept.pk)
    return kept.pk


@transaction.atomic
def apply_import(*, import_id: int, enterprise_id: int, actor: Actor, now: datetime) -> None:
    """Do what a spreadsheet was said to do, all good rows of it at once; refused rows are left out.

    Raises NotFound, Forbidden, AlreadyDone, NothingToDo, and GoodsMoved, StockMoved or ListingsMoved where somebody
    changed a row since it was read: then nothing is done. Emits GoodsChanged per farm.
    """
    kept = _own(import_id, enterprise_id, Import.State.PLANNED, actor)
    rows = list(_lines(kept, ("new", "changed", "absent")))
    if not rows:
        raise NothingToDo
    if kept.mode == Import.Mode.INVENTORY:
        _decide(kept, rows, actor, now)
    else:
        _add([row for row in rows if row.kind == "new"], kept, actor, now)
        _change([row for row in rows if row.kind != "new"], kept, actor, now)
    kept.state, kept.applied_at = Import.State.APPLIED, now
    kept.save(update_fields=["state", "applied_at"])


@transaction.atomic
def undo_import(*, import_id: int, enterprise_id: int, actor: Actor, now: datetime) -> int:
    """Take back what a spreadsheet did: old values return, new sizes are withdrawn, what was sold stays sold.

    What somebody changed since is left as it is; return how much that is. Raises NotFound, Forbidden, AlreadyDone.
    """
    kept = _own(import_id, enterprise_id, Import.State.APPLIED, actor)
    rows = list(_lines(kept, ("new", "changed", "absent")))
    if kept.mode == Import.Mode.INVENTORY:
        kept.left = _decide(kept, rows, actor, now, is_undo=True)
    else:
        kept.left = _change([row for row in rows if row.kind != "new"], kept, actor, now, is_undo=True)
        catalogue.end_many(
            variant_ids=[row.variant_id for row in rows if row.variant_id and row.kind == "new"], actor=actor, now=now
        )
    kept.state, kept.undone_at = Import.State.UNDONE, now
    kept.save(update_fields=["state", "undone_at", "left"])
    return kept.left


@transaction.atomic
def drop_import(*, import_id: int, enterprise_id: int, actor: Actor) -> None:
    """Forget a spreadsheet that was read and not applied. Raises NotFound, Forbidden, AlreadyDone."""
    _own(import_id, enterprise_id, Import.State.PLANNED, actor).delete()


def _planned(planner: Planner, sheet: Sheet, empties_absent: bool) -> Iterator[Planned]:
    absent = planner.absent() if empties_absent else iter(())
    return chain(planner.plan(sheet.rows), absent)


def _keep_lines(kept: Import, planned: Iterable[Planned]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for batch in _batches(planned):
        counts.update(one.kind for one in batch)
        ImportLine.objects.bulk_create(
            ImportLine(
                of=kept,
                line=one.line,
                kind=one.kind,
                label=one.label,
                variant_id=one.variant_id,
                producer_id=one.producer_id,
                product_id=one.product_id,
                changes=dict(one.changes),
                wrong=[{"column": w.column, "code": w.code, "values": dict(w.values)} for w in one.wrong],
            )
            for one in batch
        )
    return dict(counts)


def _forget(enterprise_id: int, newest: int) -> None:
    """Forget what was planned before and never applied, and imports of long ago."""
    old = Import.objects.filter(enterprise_id=enterprise_id).exclude(id=newest)
    old.filter(state=Import.State.PLANNED).delete()
    keep = list(old.order_by("-id").values_list("id", flat=True)[:KEPT])
    old.exclude(id__in=keep).delete()


def _own(import_id: int, enterprise_id: int, state: str, actor: Actor) -> Import:
    actor.require(Right.MANAGE_CATALOGUE, on=enterprise_id)
    kept = lock_row(Import.objects.filter(enterprise_id=enterprise_id), import_id)
    if kept is None:
        raise NotFound
    if kept.state != state:
        raise AlreadyDone
    return kept


def _lines(kept: Import, kinds: tuple[str, ...]) -> Iterator[ImportLine]:
    return ImportLine.objects.filter(of=kept, kind__in=kinds).order_by("id").iterator(BATCH)


def _add(rows: list[ImportLine], kept: Import, actor: Actor, now: datetime) -> None:
    if not rows:
        return
    new, places = [], Counter[Any]()
    for row in rows:
        said = {key: value for key, (_, value) in row.changes.items()}
        key = (row.producer_id, folded(said["product"]))
        unit, size, measure = read_size(said["size"])
        details = VariantDetails(
            unit=unit,
            size=size,
            measure=measure,
            position=places[row.product_id or key],
            **{field: said[name] for name, field in OF_VARIANT.items()},
        )
        places[row.product_id or key] += 1
        product = ProductDetails(
            description=said["description"], **{field: said[name] for name, field in OF_PRODUCT.items()}
        )
        new.append(catalogue.NewSize(row.producer_id, details, row.product_id or None, key, product))
    written = catalogue.write_many(new=new, actor=actor, now=now)
    for row, variant_id in zip(rows, written.variant_ids, strict=True):
        row.variant_id = variant_id
    for batch in _batches(rows):
        ImportLine.objects.bulk_create(batch, update_conflicts=True, unique_fields=["id"], update_fields=["variant"])
    counts = {row.variant_id: ("", row.changes["stock"][1]) for row in rows if row.variant_id}
    stock.recount_many(hub_id=None, counts=counts, about=_about(kept), actor=actor, now=now)
    tags = {row.variant_id: ("", row.changes["tags"][1]) for row in rows if row.variant_id and _tagged(row)}
    shops.tag_many(hub_id=kept.enterprise_id, tags=tags, actor=actor, now=now)


def _tagged(row: ImportLine) -> bool:
    return bool(row.changes.get("tags", ("", ""))[1])


def _change(rows: list[ImportLine], kept: Import, actor: Actor, now: datetime, *, is_undo: bool = False) -> int:
    """Write the changes of rows, or what was there before them; return how much was left."""
    products: dict[int, dict[str, tuple[Any, Any]]] = {}
    variants: dict[int, dict[str, tuple[Any, Any]]] = {}
    counts: dict[int, tuple[str, str]] = {}
    tags: dict[int, tuple[str, str]] = {}
    for row in rows:
        assert row.variant_id is not None
        for key, (old, new) in row.changes.items():
            pair = (new, old) if is_undo else (old, new)
            if key == "stock":
                counts[row.variant_id] = pair
            elif key == "tags":
                tags[row.variant_id] = pair
            elif key in OF_PRODUCT:
                products.setdefault(row.product_id, {})[OF_PRODUCT[key]] = pair
            elif key == "size":
                sides = [dict(zip(("unit", "size", "measure"), read_size(one), strict=True)) for one in pair]
                both = {name: (sides[0][name], sides[1][name]) for name in sides[0]}
                variants.setdefault(row.variant_id, {}).update(both)
            else:
                variants.setdefault(row.variant_id, {})[OF_VARIANT[key]] = pair
    left, _ = catalogue.change_many(products=products, variants=variants, is_undo=is_undo, actor=actor, now=now)
    left += shops.tag_many(hub_id=kept.enterprise_id, tags=tags, is_undo=is_undo, actor=actor, now=now)
    return left + stock.recount_many(
        hub_id=None, counts=counts, about=_about(kept), is_undo=is_undo, actor=actor, now=now
    )


def _decide(kept: Import, rows: list[ImportLine], actor: Actor, now: datetime, *, is_undo: bool = False) -> int:
    """Write a hub's own decisions, or those before them; return how much was left."""
    known = {one.id: one.fields for one in _present(kept, actor, now)}
    listings: dict[int, Any] = {}
    counts: dict[int, tuple[str, str]] = {}
    tags: dict[int, tuple[str, str]] = {}
    for row in rows:
        assert row.variant_id is not None
        if row.variant_id not in known:
            continue
        present = known[row.variant_id]
        sides = [
            tuple(row.changes[key][side] if key in row.changes else present[key] for key in ("own_price", "is_hidden"))
            for side in (0, 1)
        ]
        if sides[0] != sides[1]:
            listings[row.variant_id] = (sides[1], sides[0]) if is_undo else (sides[0], sides[1])
        for key, pairs in (("stock", counts), ("tags", tags)):
            if key in row.changes:
                old, new = row.changes[key]
                pairs[row.variant_id] = (new, old) if is_undo else (old, new)
    hub_id = kept.enterprise_id
    left = shops.set_listings(hub_id=hub_id, listings=listings, is_undo=is_undo, actor=actor, now=now)
    left += shops.tag_many(hub_id=hub_id, tags=tags, is_undo=is_undo, actor=actor, now=now)
    return left + stock.recount_many(
        hub_id=hub_id, counts=counts, about=_about(kept), is_undo=is_undo, actor=actor, now=now
    )


def _present(kept: Import, actor: Actor, now: datetime) -> Any:
    return queries.ground(enterprise_id=kept.enterprise_id, mode=kept.mode, actor=actor, now=now).known


def _about(kept: Import) -> str:
    return f"import:{kept.pk}"


def _batches(rows: Iterable[T]) -> Iterator[list[T]]:
    left = iter(rows)
    while batch := list(islice(left, BATCH)):
        yield batch


__all__ = ["apply_import", "drop_import", "plan_import", "undo_import"]
