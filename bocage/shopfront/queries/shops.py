"""A hub's shop and its sales: which are open now, when the next one opens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from bocage.commons.refusals import NotFound
from bocage.infra.statements import Statement
from bocage.network.queries import is_member
from bocage.network.rules import Actor
from bocage.network.rules.switches import Switch
from bocage.order_cycles.models import Exchange
from bocage.shops.models import Shop
from bocage.shops.queries.faces import OF_LABEL, is_on
from bocage.shops.rules.faces import Label
from bocage.shops.rules.tagging import EVERYTHING, Kind, Sight, read_tags

LOOKED_AT = 20  # sales before and after now, to find one that somebody sees


@dataclass(frozen=True, slots=True)
class ShopRow:
    """A hub as its shoppers meet it, and the terms of its shop."""

    hub_id: int
    slug: str
    name: str
    kind: str
    teaser: str
    story: str
    picture: str
    since: int | None
    contact_name: str
    email: str
    phone: str
    website: str
    street: str
    postcode: str
    town: str
    latitude: Decimal | None
    longitude: Decimal | None
    instance_id: int
    is_members_only: bool
    allows_guests: bool
    allows_changes: bool
    needs_phone: bool
    shows_low_stock_from: int
    message: str
    closed_message: str
    version: int
    has_rules: bool
    hides_platform: bool
    logo: str
    logo_link: str
    palette: str
    page_title: str
    hides_groups: bool
    has_label: bool

    @property
    def label(self) -> Label:
        """Return how the shop looks: as the platform does where it may have no face of its own."""
        if not self.has_label:
            return Label()
        return Label(
            hides_platform=self.hides_platform,
            picture=self.logo,
            logo_link=self.logo_link,
            palette=self.palette,
            page_title=self.page_title,
            hides_groups=self.hides_groups,
        )


@dataclass(frozen=True, slots=True)
class Sale:
    """An order cycle in which a hub sells: open in [opens_at, closes_at)."""

    id: int
    name: str
    opens_at: datetime
    closes_at: datetime
    version: int
    instructions: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pause:
    """Between two sales: when the last one closed and the next one opens, where known."""

    closed_at: datetime | None
    opens_at: datetime | None


_OF_SALE = ("cycle_id", "cycle__name", "cycle__opens_at", "cycle__closes_at", "cycle__version", "instructions", "tags")
_OF_HUB = (
    "id", "slug", "name", "kind", "teaser", "story", "picture", "since", "contact_name", "email", "phone", "website",
    "street", "postcode", "town", "latitude", "longitude", "instance_id",
)  # fmt: skip
_OF_SHOP = (
    "is_members_only", "allows_guests", "allows_changes", "needs_phone", "shows_low_stock_from", "message",
    "closed_message", "version", "has_rules", *OF_LABEL,
)  # fmt: skip


def doorway(slug: str, *, now: datetime) -> tuple[ShopRow, list[Sale]]:
    """Return the shop of the hub called `slug` and its open sales, the one that closes first on top.

    One query, two while nothing is open. Raises NotFound.
    """
    rows = _open.rows(slug=slug, now=now)
    if rows:
        return ShopRow(*rows[0][len(_OF_SALE) :]), [_sale(*row[: len(_OF_SALE)]) for row in rows]
    shops = _called.rows(slug=slug)
    if not shops:
        raise NotFound()
    return ShopRow(*shops[0]), []


def _sale(*row: Any) -> Sale:
    return replace(Sale(*row), tags=read_tags(row[-1]))


@Statement
def _called(*, slug: str) -> QuerySet[Shop, tuple]:
    fields = (*(f"hub__{name}" for name in _OF_HUB), *_OF_SHOP, "has_label")
    labelled = is_on(Switch.WHITE_LABEL, enterprise="hub_id", instance="hub__instance_id")
    shops = Shop.objects.filter(hub__slug=slug).exclude(hub__sells="none").annotate(has_label=labelled)
    return shops.values_list(*fields)


@Statement
def _open(*, slug: str, now: datetime) -> QuerySet[Exchange, tuple]:
    shop = Shop.objects.filter(hub_id=OuterRef("enterprise_id"))
    rows = Exchange.objects.filter(
        Exists(shop), direction="outgoing", enterprise__slug=slug, cycle__opens_at__lte=now, cycle__closes_at__gt=now
    ).exclude(enterprise__sells="none")
    of_hub = (f"enterprise__{name}" for name in _OF_HUB)
    of_shop = {f"shop_{name}": Subquery(shop.values(name)[:1]) for name in _OF_SHOP}
    labelled = is_on(Switch.WHITE_LABEL, enterprise="enterprise_id", instance="enterprise__instance_id")
    rows = rows.annotate(**of_shop, has_label=labelled).order_by("cycle__closes_at", "cycle_id")
    return rows.values_list(*_OF_SALE, *of_hub, *of_shop, "has_label")


def may_enter(shop: ShopRow, actor: Actor) -> bool:
    """Return whether this actor may see what the shop sells: everybody, or members only; one query at most."""
    return not shop.is_members_only or is_member(hub_id=shop.hub_id, actor=actor)


def pause(*, hub_id: int, sight: Sight = EVERYTHING, now: datetime) -> Pause:
    """Return when the hub's last sale closed and its next one opens, of those that somebody sees, in two queries."""
    own = Exchange.objects.filter(direction="outgoing", enterprise_id=hub_id)
    last = own.filter(cycle__closes_at__lte=now).order_by("-cycle__closes_at").values_list("cycle__closes_at", "tags")
    coming = own.filter(cycle__opens_at__gt=now).order_by("cycle__opens_at").values_list("cycle__opens_at", "tags")
    return Pause(closed_at=_first(last[:LOOKED_AT], sight), opens_at=_first(coming[:LOOKED_AT], sight))


def _first(rows: Iterable[tuple[datetime, str]], sight: Sight) -> datetime | None:
    return next((at for at, tags in rows if sight.shows(Kind.SALES, read_tags(tags))), None)
