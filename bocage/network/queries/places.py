"""Towns by name or postcode, with where they are: the instance's own, then a table that needs no outside service."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

from bocage.commons.searching import fold
from bocage.network.models import Enterprise

TOWNS = Path(__file__).resolve().parent.parent / "towns"
EARTH_KM = 6371.0088  # mean radius, IUGG


@dataclass(frozen=True, slots=True)
class Place:
    """A town; `detail` tells towns of one name apart: a postcode, else a region."""

    name: str
    detail: str
    latitude: float
    longitude: float


def search(text: str, *, instance_id: int, also: Iterable[Place] = (), limit: int = 8) -> list[Place]:
    """Return the towns whose name or postcode begins with `text`, in one query; accents and case do not matter.

    Exact names come before longer ones; towns of the instance's enterprises, and those given as `also` (pickup points,
    say), before the table's; then the most populous.
    """
    wanted = plain(text)
    if not wanted:
        return []
    own = {plain(place.name): place for place in (*_own_towns(instance_id), *also) if _begins(place, wanted)}
    table = [place for place in _in_table(wanted) if plain(place.name) not in own]
    found = [*(own[name] for name in sorted(own)), *table]
    return sorted(found, key=lambda place: wanted not in (plain(place.name), place.detail))[:limit]


def distance_km(a_latitude: float, a_longitude: float, b_latitude: float, b_longitude: float) -> float:
    """Return the distance along the globe in kilometres (haversine)."""
    a_lat, a_lon, b_lat, b_lon = (radians(degrees) for degrees in (a_latitude, a_longitude, b_latitude, b_longitude))
    chord = sin((b_lat - a_lat) / 2) ** 2 + cos(a_lat) * cos(b_lat) * sin((b_lon - a_lon) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(1.0, chord)))


def plain(text: str) -> str:
    """Return `text` in small letters without accents or signs, "saint" for "st", for comparing: "St-Lô" → "saint lo"."""
    words = "".join(letter if letter.isalnum() else " " for letter in fold(text)).split()
    return " ".join({"st": "saint", "ste": "sainte"}.get(word, word) for word in words)


def _begins(place: Place, wanted: str) -> bool:
    return plain(place.name).startswith(wanted) or place.detail.startswith(wanted)


def _own_towns(instance_id: int) -> list[Place]:
    found = Enterprise.objects.filter(instance_id=instance_id, latitude__isnull=False, longitude__isnull=False)
    rows = found.exclude(visibility="hidden").exclude(town="").order_by("-id")
    return [
        Place(town, postcode, float(latitude or 0), float(longitude or 0))
        for town, postcode, latitude, longitude in rows.values_list("town", "postcode", "latitude", "longitude")
    ]


def _in_table(wanted: str) -> list[Place]:
    """Return the table's towns that begin with `wanted`, the most populous first."""
    names, ranks, places = _table()
    start, end = bisect_left(names, wanted), bisect_left(names, wanted + "\U0010ffff")
    return [places[rank] for rank in sorted(ranks[start:end])]


@lru_cache(maxsize=1)
def _table() -> tuple[list[str], list[int], list[Place]]:
    """Return the plain names in order, the rank of each by population, and the towns by rank."""
    lines = (TOWNS / "fr.csv").read_text(encoding="utf-8").splitlines()[1:]
    places = [_read(line) for line in lines]
    by_name = sorted((plain(place.name), rank) for rank, place in enumerate(places))
    return [name for name, _ in by_name], [rank for _, rank in by_name], places


def _read(line: str) -> Place:
    name, region, latitude, longitude = line.split(";")
    return Place(name, region, float(latitude), float(longitude))
