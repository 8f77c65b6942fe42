"""The hubs of an instance as the home page lists them: nearest or open first, with their sale of the moment."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Exists, OuterRef

from bocage.catalogue.models import Product
from bocage.network.queries import directory as network
from bocage.network.queries.directory import DirectoryRow
from bocage.network.queries.places import Place
from bocage.order_cycles.models import Exchange
from bocage.shops.models import DeliveryMethod, Shop
from bocage.web.queries.sales import Sale, sales_of
from bocage.web.rules import MIDDLE, Point, apart, on_map

SHOWN = 40
PICTURES = 4


@dataclass(frozen=True, slots=True)
class HubRow:
    """A hub in the list and on the map (`x`, `y` in the drawing's units; None when it has no place)."""

    id: int
    slug: str
    name: str
    teaser: str
    town: str
    point: Point | None
    is_members_only: bool
    delivers: bool
    distance_km: float | None = None
    sale: Sale | None = None
    pictures: tuple[str, ...] = ()
    number: int = 0
    x: int | None = None
    y: int | None = None

    @property
    def state(self) -> str:
        return self.sale.state if self.sale else "shut"


@dataclass(frozen=True, slots=True)
class Directory:
    """What the home page shows: the rows, how many there are of each sort, and where the map has its towns."""

    rows: tuple[HubRow, ...]
    total: int
    open: int
    delivering: int
    towns: tuple[tuple[str, int, int], ...]

    @property
    def centre(self) -> str:
        """The town in the middle of the map."""
        return min(self.towns, key=lambda town: math.dist(town[1:], MIDDLE), default=("", 0, 0))[0]


def directory(
    *, instance_id: int, now: datetime, near: Place | None = None, within_km: int = 25, text: str = "", only: str = ""
) -> Directory:
    """Return the public hubs of an instance, at most forty, in four queries.

    near: keep those within `within_km` of it, nearest first; without it, open ones first. text: keep names that
    contain it. only: "open" or "delivery" keeps these; the counts tell of all.
    """
    found = _with_shops(network.find(instance_id, near=near, within_km=within_km, text=text))
    sales = sales_of([row.id for row in found], now=now)
    found = [replace(row, sale=sales.get(row.id)) for row in found]
    counts = len(found), sum(row.state != "shut" for row in found), sum(row.delivers for row in found)
    kept = sorted((row for row in found if _is_wanted(row, only)), key=_rank)[:SHOWN]
    shown = _on_map(_with_pictures(kept), near)
    return Directory(shown, *counts, towns=_towns(shown))


def _with_shops(rows: list[DirectoryRow]) -> list[HubRow]:
    """Keep those that have a shop, in one query, with what it says of itself."""
    delivery = DeliveryMethod.objects.filter(hub_id=OuterRef("hub_id"), kind="delivery", ended_at__isnull=True)
    shops = Shop.objects.filter(hub_id__in=[row.id for row in rows]).annotate(delivers=Exists(delivery))
    known = {
        pk: (members, delivers) for pk, members, delivers in shops.values_list("pk", "is_members_only", "delivers")
    }
    return [_row(row, *known[row.id]) for row in rows if row.id in known]


def _row(row: DirectoryRow, is_members_only: bool, delivers: bool) -> HubRow:
    has_place = row.latitude is not None and row.longitude is not None
    return HubRow(
        id=row.id,
        slug=row.slug,
        name=row.name,
        teaser=row.teaser,
        town=row.town,
        point=Point(row.latitude or 0, row.longitude or 0) if has_place else None,
        is_members_only=is_members_only,
        delivers=delivers,
        distance_km=row.distance_km,
    )


def _is_wanted(row: HubRow, only: str) -> bool:
    return {"open": row.state != "shut", "delivery": row.delivers}.get(only, True)


def _rank(row: HubRow) -> tuple:
    """Nearest first; without distances, those who sell now, then those who open soonest, then by name."""
    if row.distance_km is not None:
        return (row.distance_km, row.name, row.id)
    opens = row.sale.opens_at.timestamp() if row.sale and row.state == "shut" else float("inf")
    return (row.state == "shut", 0 if row.state != "shut" else opens, row.name, row.id)


def _with_pictures(rows: list[HubRow]) -> list[HubRow]:
    """Give each row the drawings of what the farms of its sale make, a few families each, in two queries."""
    brought: dict[int, set[int]] = {}
    coming = Exchange.objects.filter(
        cycle_id__in=[row.sale.cycle_id for row in rows if row.sale], direction="incoming", withdrawn_at__isnull=True
    )
    for cycle_id, farm_id in coming.values_list("cycle_id", "enterprise_id"):
        brought.setdefault(cycle_id, set()).add(farm_id)
    makes = Product.objects.filter(producer_id__in=set().union(*brought.values()), ended_at__isnull=True)
    shelves = makes.order_by("category__position", "category_id").values_list(
        "producer_id", "category__picture", "category__position", "category_id"
    )
    made = list(shelves.distinct())

    def pictures(sale: Sale | None) -> list[str]:
        farms = brought.get(sale.cycle_id, set()) if sale else set()
        return [picture for farm_id, picture, _, _ in made if farm_id in farms]

    return [replace(row, pictures=_some(pictures(row.sale))) for row in rows]


def _some(pictures: list[str]) -> tuple[str, ...]:
    """A few of them, spread over the whole shelf, none twice."""
    once = list(dict.fromkeys(pictures))
    step = max(1, len(once) // PICTURES)
    return tuple(once[::step][:PICTURES])


def _on_map(rows: list[HubRow], near: Place | None) -> tuple[HubRow, ...]:
    placed = [row for row in rows if row.point]
    centre = Point(near.latitude, near.longitude) if near else _middle(placed)
    spots = dict(
        zip((row.id for row in placed), on_map([row.point for row in placed if row.point], centre), strict=True)
    )
    return tuple(
        replace(row, number=number, x=spots.get(row.id, (None, None))[0], y=spots.get(row.id, (None, None))[1])
        for number, row in enumerate(rows, 1)
    )


def _middle(rows: list[HubRow]) -> Point:
    """Return where the hub stands that is nearest to all others."""
    points = [row.point for row in rows if row.point]
    return min(points, key=lambda here: sum(apart(here, there) for there in points), default=Point(46.5, 2.5))


def _towns(rows: tuple[HubRow, ...]) -> tuple[tuple[str, int, int], ...]:
    """Each town once, where its first pin stands."""
    first: dict[str, tuple[str, int, int]] = {}
    for row in rows:
        if row.x is not None and row.y is not None:
            first.setdefault(row.town, (row.town, row.x, row.y))
    return tuple(first.values())
