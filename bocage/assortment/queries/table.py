"""The table of what an enterprise makes or may sell: one row per size, a page of it at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from bocage.assortment.models import CellChange
from bocage.assortment.rules.cells import ON_DEMAND, Row, seen
from bocage.catalogue.models import Variant
from bocage.catalogue.queries import producers_of, producers_to_edit
from bocage.commons.refusals import NotFound
from bocage.commons.searching import folded
from bocage.network.queries.agreements import granted
from bocage.network.rules import Actor, Right
from bocage.network.rules.agreements import Act
from bocage.shops.models import Listing
from bocage.shops.queries.tagging import goods_tags_of
from bocage.stock.models import StockItem

SHOWN = 100
STATES = ("", "for_sale", "not_for_sale", "sold_out")
ORDER = ("product__search_text", "product_id", "position", "id")
FIELDS = (
    "id", "product_id", "product__producer_id", "product__name", "name", "unit", "size", "pack", "measure", "is_weighed",
    "product__category_id", "price_minor", "tax_rate_id", "product__keywords", "sku", "is_for_sale",
    "source_yields", "splits_stock", "source__product__name", "source__product__producer__name",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows: `text` in names, search words, codes and farms; `state` one of STATES."""

    text: str = ""
    producer_id: int | None = None
    category_id: int | None = None
    state: str = ""


@dataclass(frozen=True, slots=True)
class TablePage:
    """Some rows by product; `next` is where the following ones begin, 0 at the end."""

    rows: tuple[Row, ...]
    total: int
    next: int


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose goods an enterprise deals with: names by producer id, the ids of those whose goods the actor may edit, and of
    those whose agreement lets the enterprise sell, set a price and count a stock of its own."""

    enterprise_id: int
    producers: dict[int, str]
    editable: frozenset[int]
    sold: frozenset[int]
    priced: frozenset[int]
    counted: frozenset[int]


def reach(*, enterprise_id: int, actor: Actor, now: datetime) -> Reach:
    """Return whose goods an enterprise deals with, and whose the actor may edit, in seven SQL queries. Raises Forbidden."""
    actor.require(Right.MANAGE_CATALOGUE, on=enterprise_id)
    producers = {row.id: row.name for row in producers_of(enterprise_id=enterprise_id, now=now)}
    spoken_for = {row.id for row in producers_to_edit(enterprise_id=enterprise_id, manages=True, now=now)}
    editable = {pid for pid in producers if pid in spoken_for or actor.may(Right.MANAGE_CATALOGUE, on=pid)}
    sold, priced, counted = (
        frozenset(granted(act, at=now).filter(hub_id=enterprise_id).values_list("producer_id", flat=True))
        for act in (Act.SELL, Act.SET_PRICE, Act.SET_STOCK)
    )
    return Reach(enterprise_id, producers, frozenset(editable), sold, priced, counted)


def table(
    *, enterprise_id: int, actor: Actor, now: datetime, wanted: Wanted, after: int = 0, limit: int = SHOWN
) -> TablePage:
    """Return rows of the table after the variant `after`, `limit` at a time, in thirteen SQL queries. Raises Forbidden."""
    whose = reach(enterprise_id=enterprise_id, actor=actor, now=now)
    rows = matching(whose, wanted)
    total = rows.count()
    found = list(_after(rows, after).order_by(*ORDER).values_list(*FIELDS)[: limit + 1])
    shown = found[:limit]
    return TablePage(rows=filled(shown, whose), total=total, next=shown[-1][0] if len(found) > limit else 0)


def row(*, variant_id: int, enterprise_id: int, actor: Actor, now: datetime) -> Row:
    """Return one row of the table, in eleven SQL queries. Raises NotFound, Forbidden."""
    whose = reach(enterprise_id=enterprise_id, actor=actor, now=now)
    found = matching(whose, Wanted()).filter(id=variant_id).values_list(*FIELDS).first()
    if found is None:
        raise NotFound
    return filled([found], whose)[0]


def rows_of_product(*, product_id: int, enterprise_id: int, actor: Actor, now: datetime) -> tuple[Row, ...]:
    """Return the rows of a product's sizes, in eleven SQL queries. Raises Forbidden."""
    whose = reach(enterprise_id=enterprise_id, actor=actor, now=now)
    return filled(matching(whose, Wanted()).filter(product_id=product_id).order_by(*ORDER).values_list(*FIELDS), whose)


def written_by(*, enterprise_id: int, rows: Iterable[Row], actor: Actor) -> list[tuple[int, str, str]]:
    """Return what the actor may take back in these rows, oldest first, as (variant, column, what it said before).

    Only cells that still say what the actor wrote last. One SQL query.
    """
    shown = {row.id: row for row in rows}
    found = CellChange.objects.filter(enterprise_id=enterprise_id, by=actor.label, variant_id__in=shown)
    changes = list(found.order_by("id").values_list("variant_id", "column", "before", "after"))
    last = {(variant_id, column): after for variant_id, column, _, after in changes}
    standing = {cell for cell, after in last.items() if seen(shown[cell[0]], cell[1]) == after}
    return [(vid, column, before) for vid, column, before, _ in changes if (vid, column) in standing]


def matching(whose: Reach, wanted: Wanted) -> QuerySet[Variant]:
    """Return the running variants within reach that are wanted, in no order."""
    producers = set(whose.producers)
    if wanted.producer_id:
        producers &= {wanted.producer_id}
    rows = Variant.objects.filter(product__producer_id__in=producers, ended_at=None, product__ended_at=None)
    if wanted.category_id:
        under = Q(product__category_id=wanted.category_id) | Q(product__category__parent_id=wanted.category_id)
        rows = rows.filter(under)
    for word in folded(wanted.text).split():
        farms = [pid for pid, name in whose.producers.items() if word in folded(name)]
        rows = rows.filter(Q(product__search_text__contains=word) | Q(product__producer_id__in=farms))
    return _in_state(rows, wanted.state, whose.enterprise_id)


def filled(found: Iterable[tuple], whose: Reach) -> tuple[Row, ...]:
    """Return rows of FIELDS with their stock and the enterprise's own decisions, in three SQL queries."""
    kept = list(found)
    ids = [one[0] for one in kept]
    listings = {
        variant_id: (price, is_hidden)
        for variant_id, price, is_hidden in Listing.objects.filter(
            hub_id=whose.enterprise_id, variant_id__in=ids
        ).values_list("variant_id", "price_minor", "is_hidden")
    }
    pools = {
        (variant_id, hub_id is not None): ON_DEMAND if on_demand else str(on_hand)
        for variant_id, hub_id, on_hand, on_demand in StockItem.objects.filter(
            Q(hub_id=whose.enterprise_id) | Q(hub__isnull=True), variant_id__in=ids
        ).values_list("variant_id", "hub_id", "on_hand", "on_demand")
    }
    tags = goods_tags_of(hub_id=whose.enterprise_id, variant_ids=ids)
    return tuple(_row(one, whose, listings.get(one[0], (None, False)), pools, tags.get(one[0], ())) for one in kept)


def _row(
    one: tuple,
    whose: Reach,
    listing: tuple[int | None, bool],
    pools: dict[tuple[int, bool], str],
    tags: tuple[str, ...],
) -> Row:
    variant_id, product_id, producer_id, *rest = one
    (product, name, unit, size, pack, measure, is_weighed, category_id, price, vat, keywords, sku, is_for_sale,
     yields, splits, source, source_farm) = rest  # fmt: skip
    own, lent = pools.get((variant_id, True)), pools.get((variant_id, False), "")
    counts_own = own is not None or producer_id not in whose.editable
    return Row(
        id=variant_id,
        product_id=product_id,
        producer_id=producer_id,
        producer=whose.producers[producer_id],
        product=product,
        name=name,
        unit=unit,
        size=size,
        pack=pack,
        measure=measure,
        is_weighed=is_weighed,
        category_id=category_id,
        price=price,
        vat=vat,
        keywords=keywords,
        sku=sku,
        is_for_sale=is_for_sale,
        own_price=listing[0],
        is_hidden=listing[1],
        stock=(own or "") if counts_own else lent,
        lent_stock=lent,
        counts_own=counts_own,
        is_ours=producer_id == whose.enterprise_id,
        may_edit=producer_id in whose.editable,
        may_price=producer_id in whose.priced,
        may_count=not counts_own or producer_id in whose.counted,
        may_hide=producer_id in whose.sold,
        source_yields=yields,
        splits_stock=splits,
        source=source or "",
        source_farm=source_farm or "",
        tags=tags,
    )


def _in_state(rows: QuerySet[Variant], state: str, enterprise_id: int) -> QuerySet[Variant]:
    hidden = Exists(Listing.objects.filter(hub_id=enterprise_id, variant_id=OuterRef("pk"), is_hidden=True))
    if state == "for_sale":
        return rows.filter(~hidden, is_for_sale=True)
    if state == "not_for_sale":
        return rows.filter(hidden | Q(is_for_sale=False))
    if state == "sold_out":
        own = StockItem.objects.filter(variant_id=OuterRef("pk"), hub_id=enterprise_id)
        lent = StockItem.objects.filter(variant_id=OuterRef("pk"), hub__isnull=True)
        some = Q(on_demand=True) | Q(on_hand__gt=0)
        has_own = Exists(own)
        return rows.exclude(Exists(own.filter(some)) | (~has_own & Exists(lent.filter(some))))
    return rows


def _after(rows: QuerySet[Variant], after: int) -> QuerySet[Variant]:
    last = Variant.objects.filter(id=after).values_list(*ORDER).first() if after else None
    if last is None:
        return rows
    words, product_id, position, pk = last
    return rows.filter(
        Q(product__search_text__gt=words)
        | Q(product__search_text=words, product_id__gt=product_id)
        | Q(product_id=product_id, position__gt=position)
        | Q(product_id=product_id, position=position, id__gt=pk)
    )
