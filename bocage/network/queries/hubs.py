"""The enterprise that a page of the back office is about."""

from __future__ import annotations

from dataclasses import dataclass

from bocage.commons.refusals import NotFound
from bocage.network.models import Enterprise
from bocage.network.rules import Actor, Right


@dataclass(frozen=True, slots=True)
class HubFrame:
    """An enterprise as the frame around its pages needs it; `zone` is its time zone, `currency` ISO 4217."""

    id: int
    slug: str
    name: str
    picture: str
    is_producer: bool
    sells: str
    country: str
    currency: str
    zone: str


def hub_frame(*, slug: str, right: Right, actor: Actor) -> HubFrame:
    """Return the enterprise of this address for who has `right` there, in one query. Raises NotFound, Forbidden."""
    names = ("id", "slug", "name", "picture", "is_producer", "sells", "country")
    rows = Enterprise.objects.filter(slug=slug)
    row = rows.values_list(*names, "instance__currency", "instance__timezone").first()
    if row is None:
        raise NotFound
    actor.require(right, on=row[0])
    return HubFrame(*row)
