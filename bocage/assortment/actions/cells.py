"""One cell at a time: each goes to the app that keeps it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bocage.assortment.models import CellChange
from bocage.assortment.queries.table import row as table_row
from bocage.assortment.rules import cells
from bocage.assortment.rules.cells import Row
from bocage.catalogue import actions as catalogue
from bocage.catalogue.rules import ChangedMeanwhile
from bocage.commons.refusals import NotFound
from bocage.network.rules import Actor
from bocage.shops import actions as shops
from bocage.stock import actions as stock
from bocage.stock.rules import CountedMeanwhile, Level

KEPT = 50  # of what one person wrote into one table, to be taken back
OF_PRODUCT = {"product", "category", "keywords"}


@transaction.atomic
def set_cell(
    *,
    enterprise_id: int,
    variant_id: int,
    column: str,
    text: str,
    seen: str,
    currency: str,
    is_undo: bool = False,
    actor: Actor,
    now: datetime,
) -> bool:
    """Write what was typed into one cell of an enterprise's table; `seen` is what the cell held for who typed.

    It is remembered, so that who wrote can take it back, until it is or many others followed; `is_undo` takes it back.

    Return False where a hub's own stock could not be given up since orders were taken from it: it stays, at 0. Raises
    NotFound, Forbidden, CellClosed, CellChanged, and what is refused in words about the value. Emits what the app that
    keeps it emits.
    """
    if column not in cells.COLUMNS:
        raise NotFound
    row = table_row(variant_id=variant_id, enterprise_id=enterprise_id, actor=actor, now=now)
    if not row.may(column):
        raise cells.CellClosed(producer=row.producer)
    value = cells.parse(column, text, currency)
    try:
        is_said = _write(row, column, value, seen, enterprise_id, actor, now)
    except (ChangedMeanwhile, CountedMeanwhile):
        raise cells.CellChanged from None
    mine = CellChange.objects.filter(enterprise_id=enterprise_id, by=actor.label)
    if is_undo:
        mine.filter(pk__in=mine.filter(variant_id=row.id, column=column).order_by("-id").values("pk")[:1]).delete()
    elif is_said and cells.seen(row, column) != value:
        change = {"column": column, "before": cells.seen(row, column), "after": value, "at": now}
        newest = CellChange.objects.create(enterprise_id=enterprise_id, by=actor.label, variant_id=row.id, **change)
        mine.exclude(pk__in=list(mine.order_by("-id").values_list("pk", flat=True)[:KEPT])).filter(
            pk__lt=newest.pk
        ).delete()
    return is_said


def _write(row: Row, column: str, value: str, seen: str, enterprise_id: int, actor: Actor, now: datetime) -> bool:
    if column == "stock":
        return _set_stock(row, value, seen, enterprise_id, actor, now)
    if column == "tags":
        _tag(row, value, seen, enterprise_id, actor, now)
    elif column == "own_price" or (column == "for_sale" and not row.speaks_for_producer):
        _set_listing(row, column, value, seen, enterprise_id, actor, now)
    elif column in OF_PRODUCT:
        [(field, wanted)] = cells.values(column, value).items()
        [before] = _seen(column, seen).values()
        catalogue.change_product(
            product_id=row.product_id, field=field, value=wanted, seen=before, actor=actor, now=now
        )
    else:
        catalogue.change_variant(
            variant_id=row.id, changes=cells.values(column, value), seen=_seen(column, seen), actor=actor, now=now
        )
    return True


def _set_stock(row: Row, value: str, seen: str, enterprise_id: int, actor: Actor, now: datetime) -> bool:
    if not value and not row.counts_own:
        raise cells.NotACount
    return stock.recount(
        variant_id=row.id,
        hub_id=enterprise_id if row.counts_own else None,
        wanted=_level(value),
        seen=_level(seen),
        actor=actor,
        now=now,
    )


def _set_listing(row: Row, column: str, value: str, seen: str, enterprise_id: int, actor: Actor, now: datetime) -> None:
    if cells.seen(row, column) not in (seen, value):
        raise cells.CellChanged
    price = (int(value) if value else None) if column == "own_price" else row.own_price
    is_hidden = value == "no" if column == "for_sale" else row.is_hidden
    shops.set_listing(
        hub_id=enterprise_id, variant_id=row.id, price_minor=price, is_hidden=is_hidden, actor=actor, now=now
    )


def _tag(row: Row, value: str, seen: str, enterprise_id: int, actor: Actor, now: datetime) -> None:
    if cells.seen(row, "tags") not in (seen, value):
        raise cells.CellChanged
    shops.tag_goods(hub_id=enterprise_id, variant_id=row.id, tags=value, actor=actor, now=now)


def _seen(column: str, seen: str) -> dict[str, object]:
    try:
        return cells.values(column, seen)
    except ValueError:
        raise cells.CellChanged from None


def _level(value: str) -> Level | None:
    if not value:
        return None
    if value == cells.ON_DEMAND:
        return Level(None)
    return Level(int(value)) if value.isascii() and value.isdigit() else Level(-1)
