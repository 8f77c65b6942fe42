"""Who sells and who produces, near a place or by name: the public enterprises of an instance."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from math import cos, radians

from django.db.models import QuerySet

from bocage.network.models import Enterprise
from bocage.network.queries.places import Place, distance_km, plain

KM_PER_DEGREE = 110.5  # of latitude, at least; of longitude times the cosine


@dataclass(frozen=True, slots=True)
class DirectoryRow:
    """A public enterprise; `distance_km` only when a place was given."""

    id: int
    slug: str
    name: str
    kind: str
    is_producer: bool
    sells: str
    teaser: str
    town: str
    postcode: str
    picture: str
    latitude: float | None
    longitude: float | None
    distance_km: float | None = None


COLUMNS = tuple(field.name for field in fields(DirectoryRow))[:-1]


def find(
    instance_id: int,
    *,
    near: Place | None = None,
    within_km: int = 50,
    text: str = "",
    kinds: Collection[str] = (),
) -> list[DirectoryRow]:
    """Return the public enterprises that sell, in one query: by distance near a place, else by name.

    near: keeps those within `within_km` of it. text: keeps names and towns that contain it, accents and case aside.
    kinds: keeps these ("food_hub", …); none keeps all.
    """
    return _found(_public(instance_id).exclude(sells=Enterprise.Sells.NONE), near, within_km, text, kinds)


def farms(instance_id: int, *, near: Place | None = None, within_km: int = 50, text: str = "") -> list[DirectoryRow]:
    """Return the public producers, whether they sell themselves or not, as `find` does, in one query."""
    return _found(_public(instance_id).filter(is_producer=True), near, within_km, text, ())


def _public(instance_id: int) -> QuerySet[Enterprise]:
    return Enterprise.objects.filter(instance_id=instance_id, visibility=Enterprise.Visibility.PUBLIC)


def _found(
    rows: QuerySet[Enterprise], near: Place | None, within_km: int, text: str, kinds: Collection[str]
) -> list[DirectoryRow]:
    rows = rows.filter(kind__in=kinds) if kinds else rows
    rows = _in_box(rows, near, within_km) if near else rows
    found = [_row(values) for values in rows.order_by("name", "id").values_list(*COLUMNS)]
    wanted = plain(text)
    found = [row for row in found if wanted in plain(row.name) or wanted in plain(row.town)]
    if near is None:
        return sorted(found, key=lambda row: (plain(row.name), row.id))
    measured = [replace(row, distance_km=_distance(row, near)) for row in found]
    kept = [row for row in measured if row.distance_km is not None and row.distance_km <= within_km]
    return sorted(kept, key=lambda row: (row.distance_km, plain(row.name), row.id))


def _in_box(rows: QuerySet[Enterprise], near: Place, within_km: int) -> QuerySet[Enterprise]:
    """Keep a box somewhat larger than the circle, so that the database leaves most of the country out."""
    high = within_km / KM_PER_DEGREE
    wide = min(180.0, high / max(0.01, cos(radians(min(89.0, abs(near.latitude) + high)))))
    return rows.filter(
        latitude__range=(near.latitude - high, near.latitude + high),
        longitude__range=(near.longitude - wide, near.longitude + wide),
    )


def _distance(row: DirectoryRow, near: Place) -> float | None:
    if row.latitude is None or row.longitude is None:
        return None
    return distance_km(near.latitude, near.longitude, row.latitude, row.longitude)


def _row(values: tuple) -> DirectoryRow:
    row = DirectoryRow(*values)
    if row.latitude is None or row.longitude is None:
        return row
    return replace(row, latitude=float(row.latitude), longitude=float(row.longitude))
