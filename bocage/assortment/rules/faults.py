"""What may be wrong with a cell of a spreadsheet, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bocage.commons.refusals import gettext_noop

MESSAGES = {
    "is_a_date": gettext_noop("A date stands here. Format the cell as text or number and type it again."),
    "is_a_formula": gettext_noop("A formula stands here. Write its result instead."),
    "is_an_error": gettext_noop("The spreadsheet shows an error here. Write what is meant."),
    "is_yes_or_no": gettext_noop("TRUE or FALSE stands here, which answers another question. Write what is meant."),
    "is_merged": gettext_noop("This cell is merged with others. Unmerge them and fill in each."),
    "missing": gettext_noop("Nothing stands here. Fill it in."),
    "too_long": gettext_noop("At most %(most)s letters, please."),
    "no_such_row": gettext_noop("There is no such product of yours. Empty this cell to add it anew."),
    "no_such_farm": gettext_noop("You do not manage the products of a farm called “%(said)s”."),
    "not_agreed": gettext_noop("There is no running agreement with a farm called “%(said)s”."),
    "other_hub": gettext_noop("This file is read for %(hub)s, not for “%(said)s”."),
    "other_farm": gettext_noop("This product is %(producer)s’s: a product does not change farms."),
    "no_such_category": gettext_noop("There is no category called “%(said)s”."),
    "two_such_categories": gettext_noop("Several categories are called “%(said)s”. Write the one above too: A › B."),
    "no_such_rate": gettext_noop("There is no VAT rate called “%(said)s”."),
    "not_a_number": gettext_noop("“%(said)s” is not a number."),
    "not_an_amount": gettext_noop("“%(said)s” is not a price, such as 12.50."),
    "not_negative": gettext_noop("“%(said)s” is below zero."),
    "not_whole": gettext_noop("“%(said)s” is not a whole number from 0 to %(most)s."),
    "not_a_unit": gettext_noop(
        "“%(said)s” is not a unit: mg, g, kg, t, oz, lb, mL, cL, dL, L, kL, gal, or nothing for pieces."
    ),
    "not_a_size": gettext_noop("A size is above zero and ends within six decimals of a gram, a millilitre or a piece."),
    "not_yes_or_no": gettext_noop("Write yes or no instead of “%(said)s”."),
    "count_or_demand": gettext_noop("Write how many there are, or yes under “on demand”."),
    "only_weight": gettext_noop("Only goods sold by weight can be weighed at packing."),
    "same_as_line": gettext_noop("Line %(line)s already says this one."),
    "disagrees": gettext_noop("Line %(line)s says something else of the same product."),
    "not_here": gettext_noop("There is no such product and size of this farm."),
    "tags_of_a_stranger": gettext_noop("You do not sell goods of %(producer)s, so you give them no tags. Empty this cell."),
    "price_of_the_farm": gettext_noop("Your agreement with %(producer)s keeps its own price. Empty this cell."),
    "stock_of_the_farm": gettext_noop("Your agreement with %(producer)s keeps its own stock. Empty this cell."),
    "no_such_source": gettext_noop("“%(said)s” is no size of which you may make goods of your own."),
    "yields_nothing": gettext_noop("Say how many come out of one: a whole number from 1 to %(most)s."),
    "more_than_source": gettext_noop("So many of this size do not come out of one: there is less in it."),
    "no_source": gettext_noop("This needs what it is made of: fill in “Made of No.” too."),
    "own_stock_ordered": gettext_noop("Orders were taken from your own stock here. Write how many there are."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with one cell: the column's key, a code of MESSAGES, and the values of its sentence."""

    column: str
    code: str
    values: Mapping[str, Any] = field(default_factory=dict)
