"""Distances and the drawn map: where a place stands on it. Pure arithmetic."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

EARTH_KM = 6371.0
MIDDLE = (461.0, 431.0)  # where the drawing has its town
ROOM = (311.0, 689.0, 120.0, 745.0)  # left, right, top, bottom: what stays in sight when the drawing is cropped
APART = 46.0
CLOSEST_KM = 4.0


@dataclass(frozen=True, slots=True)
class Point:
    """A place on earth, in degrees."""

    latitude: float
    longitude: float


def on_map(points: Sequence[Point], centre: Point) -> list[tuple[int, int]]:
    """Return where each of `points` stands on the drawing, in its units: north up, one scale, `centre` on its town.

    All fit the part that is always in sight; pins that would cover each other step aside.
    """
    offsets = [_offset_km(point, centre) for point in points]
    scale = _scale(offsets)
    placed: list[tuple[float, float]] = []
    for east, north in offsets:
        placed.append(_aside(_within(MIDDLE[0] + east * scale, MIDDLE[1] - north * scale), placed))
    return [(round(x), round(y)) for x, y in placed]


def apart(a: Point, b: Point) -> float:
    """Return the distance of two near places in kilometres, on a flat map; good enough to compare."""
    return math.hypot(*_offset_km(a, b))


def _offset_km(point: Point, centre: Point) -> tuple[float, float]:
    north = math.radians(point.latitude - centre.latitude) * EARTH_KM
    east = math.radians(point.longitude - centre.longitude) * EARTH_KM * math.cos(math.radians(centre.latitude))
    return east, north


def _scale(offsets: Sequence[tuple[float, float]]) -> float:
    """Return how many units a kilometre takes so that the farthest place still fits."""
    left, right, top, bottom = ROOM
    scales = [(right - MIDDLE[0]) / CLOSEST_KM]
    for east, north in offsets:
        scales.append((right - MIDDLE[0] if east > 0 else MIDDLE[0] - left) / max(abs(east), 0.01))
        scales.append((MIDDLE[1] - top if north > 0 else bottom - MIDDLE[1]) / max(abs(north), 0.01))
    return min(scales)


def _within(x: float, y: float) -> tuple[float, float]:
    left, right, top, bottom = ROOM
    return min(max(x, left), right), min(max(y, top), bottom)


def _aside(wanted: tuple[float, float], taken: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the free spot nearest to `wanted`, trying rings around it."""
    for ring in range(12):
        for turn in range(max(1, ring * 8)):
            angle = math.tau * turn / max(1, ring * 8)
            spot = wanted[0] + ring * APART / 2 * math.cos(angle), wanted[1] + ring * APART / 2 * math.sin(angle)
            if all(math.dist(spot, other) >= APART for other in taken):
                return spot
    return wanted
