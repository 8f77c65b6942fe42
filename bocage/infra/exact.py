"""A column of exact sizes: whole millionths in the database, grams, millilitres or items in Python."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.db import models

from bocage.commons.measures import FINEST, Exact, exact

if TYPE_CHECKING:
    _Field = models.Field[Exact, Exact]
else:
    _Field = models.Field


class ExactField(_Field):
    """An exact number with at most six decimals, read as an int where it is whole, else as a Fraction.

    The database compares, orders and takes the least or most of it; sums are better made in Python, where they stay exact.
    """

    description = "An exact number, in millionths"

    def get_internal_type(self) -> str:
        return "BigIntegerField"

    def from_db_value(self, value: int | None, expression: Any, connection: Any) -> Exact | None:
        return None if value is None else _read(value)

    def to_python(self, value: Any) -> Exact | None:
        return None if value is None else exact(value)

    def get_prep_value(self, value: Any) -> int | None:
        if value is None or hasattr(value, "resolve_expression"):
            return super().get_prep_value(value)
        millionths = Fraction(value) * FINEST
        if millionths.denominator != 1:
            raise ValueError(f"{value} does not end within six decimals")
        return int(millionths)


def _read(millionths: int) -> Exact:
    whole, rest = divmod(millionths, FINEST)
    return Fraction(millionths, FINEST) if rest else whole
