"""A hub's shop and its sales: which are open now, when the next one opens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet

from bocage.commons.refusals import NotFound
from bocage.infra.statements import Statement
from bocage.network.queries import is_member
from bocage.network.rules import Actor
from bocage.order_cycles.models import Exchange
from bocage.shops.models import Shop


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


@dataclass(frozen=True, slots=True)
class Sale:
    """An order cycle in which a hub sells: open in [opens_at, closes_at)."""

    id: int
    name: str
    opens_at: datetime
    closes_at: datetime
    version: int
    instructions: str


@dataclass(frozen=True, slots=True)
class Pause:
    """Between two sales: when the last one closed and the next one opens, where known."""

    closed_at: datetime | None
    opens_at: datetime | None


_OF_HUB = (
    "hub_id", "hub__slug", "hub__name", "hub__kind", "hub__teaser", "hub__story", "hub__picture", "hub__since",
    "hub__contact_name", "hub__email", "hub__phone", "hub__website", "hub__street", "hub__postcode", "hub__town",
    "hub__latitude", "hub__longitude", "hub__instance_id",
)  # fmt: skip
_OF_SHOP = (
    "is_members_only", "allows_guests", "allows_changes", "needs_phone", "shows_low_stock_from", "message",
    "closed_message", "version",
)  # fmt: skip


def shop(slug: str) -> ShopRow:
    """Return the shop of the hub called `slug`, in one query. Raises NotFound."""
    rows = _called.rows(slug=slug)
    if not rows:
        raise NotFound()
    return ShopRow(*rows[0])


@Statement
def _called(*, slug: str) -> QuerySet[Shop, tuple]:
    return Shop.objects.filter(hub__slug=slug).exclude(hub__sells="none").values_list(*_OF_HUB, *_OF_SHOP)


def may_enter(shop: ShopRow, actor: Actor) -> bool:
    """Return whether this actor may see what the shop sells: everybody, or members only; one query at most."""
    return not shop.is_members_only or is_member(hub_id=shop.hub_id, actor=actor)


def open_sales(*, hub_id: int, now: datetime) -> list[Sale]:
    """Return the hub's open sales, the one that closes first on top, in one query."""
    return [Sale(*row) for row in _open.rows(hub_id=hub_id, now=now)]


@Statement
def _open(*, hub_id: int, now: datetime) -> QuerySet[Exchange, tuple]:
    rows = Exchange.objects.filter(
        direction="outgoing", enterprise_id=hub_id, cycle__opens_at__lte=now, cycle__closes_at__gt=now
    ).order_by("cycle__closes_at", "cycle_id")
    fields = ("cycle_id", "cycle__name", "cycle__opens_at", "cycle__closes_at", "cycle__version", "instructions")
    return rows.values_list(*fields)


def pause(*, hub_id: int, now: datetime) -> Pause:
    """Return when the hub's last sale closed and its next one opens, in two queries."""
    own = Exchange.objects.filter(direction="outgoing", enterprise_id=hub_id)
    last = (
        own.filter(cycle__closes_at__lte=now).order_by("-cycle__closes_at").values_list("cycle__closes_at", flat=True)
    )
    coming = own.filter(cycle__opens_at__gt=now).order_by("cycle__opens_at").values_list("cycle__opens_at", flat=True)
    return Pause(closed_at=last.first(), opens_at=coming.first())
