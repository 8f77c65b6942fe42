"""Ways to an e-invoicing platform (France: plateforme agréée): a folder of this package each, behind one interface.

A connector is a module with a class `Connector`; its folder's name is what a hub chooses in its settings.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from typing import Protocol

HANDED_IN = 200


@dataclass(frozen=True, slots=True)
class Parcel:
    """A document on its way: seller (its address in our pages), number, invoice or credit_note, and its two faces."""

    seller: str
    number: str
    kind: str
    pdf: bytes
    xml: bytes


@dataclass(frozen=True, slots=True)
class Told:
    """What a platform says became of a document. code: of the French life cycle, 200 to 213."""

    seller: str
    number: str
    code: int
    at: datetime
    said: str = ""


class Connector(Protocol):
    """What every way to a platform can do. Both may be called again at any time."""

    def hand_in(self, parcel: Parcel) -> str:
        """Hand a document in and return what the platform calls it; the same seller and number again is the same."""

    def statuses(self) -> Iterable[Told]:
        """Return what the platform has said so far of documents handed in; saying it again does no harm."""


def names() -> list[str]:
    """Return the ways that exist, as settings keep them."""
    return ["folder"]


def named(name: str) -> Connector:
    """Return a way to a platform by its name. Raises KeyError."""
    if name not in names():
        raise KeyError(name)
    return import_module(f"{__name__}.{name}").Connector()


def next_try(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: one minute, doubled each time, a day at most."""
    return min(timedelta(minutes=2 ** min(attempts - 1, 12)), timedelta(days=1))
