"""Tags and tag rules of a hub: what a customer sees by them, and how its managers see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet

from bocage.infra.statements import Statement
from bocage.network.models import CustomerTag
from bocage.network.queries.customers import tags_here
from bocage.network.rules import Actor, Right
from bocage.payments.models import PaymentMethod
from bocage.shops import models
from bocage.shops.rules.tagging import Kind, Sight, TagRule, read_tags, sight_of


@dataclass(frozen=True, slots=True)
class KnownTags:
    """The words a hub already uses, by what carries them."""

    customers: tuple[str, ...]
    goods: tuple[str, ...]
    delivery: tuple[str, ...]
    payment: tuple[str, ...]
    rules: tuple[str, ...]

    @property
    def of_things(self) -> list[str]:
        return sorted({*self.goods, *self.delivery, *self.payment, *self.rules})


def sight(*, hub_id: int, person_id: int | None) -> Sight:
    """Return what somebody sees at a hub that has rules, in two queries, one for a visitor.

    Only a signed-in person is a customer: an address that somebody types proves nothing.
    """
    tags = () if person_id is None else tags_here(hub_id=hub_id, person_id=person_id)
    return sight_with(hub_id=hub_id, tags=tags)


def sight_with(*, hub_id: int, tags: Collection[str]) -> Sight:
    """Return what a customer with these tags sees at a hub, in one query."""
    return sight_of(rules_of(hub_id), tags)


def rules_of(hub_id: int) -> list[TagRule]:
    """Return a hub's rules in the order they are asked, in one query."""
    return [_rule(*row) for row in _rules.rows(hub_id=hub_id)]


def visitors_sights(hub_ids: Collection[int]) -> dict[int, Sight]:
    """Return what a visitor sees at each of these hubs, in one query; hubs without rules are left out."""
    found: dict[int, list[TagRule]] = defaultdict(list)
    rows = models.TagRule.objects.filter(hub_id__in=list(hub_ids)).order_by("priority", "id")
    for hub_id, *row in rows.values_list("hub_id", *_COLUMNS):
        found[hub_id].append(_rule(*row))
    return {hub_id: sight_of(rules, ()) for hub_id, rules in found.items()}


def tag_rules(*, hub_id: int, actor: Actor) -> list[TagRule]:
    """Return a hub's rules as its managers put them in order, in one query. Raises Forbidden."""
    actor.require(Right.MANAGE_ENTERPRISE, on=hub_id)
    return rules_of(hub_id)


def goods_tags(hub_id: int) -> dict[int, tuple[str, ...]]:
    """Return the tags that a hub gave its goods, by variant, in one query."""
    return _grouped(_goods.rows(hub_id=hub_id))


def goods_tags_of(*, hub_id: int, variant_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Return the tags that a hub gave some goods, by variant, in one query."""
    return _grouped(_some_goods.rows(hub_id=hub_id, variant_ids=list(variant_ids)))


def known_tags(*, hub_id: int, actor: Actor) -> KnownTags:
    """Return the words a hub already uses, in five queries. Raises Forbidden."""
    actor.require(Right.MANAGE_CYCLES, on=hub_id)
    running = {"hub_id": hub_id, "ended_at__isnull": True}
    named = models.GoodsTag.objects.filter(hub_id=hub_id).order_by("name").values_list("name", flat=True).distinct()
    customers = CustomerTag.objects.filter(customer__hub_id=hub_id).order_by("name").values_list("name", flat=True)
    rules = rules_of(hub_id)
    return KnownTags(
        customers=_sorted({*customers.distinct(), *(tag for rule in rules for tag in rule.customer_tags)}),
        goods=tuple(named),
        delivery=_read(models.DeliveryMethod.objects.filter(**running).values_list("tags", flat=True)),
        payment=_read(PaymentMethod.objects.filter(**running).values_list("tags", flat=True)),
        rules=_sorted({tag for rule in rules for tag in rule.target_tags}),
    )


_COLUMNS = ("id", "kind", "target_tags", "shows", "customer_tags", "priority")


@Statement
def _rules(*, hub_id: int) -> QuerySet[models.TagRule, tuple]:
    rows = models.TagRule.objects.filter(hub_id=hub_id).order_by("priority", "id")
    return rows.values_list(*_COLUMNS)


@Statement
def _goods(*, hub_id: int) -> QuerySet[models.GoodsTag, tuple[int, str]]:
    return _tags(hub_id)


@Statement
def _some_goods(*, hub_id: int, variant_ids: list[int]) -> QuerySet[models.GoodsTag, tuple[int, str]]:
    return _tags(hub_id).filter(variant_id__in=variant_ids)


def _tags(hub_id: int) -> QuerySet[models.GoodsTag, tuple[int, str]]:
    rows = models.GoodsTag.objects.filter(hub_id=hub_id).order_by("variant_id", "name")
    return rows.values_list("variant_id", "name")


def _rule(pk: int, kind: str, targets: str, shows: bool, customers: str, priority: int) -> TagRule:
    return TagRule(
        kind=Kind(kind),
        target_tags=frozenset(read_tags(targets)),
        shows=shows,
        customer_tags=frozenset(read_tags(customers)),
        is_default=not customers,
        priority=priority,
        id=pk,
    )


def _grouped(rows: list[tuple[int, str]]) -> dict[int, tuple[str, ...]]:
    found: dict[int, list[str]] = defaultdict(list)
    for variant_id, name in rows:
        found[variant_id].append(name)
    return {variant_id: tuple(names) for variant_id, names in found.items()}


def _read(columns: QuerySet[models.DeliveryMethod, str] | QuerySet[PaymentMethod, str]) -> tuple[str, ...]:
    return _sorted({tag for text in columns for tag in read_tags(text)})


def _sorted(names: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted(names))
