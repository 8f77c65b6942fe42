"""A hub's tags and tag rules: who is shown what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from bocage.commons.refusals import NotFound
from bocage.infra.locks import lock_row
from bocage.network.models import Enterprise
from bocage.network.rules import Actor, Right
from bocage.network.rules.customers import tidy_tags
from bocage.shops import rules
from bocage.shops.actions import grown
from bocage.shops.models import Shop, TagRule
from bocage.shops.rules import tagging
from bocage.shops.rules.tagging import Kind


@dataclass(frozen=True, slots=True)
class RuleDetails:
    """A rule as somebody types it: tags are lists separated by commas; without customer tags it is for everybody."""

    kind: Kind
    target_tags: str
    customer_tags: str = ""
    shows: bool = False


@transaction.atomic
def save_rule(*, hub_id: int, rule_id: int | None = None, details: RuleDetails, actor: Actor, now: datetime) -> int:
    """Add a rule behind the others of its sort, or change one at its place; return its id.

    Raises Forbidden, NotFound, NotASeller, RuleNeedsTags, RuleNeedsCustomers, TooManyRules.
    """
    _shop(hub_id, actor)
    values = _values(details)
    if rule_id is None:
        rule_id = _add(hub_id, values)
    elif not TagRule.objects.filter(id=rule_id, hub_id=hub_id).update(**values):
        raise NotFound
    _changed(hub_id)
    return rule_id


@transaction.atomic
def reserve(
    *, hub_id: int, kind: Kind, target_tags: str, customer_tags: str, actor: Actor, now: datetime
) -> tuple[int, int]:
    """Keep what is tagged for some customers: two rules, hidden by default, shown to them; return their ids.

    Raises what `save_rule` raises.
    """
    _shop(hub_id, actor)
    if not tidy_tags(customer_tags):
        raise tagging.RuleNeedsCustomers
    hiding = _add(hub_id, _values(RuleDetails(kind, target_tags)))
    showing = _add(hub_id, _values(RuleDetails(kind, target_tags, customer_tags, shows=True)))
    _changed(hub_id)
    return hiding, showing


@transaction.atomic
def remove_rule(*, hub_id: int, rule_id: int, actor: Actor, now: datetime) -> None:
    """Forget a rule. Raises Forbidden, NotFound."""
    _shop(hub_id, actor)
    if not TagRule.objects.filter(id=rule_id, hub_id=hub_id).delete()[0]:
        raise NotFound
    _changed(hub_id)


@transaction.atomic
def move_rule(*, hub_id: int, rule_id: int, earlier: bool, actor: Actor, now: datetime) -> None:
    """Let a rule change places with the one before or behind it; at the end it stays. Raises Forbidden, NotFound."""
    _shop(hub_id, actor)
    rows = list(TagRule.objects.filter(hub_id=hub_id).order_by("priority", "id"))
    moved = next((row for row in rows if row.pk == rule_id), None)
    if moved is None:
        raise NotFound
    peers = [row for row in rows if bool(row.customer_tags) == bool(moved.customer_tags)]
    at = peers.index(moved)
    to = at - 1 if earlier else at + 1
    if 0 <= to < len(peers):
        peers[at], peers[to] = peers[to], peers[at]
        _number([*peers, *(row for row in rows if row not in peers)])
        _changed(hub_id)


def _values(details: RuleDetails) -> dict[str, object]:
    targets, customers = tidy_tags(details.target_tags), tidy_tags(details.customer_tags)
    rule = tagging.TagRule(
        kind=details.kind,
        target_tags=frozenset(targets),
        shows=details.shows,
        customer_tags=frozenset(customers),
        is_default=not customers,
    )
    tagging.check_rule(rule)
    return {
        "kind": details.kind.value,
        "shows": details.shows,
        "target_tags": ",".join(targets),
        "customer_tags": ",".join(customers),
    }


def _add(hub_id: int, values: dict[str, object]) -> int:
    rows = TagRule.objects.filter(hub_id=hub_id)
    if rows.count() >= tagging.MOST_RULES:
        raise tagging.TooManyRules(most=tagging.MOST_RULES)
    last = rows.aggregate(last=Max("priority"))["last"]
    return TagRule.objects.create(hub_id=hub_id, priority=0 if last is None else last + 1, **values).pk


def _number(rows: Sequence[TagRule]) -> None:
    for number, row in enumerate(rows):
        row.priority = number
    TagRule.objects.bulk_update(rows, ["priority"])


def _shop(hub_id: int, actor: Actor) -> None:
    """Hold the shop whose rules change, so that two people do so one after the other."""
    actor.require(Right.MANAGE_ENTERPRISE, on=hub_id)
    hub = Enterprise.objects.filter(id=hub_id).first()
    if hub is None or hub.sells == Enterprise.Sells.NONE:
        raise rules.NotASeller(hub=hub.name if hub else hub_id)
    if lock_row(Shop.objects.all(), hub_id) is None:
        Shop.objects.get_or_create(hub_id=hub_id)


def _changed(hub_id: int) -> None:
    Shop.objects.filter(hub_id=hub_id).update(has_rules=TagRule.objects.filter(hub_id=hub_id).exists())
    grown(hub_id)
