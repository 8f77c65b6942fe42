"""A hub's manager looks at the shop with somebody else's eyes: a visitor's, a customer's, or those of certain tags."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bocage.catalogue.models import Variant
from bocage.commons.refusals import NotFound
from bocage.network.rules import Actor, Right
from bocage.network.rules.customers import tidy_tags
from bocage.order_cycles.models import Exchange
from bocage.orders.queries.choices import ways
from bocage.payments.models import PaymentMethod
from bocage.shops import queries as shops
from bocage.shops.models import DeliveryMethod
from bocage.shops.rules.tagging import Kind, Sight, TagRule, hidden, read_tags

VISITOR, TAGGED = "visitor", "tags:"


@dataclass(frozen=True, slots=True)
class Eyes:
    """Whose eyes: `key` is how addresses say it, `tags` what the hub's rules look at, `name` a customer's.

    A customer without an account sees what a visitor does: an address that somebody types proves nothing.
    """

    key: str
    name: str = ""
    tags: tuple[str, ...] = ()
    customer_id: int | None = None
    has_account: bool = True
    is_member: bool = True

    @property
    def is_visitor(self) -> bool:
        return self.key == VISITOR


@dataclass(frozen=True, slots=True)
class Size:
    """How much one of some goods is."""

    unit: str
    size: Any
    measure: str
    pack: str
    is_weighed: bool


@dataclass(frozen=True, slots=True)
class Unseen:
    """Something that somebody does not see, and the rule that hides it; None: a sale that leaves them no way."""

    kind: Kind
    name: str
    tags: tuple[str, ...]
    rule: TagRule | None
    size: Size | None = None


def eyes(*, key: str, hub_id: int, actor: Actor) -> Eyes:
    """Return whose eyes an address means. Raises Forbidden, also who may not see the customer; NotFound."""
    actor.require(Right.MANAGE_ORDERS, on=hub_id)
    if key.startswith(TAGGED):
        tags = tidy_tags(key.removeprefix(TAGGED))
        return Eyes(f"{TAGGED}{','.join(tags)}", tags=tags)
    if key == VISITOR:
        return Eyes(VISITOR, is_member=False)
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        raise NotFound
    row = shops.customer(customer_id=int(key), hub_id=hub_id, actor=actor)
    known = row.has_account
    return Eyes(key, row.name or row.email, row.tags if known else (), row.id, known, known and row.is_member)


def unseen(*, hub_id: int, sight: Sight, now: datetime) -> list[Unseen]:
    """Return what somebody with this sight does not see at a hub, by kind and name, in seven queries at most."""
    found = [
        *_sales(hub_id, sight, now),
        *_goods(hub_id, sight),
        *_methods(Kind.DELIVERY, DeliveryMethod.objects.filter(hub_id=hub_id, ended_at=None), sight),
        *_methods(Kind.PAYMENT, PaymentMethod.objects.filter(hub_id=hub_id, ended_at=None), sight),
    ]
    order = list(Kind)
    return sorted(found, key=lambda one: (order.index(one.kind), one.name, one.tags))


def _sales(hub_id: int, sight: Sight, now: datetime) -> Iterable[Unseen]:
    rows = Exchange.objects.filter(direction="outgoing", enterprise_id=hub_id, cycle__closes_at__gt=now)
    sales = {pk: (name, read_tags(tags)) for pk, name, tags in rows.values_list("cycle_id", "cycle__name", "tags")}
    gone = hidden(sight, Kind.SALES, {pk: tags for pk, (_, tags) in sales.items()})
    left = ways(cycle_ids=sorted(sales), hub_id=hub_id)
    for pk, (name, tags) in sales.items():
        if pk in gone or (sight.has(Kind.DELIVERY, Kind.PAYMENT) and not left[pk].is_left(sight)):
            yield Unseen(Kind.SALES, name, tags, gone.get(pk))


def _goods(hub_id: int, sight: Sight) -> Iterable[Unseen]:
    tags = shops.goods_tags(hub_id)
    gone = hidden(sight, Kind.GOODS, tags)
    rows = Variant.objects.filter(id__in=gone, ended_at=None, product__ended_at=None)
    fields = ("unit", "size", "measure", "pack", "is_weighed")
    for pk, product, name, *size in rows.order_by("size", "id").values_list("id", "product__name", "name", *fields):
        yield Unseen(Kind.GOODS, f"{product}, {name}" if name else product, tags[pk], gone[pk], Size(*size))


def _methods(kind: Kind, rows: Iterable[DeliveryMethod | PaymentMethod], sight: Sight) -> Iterable[Unseen]:
    for row in rows:
        tags = read_tags(row.tags)
        rule = sight.hidden_by(kind, tags)
        if rule is not None:
            yield Unseen(kind, row.name, tags, rule)
