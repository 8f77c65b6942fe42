"""How lines of a basket are written."""

from typing import Any

from django import template
from django.utils.translation import gettext, ngettext

from bocage.shopfront.pictures import picture_url as url_of
from bocage.shopfront.queries.baskets import Line
from bocage.shopfront.queries.snapshots import Row
from bocage.shopfront.rules import Change
from bocage.shopfront.views.rows import words_of
from bocage.ui.formats import money

register = template.Library()


@register.filter
def picture_url(path: str) -> str:
    """Return where a picture is served."""
    return url_of(path)


@register.filter
def size_of(row: Row) -> str:
    """Write how much one is: botte de 800 g."""
    return words_of(row, row.offer.price)["size"]


@register.filter
def most_of(line: Line) -> int:
    """Return how many of a line a person may ask for."""
    return 999 if line.left is None else max(line.left, 1)


@register.filter
def changes_of(line: Line) -> list[str]:
    """Write what changed since a line was put into the basket."""
    return [_change(change, line) for change in line.changes]


def _change(change: Change, line: Line) -> str:
    if change is Change.CAPPED:
        said = ngettext(
            "Only %(left)s left; you wanted %(asked)s.", "Only %(left)s left; you wanted %(asked)s.", line.quantity
        )
        return said % {"left": line.quantity, "asked": line.asked}
    if change is Change.PRICE and line.price is not None:
        return gettext("The price went from %(was)s to %(now)s.") % {"was": money(line.was), "now": money(line.price)}
    if change is Change.GONE:
        return gettext("All gone in the meantime.")
    return gettext("No longer offered in this sale.")


@register.filter
def url(here: Any, name: str) -> str:
    """Return the address of a page of the visited shop, in the same sale."""
    return here.url(name)
