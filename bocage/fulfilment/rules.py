"""What the barn refuses, and how packed goods are counted and written down."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bocage.commons.refusals import Refused, gettext_noop
from bocage.commons.searching import fold

PLAIN_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
LONGEST_NUMBER = 5  # of a crate; an order's number has more signs


class OrderIsCancelled(Refused):
    code = "fulfilment.cancelled"
    message = gettext_noop("Order %(ref)s is cancelled: leave its crate aside.")


class AlreadyHandedOver(Refused):
    code = "fulfilment.already_handed_over"
    message = gettext_noop("Order %(ref)s was already handed over. Undo that first if it was a mistake.")


class NotHandedOver(Refused):
    code = "fulfilment.not_handed_over"
    message = gettext_noop("Order %(ref)s was not handed over, so there is nothing to undo.")


class LineIsGone(Refused):
    code = "fulfilment.line_gone"
    message = gettext_noop("This line is no longer in the order: somebody changed it. Look at the basket again.")


def check_packable(*, ref: str, is_cancelled: bool, is_handed_over: bool) -> None:
    """Refuse to tick or pack a basket that nobody waits for any more. Raises OrderIsCancelled, AlreadyHandedOver."""
    if is_cancelled:
        raise OrderIsCancelled(ref=ref)
    if is_handed_over:
        raise AlreadyHandedOver(ref=ref)


def is_complete(line_ids: Iterable[int], ticked: Iterable[int]) -> bool:
    """Return whether every line of a basket is ticked; an empty basket is never complete."""
    wanted = set(line_ids)
    return bool(wanted) and wanted <= set(ticked)


def is_called(text: str, *, number: int, name: str, ref: str) -> bool:
    """Return whether somebody who types `text` means this crate: by its number, or a part of its name or reference.

    Accents and capitals may be left out.
    """
    if text.isdecimal() and len(text) <= LONGEST_NUMBER:
        return int(text) == number
    return fold(text) in fold(f"{name} {ref}")


def plain_cell(value: object) -> object:
    """Return a spreadsheet cell that no program takes for a formula: such words get an apostrophe in front.

    Numbers stay numbers, also negative ones and written ones. Source: OWASP, CSV injection.
    """
    if isinstance(value, str) and value.startswith(FORMULA_STARTS) and not PLAIN_NUMBER.fullmatch(value):
        return f"'{value}"
    return value
