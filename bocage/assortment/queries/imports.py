"""What a spreadsheet is held against, and what it would do or did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db.models import Q, QuerySet

from bocage.assortment.models import Import, ImportLine
from bocage.assortment.queries.table import Reach, reach
from bocage.assortment.rules.cells import ON_DEMAND, size_word
from bocage.assortment.rules.ground import MAY_CHANGE, Ground, Known
from bocage.catalogue.models import Category, Variant
from bocage.commons.measures import Exact, decimal
from bocage.commons.refusals import NotFound
from bocage.commons.searching import folded
from bocage.network.models import Enterprise
from bocage.network.queries.agreements import granted
from bocage.network.rules import Actor, Right
from bocage.network.rules.agreements import Act
from bocage.pricing.models import TaxRate
from bocage.shops.models import Listing
from bocage.shops.queries.tagging import goods_tags
from bocage.stock.models import Movement, StockItem
from bocage.stock.queries import COUNTS

LINES = 100
SHOWN_IN_ORDER = ("own_price", "is_hidden", *MAY_CHANGE)
FIELDS = (
    "id", "product_id", "product__producer_id", "product__name", "product__category_id", "product__keywords",
    "product__origin", "product__allergens", "name", "unit", "size", "pack", "price_minor", "tax_rate_id", "sku",
    "weight_g", "is_weighed", "is_for_sale", "measure", "source_id", "source_yields", "splits_stock",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ImportRow:
    """A spreadsheet that was read."""

    id: int
    mode: str
    state: str
    file_name: str
    counts: dict[str, int]
    columns: dict[str, int]
    unknown: list[str]
    empties_absent: bool
    left: int
    by_name: str
    read_at: datetime
    applied_at: datetime | None
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class LineRow:
    """A row of it: changes as (field, old, new), wrongs as (column key, code, values)."""

    id: int
    line: int
    kind: str
    label: str
    changes: list[tuple[str, Any, Any]]
    wrong: list[tuple[str, str, dict[str, Any]]]


def ground(*, enterprise_id: int, mode: str, actor: Actor, now: datetime) -> Ground:
    """Return what a spreadsheet of an enterprise is held against, in at most fourteen SQL queries. Raises Forbidden."""
    whose = reach(enterprise_id=enterprise_id, actor=actor, now=now)
    hub = Enterprise.objects.select_related("instance").get(id=enterprise_id)
    is_inventory = mode == Import.Mode.INVENTORY
    names = {
        pid: name
        for pid, name in whose.producers.items()
        if (pid != enterprise_id if is_inventory else pid in whose.editable)
    }
    if not is_inventory and makes_of_others(enterprise_id=enterprise_id, now=now):
        names.setdefault(enterprise_id, hub.name)
    tagged = whose.sold | {enterprise_id}
    known = _decided(whose, list(names), tagged) if is_inventory else _kept(list(names), enterprise_id, tagged)
    return Ground(
        producers={folded(name): pid for pid, name in names.items()},
        names=names,
        categories=_categories(),
        rates=_rates(hub.country),
        known=known,
        currency=hub.instance.currency,
        hub=hub.name if is_inventory else "",
        sources={} if is_inventory else _sources(enterprise_id, now),
        tagged=tagged,
    )


def imports_of(*, enterprise_id: int, actor: Actor, limit: int = 10) -> list[ImportRow]:
    """Return the spreadsheets an enterprise read last, newest first, in one SQL query. Raises Forbidden."""
    actor.require(Right.MANAGE_CATALOGUE, on=enterprise_id)
    return [_import(row) for row in Import.objects.filter(enterprise_id=enterprise_id).order_by("-id")[:limit]]


def import_of(*, import_id: int, enterprise_id: int, actor: Actor) -> ImportRow:
    """Return one spreadsheet of an enterprise. Raises NotFound, Forbidden."""
    actor.require(Right.MANAGE_CATALOGUE, on=enterprise_id)
    row = Import.objects.filter(id=import_id, enterprise_id=enterprise_id).first()
    if row is None:
        raise NotFound
    return _import(row)


def lines(*, import_id: int, kind: str, after: int = 0, limit: int = LINES) -> tuple[list[LineRow], int]:
    """Return rows of a kind in the order of the file, and the id after which the next begin (0: none), in one SQL query."""
    rows = list(ImportLine.objects.filter(of_id=import_id, kind=kind, id__gt=after).order_by("id")[: limit + 1])
    shown = [
        LineRow(
            id=row.pk,
            line=row.line,
            kind=row.kind,
            label=row.label,
            changes=[(key, *row.changes[key]) for key in SHOWN_IN_ORDER if key in row.changes],
            wrong=[(one["column"], one["code"], one["values"]) for one in row.wrong],
        )
        for row in rows[:limit]
    ]
    return shown, shown[-1].id if len(rows) > limit else 0


def _kept(producers: list[int], hub_id: int, tagged: frozenset[int]) -> list[Known]:
    rows = _running(producers).order_by("id")
    tags = goods_tags(hub_id)
    stock = _pools(StockItem.objects.filter(variant__in=rows.values("id"), hub__isnull=True))
    return [
        Known(
            id=one[0],
            product_id=one[1],
            producer_id=one[2],
            product=one[3],
            fields={
                "product": one[3], "category_id": one[4], "keywords": one[5], "origin": one[6], "allergens": one[7],
                "display_name": one[8], "size": size_word(one[9], one[10], one[18]), "pack": one[11], "price_minor": one[12],
                "tax_rate_id": one[13], "sku": one[14], "weight_g": one[15], "is_weighed": one[16],
                "is_for_sale": one[17], "source": one[19], "source_yields": one[20], "splits_stock": one[21],
                "stock": stock.get(one[0], ("", 0))[0], "tags": ", ".join(tags.get(one[0], ())),
            },
            may_tag=one[2] in tagged,
        )
        for one in rows.values_list(*FIELDS).iterator(2000)
    ]  # fmt: skip


def _decided(whose: Reach, producers: list[int], tagged: frozenset[int]) -> list[Known]:
    hub_id = whose.enterprise_id
    tags = goods_tags(hub_id)
    rows = _running(producers).order_by("id")
    listings = {
        vid: (price, is_hidden)
        for vid, price, is_hidden in Listing.objects.filter(hub_id=hub_id).values_list(
            "variant_id", "price_minor", "is_hidden"
        )
    }
    own = StockItem.objects.filter(hub_id=hub_id)
    pools = _pools(own)
    ordered = set(Movement.objects.filter(item__in=own).exclude(reason__in=COUNTS).values_list("item_id", flat=True))
    return [
        Known(
            id=one[0],
            product_id=one[1],
            producer_id=one[2],
            product=one[3],
            fields={
                "display_name": one[8],
                "size": size_word(one[9], one[10], one[18]),
                "pack": one[11],
                "sku": one[14],
                "own_price": listings.get(one[0], (None, False))[0],
                "is_hidden": listings.get(one[0], (None, False))[1],
                "stock": pools.get(one[0], ("", 0))[0],
                "tags": ", ".join(tags.get(one[0], ())),
            },
            may_tag=one[2] in tagged,
            may_price=one[2] in whose.priced,
            may_count=one[2] in whose.counted,
            own_was_ordered=pools.get(one[0], ("", 0))[1] in ordered,
        )
        for one in rows.values_list(*FIELDS).iterator(2000)
    ]


def _sources(enterprise_id: int, now: datetime) -> dict[int, tuple[str, Exact]]:
    """Unit and size of what an enterprise may make into goods of its own, by number."""
    agreed = granted(Act.RESELL, at=now).filter(hub_id=enterprise_id).values("producer_id")
    rows = Variant.objects.filter(
        Q(product__producer_id__in=agreed) | Q(product__producer_id=enterprise_id),
        ended_at=None, product__ended_at=None, source=None,
    )  # fmt: skip
    return {pk: (unit, size) for pk, unit, size in rows.values_list("id", "unit", "size")}


def makes_of_others(*, enterprise_id: int, now: datetime) -> bool:
    """Return whether an enterprise may make goods of its own of others', in one SQL query."""
    return granted(Act.RESELL, at=now).filter(hub_id=enterprise_id).exists()


def _running(producers: list[int]) -> QuerySet[Variant]:
    return Variant.objects.filter(product__producer_id__in=producers, ended_at=None, product__ended_at=None)


def _pools(items: QuerySet[StockItem]) -> dict[int, tuple[str, int]]:
    rows = items.values_list("variant_id", "id", "on_hand", "on_demand")
    return {vid: (ON_DEMAND if on_demand else str(on_hand), pk) for vid, pk, on_hand, on_demand in rows}


def _categories() -> dict[str, int | None]:
    """Categories by each of their names, alone and with what they lie under; None where two are called the same."""
    found: dict[str, int | None] = {}
    for row in Category.objects.select_related("parent").order_by("id"):
        words = {folded(row.name_fr), folded(row.name_en), folded(row.slug)}
        if row.parent:
            words |= {
                folded(f"{row.parent.name_fr} › {row.name_fr}"),
                folded(f"{row.parent.name_en} › {row.name_en}"),
            }
        for word in words:
            found[word] = None if word in found else row.pk
    return found


def _rates(country: str) -> dict[str, int]:
    """VAT rates by code, name and percentage, written without blanks and with a dot."""
    found: dict[str, int] = {}
    for row in TaxRate.objects.filter(country=country).order_by("-is_included", "id"):
        percent = decimal(Fraction(row.rate_millionths, 10_000))
        for word in (row.code, row.name, f"{percent}%", percent):
            found.setdefault(folded(word).replace(" ", "").replace(",", "."), row.pk)
    return found


def _import(row: Import) -> ImportRow:
    names = list(ImportRow.__dataclass_fields__)
    return ImportRow(**{name: getattr(row, name) for name in names})
