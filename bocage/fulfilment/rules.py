"""What the barn refuses, and how packed goods are counted and written down."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from bocage.commons.cells import guarded
from bocage.commons.measures import Exact, exact
from bocage.commons.refusals import Refused, gettext_noop
from bocage.commons.searching import fold

PLAIN_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
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


class StillTakesOrders(Refused):
    """Farms are told what to bring once the sale is closed."""

    code = "fulfilment.still_takes_orders"
    message = gettext_noop("“%(sale)s” still takes orders. Farms are told when it closes.")


class SupplierOrderIsOld(Refused):
    """What was looked at has been followed by another version."""

    code = "fulfilment.supplier_order_is_old"
    message = gettext_noop("This order has changed since. Look at version %(latest)s and confirm that one.")


@dataclass(frozen=True, slots=True)
class BroughtLine:
    """What a farm brings of one size of a product: for all, and by hub. `goods_minor` is what it asks, VAT in it."""

    variant_id: int
    product_name: str
    variant_name: str
    unit: str
    size: Exact
    pack: str
    is_weighed: bool
    quantity: int
    goods_minor: int
    tax_minor: int
    hubs: tuple[tuple[str, int], ...] = ()
    measure: str = ""


@dataclass(frozen=True, slots=True)
class ToldLine:
    """A line beside what was told before: `before` is that quantity, None where nothing had been told yet."""

    line: BroughtLine
    before: int | None

    @property
    def is_changed(self) -> bool:
        return self.before is not None and self.before != self.line.quantity


def written(lines: Iterable[BroughtLine]) -> list[dict[str, Any]]:
    """Return lines as plain values to keep; `read_lines` reads them back."""
    return [{**asdict(line), "size": _plain(line.size)} for line in lines]


def read_lines(kept: Iterable[Mapping[str, Any]]) -> list[BroughtLine]:
    """Return lines from what `written` made of them."""
    return [
        BroughtLine(**{**line, "size": exact(line["size"]), "hubs": tuple(tuple(hub) for hub in line["hubs"])})
        for line in kept
    ]


def _plain(size: Exact) -> int | str:
    return size if isinstance(size, int) else str(size)


def quantities(lines: Iterable[BroughtLine]) -> dict[tuple[int, Exact], int]:
    """Return how many of which size of what: all that makes one version other than the one before."""
    return {(line.variant_id, line.size): line.quantity for line in lines}


def beside(lines: Sequence[BroughtLine], before: Sequence[BroughtLine] | None) -> list[ToldLine]:
    """Return lines with the difference to what was told before, those that are no longer wanted last, with 0.

    `before` None: nothing had been told.
    """
    if before is None:
        return [ToldLine(line, None) for line in lines]
    then, now = quantities(before), quantities(lines)
    gone = [line for line in before if (line.variant_id, line.size) not in now]
    kept = [ToldLine(line, then.get((line.variant_id, line.size), 0)) for line in lines]
    return kept + [ToldLine(_nothing_of(line), line.quantity) for line in gone]


def check_closed(*, sale: str, is_closed: bool) -> None:
    """Refuse to tell farms what changes still. Raises StillTakesOrders."""
    if not is_closed:
        raise StillTakesOrders(sale=sale)


def check_latest(*, number: int, latest: int) -> None:
    """Refuse to confirm what has been followed by another version. Raises SupplierOrderIsOld."""
    if number != latest:
        raise SupplierOrderIsOld(latest=latest)


def check_packable(*, ref: str, is_cancelled: bool, is_handed_over: bool) -> None:
    """Refuse to tick or pack a basket that nobody waits for any more. Raises OrderIsCancelled, AlreadyHandedOver."""
    if is_cancelled:
        raise OrderIsCancelled(ref=ref)
    if is_handed_over:
        raise AlreadyHandedOver(ref=ref)


def _nothing_of(line: BroughtLine) -> BroughtLine:
    return replace(line, quantity=0, goods_minor=0, tax_minor=0, hubs=())


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

    Numbers stay numbers, also negative ones and written ones.
    """
    return guarded(value) if isinstance(value, str) and not PLAIN_NUMBER.fullmatch(value) else value
