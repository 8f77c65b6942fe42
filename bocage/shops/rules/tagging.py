"""Tag rules: who is shown which goods, sales, ways to get orders and ways to pay. Pure, as all rules are.

A hub hides what carries a tag from everybody ("by default"), or hides or shows it to customers who carry one.
Source: domain 03 §6, with two decisions where it leaves or asks for one: rules of equal priority go by their id, and a
rule for several customer tags concerns whoever has one of them, for goods as for everything else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import TypeVar

from bocage.commons.refusals import Refused, gettext_noop

T = TypeVar("T")
NO_TAGS: frozenset[str] = frozenset()
MOST_RULES = 60


class Kind(StrEnum):
    """What a rule is about."""

    GOODS = "goods"
    SALES = "sales"
    DELIVERY = "delivery"
    PAYMENT = "payment"


@dataclass(frozen=True, slots=True)
class TagRule:
    """Shows or hides what carries one of `target_tags`: to customers with one of `customer_tags`, or by default to all.

    Smaller priorities are asked first. A rule that is neither default nor has customer tags concerns nobody.
    """

    kind: Kind
    target_tags: frozenset[str]
    shows: bool = False
    customer_tags: frozenset[str] = NO_TAGS
    is_default: bool = False
    priority: int = 99
    id: int = 0

    def concerns(self, customer_tags: Collection[str]) -> bool:
        """Return whether this rule is about customers with these tags, in particular."""
        return not self.is_default and not self.customer_tags.isdisjoint(customer_tags)

    def is_about(self, tags: Collection[str]) -> bool:
        """Return whether what carries these tags is meant."""
        return not self.target_tags.isdisjoint(tags)


@dataclass(frozen=True, slots=True)
class Sight:
    """What a customer sees: the rules about them in particular and those for all, each in the order they are asked.

    Two customers about whom the same rules are see the same: a sight is the name of their group.
    """

    own: tuple[TagRule, ...] = ()
    default: tuple[TagRule, ...] = ()

    def hidden_by(self, kind: Kind, tags: Collection[str]) -> TagRule | None:
        """Return the rule that hides what carries these tags, or None if it is shown; what has no tag always is."""
        if not tags:
            return None
        if kind is Kind.GOODS:
            return self._by_any(tags)
        return self._by_first(kind, tags)

    def shows(self, kind: Kind, tags: Collection[str]) -> bool:
        """Return whether what carries these tags is shown."""
        return self.hidden_by(kind, tags) is None

    def has(self, *kinds: Kind) -> bool:
        """Return whether any rule of these kinds may hide something from this customer."""
        return any(rule.kind in kinds for rule in chain(self.own, self.default))

    def _by_first(self, kind: Kind, tags: Collection[str]) -> TagRule | None:
        """The first rule that fits decides; rules about the customer are asked before those for all (§6.1)."""
        fitting = (rule for rule in chain(self.own, self.default) if rule.kind is kind and rule.is_about(tags))
        rule = next(fitting, None)
        return None if rule is None or rule.shows else rule

    def _by_any(self, tags: Collection[str]) -> TagRule | None:
        """One rule that shows goods to the customer outweighs all that hide them; rules for all only hide (§6.2)."""
        own = [rule for rule in self.own if rule.kind is Kind.GOODS and rule.is_about(tags)]
        if any(rule.shows for rule in own):
            return None
        for_all = (rule for rule in self.default if rule.kind is Kind.GOODS and rule.is_about(tags))
        return next(chain(own, for_all), None)


EVERYTHING = Sight()


def sight_of(rules: Iterable[TagRule], customer_tags: Collection[str]) -> Sight:
    """Return what somebody with these tags sees by a hub's rules; visitors have none."""
    ordered = sorted(rules, key=lambda rule: (rule.priority, rule.id))
    return Sight(
        own=tuple(rule for rule in ordered if rule.concerns(customer_tags)),
        default=tuple(rule for rule in ordered if rule.is_default),
    )


def hidden(sight: Sight, kind: Kind, tagged: Mapping[T, Collection[str]]) -> dict[T, TagRule]:
    """Return what of a hub's tagged things is hidden, each with the rule that hides it."""
    found = ((thing, sight.hidden_by(kind, tags)) for thing, tags in tagged.items())
    return {thing: rule for thing, rule in found if rule is not None}


class RuleNeedsTags(Refused):
    """A rule says what it is about by its tags."""

    code = "shops.rule_needs_tags"
    message = gettext_noop("Write the tag of what is shown or hidden, for example: pro.")


class RuleNeedsCustomers(Refused):
    """Only hiding can be for everybody: what nobody hides is shown anyway."""

    code = "shops.rule_needs_customers"
    message = gettext_noop(
        "Say to which customers it is shown, by their tag. Whoever sees it by default needs no rule."
    )


class TooManyRules(Refused):
    """Nobody understands a hundred rules any more."""

    code = "shops.too_many_rules"
    message = gettext_noop("There are %(most)s rules already. Remove one that is no longer needed.")


def check_rule(rule: TagRule) -> None:
    """Refuse a rule that would do nothing. Raises RuleNeedsTags, RuleNeedsCustomers."""
    if not rule.target_tags:
        raise RuleNeedsTags
    if not rule.customer_tags and (rule.shows or not rule.is_default):
        raise RuleNeedsCustomers


def read_tags(text: str) -> tuple[str, ...]:
    """Return the tags of a column as they are kept there, `pro,local`."""
    return tuple(text.split(",")) if text else ()
