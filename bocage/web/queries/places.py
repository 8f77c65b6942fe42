"""Towns that somebody may name on the home page: network's, and those where a hub hands over."""

from __future__ import annotations

from bocage.network.models import Enterprise
from bocage.network.queries import places
from bocage.network.queries.places import Place
from bocage.shops.models import PickupPoint


def place_named(text: str, *, instance_id: int) -> Place | None:
    """Return the town that `text` names, or whose name or postcode begins with it, in two queries."""
    if not text.strip():
        return None
    return next(iter(places.search(text, instance_id=instance_id, also=_points(instance_id), limit=1)), None)


def town_names(*, instance_id: int) -> list[str]:
    """Return the towns where something is made or sold, for the search field to suggest."""
    rows = Enterprise.objects.filter(instance_id=instance_id).exclude(visibility="hidden").exclude(town="")
    return sorted(rows.values_list("town", flat=True).distinct(), key=places.plain)


def _points(instance_id: int) -> list[Place]:
    rows = PickupPoint.objects.filter(
        hub__instance_id=instance_id,
        hub__visibility="public",
        ended_at__isnull=True,
        latitude__isnull=False,
        longitude__isnull=False,
    ).order_by("id")
    return [
        Place(town, postcode, float(latitude or 0), float(longitude or 0))
        for town, postcode, latitude, longitude in rows.values_list("town", "postcode", "latitude", "longitude")
    ]
