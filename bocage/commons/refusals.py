"""Refusals: an answer that is expected, explained in words, and never an error in the log."""

from __future__ import annotations

from typing import Any, ClassVar


def gettext_noop(text: str) -> str:
    """Mark a sentence for translation; the face that shows it translates."""
    return text


class Refused(Exception):
    """The base of all refusals: a code for machines, a sentence with named placeholders for people.

    A subclass gives `code` and `message`; the raiser gives the values: `raise NotEnoughStock(left=2, product="Miel")`.
    """

    code: ClassVar[str] = "refused"
    message: ClassVar[str] = gettext_noop("This can't be done.")
    status: ClassVar[int] = 422

    def __init__(self, **values: Any) -> None:
        super().__init__(self.code)
        self.values = values

    def __str__(self) -> str:
        return self.message % self.values if self.values else self.message


class Forbidden(Refused):
    """The actor has no right to do or see this."""

    code = "forbidden"
    message = gettext_noop("You are not allowed to do this. Ask someone who manages this enterprise.")
    status = 403


class NotFound(Refused):
    """There is no such thing, or it is not this actor's to see: both look the same from outside."""

    code = "not_found"
    message = gettext_noop("There is nothing here under this address.")
    status = 404
