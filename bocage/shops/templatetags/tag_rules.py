"""Tag rules as sentences."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop

from bocage.shops.rules.tagging import Kind, TagRule

register = template.Library()

FOR_ALL = {
    Kind.GOODS: gettext_noop("By default, products tagged {tags} are hidden."),
    Kind.SALES: gettext_noop("By default, order cycles tagged {tags} are hidden."),
    Kind.DELIVERY: gettext_noop("By default, pickups and deliveries tagged {tags} are hidden."),
    Kind.PAYMENT: gettext_noop("By default, ways to pay tagged {tags} are hidden."),
}
SHOWN = {
    Kind.GOODS: gettext_noop("Customers tagged {customers} see products tagged {tags}."),
    Kind.SALES: gettext_noop("Customers tagged {customers} see order cycles tagged {tags}."),
    Kind.DELIVERY: gettext_noop("Customers tagged {customers} see pickups and deliveries tagged {tags}."),
    Kind.PAYMENT: gettext_noop("Customers tagged {customers} see ways to pay tagged {tags}."),
}
HIDDEN = {
    Kind.GOODS: gettext_noop("Customers tagged {customers} do not see products tagged {tags}."),
    Kind.SALES: gettext_noop("Customers tagged {customers} do not see order cycles tagged {tags}."),
    Kind.DELIVERY: gettext_noop("Customers tagged {customers} do not see pickups and deliveries tagged {tags}."),
    Kind.PAYMENT: gettext_noop("Customers tagged {customers} do not see ways to pay tagged {tags}."),
}


@register.filter
def sentence(rule: TagRule) -> SafeString:
    """Say what a rule does."""
    words = FOR_ALL if rule.is_default else SHOWN if rule.shows else HIDDEN
    said = gettext(words[rule.kind])
    return format_html(said, tags=_listed(rule.target_tags), customers=_listed(rule.customer_tags))


def _listed(tags: Iterable[str]) -> SafeString:
    either = format_html(" {} ", gettext("or"))
    return format_html_join(either, "<b>{}</b>", ((tag,) for tag in sorted(tags)))
