"""The sentence that filters a hub's orders: from the address to typed values, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlencode

STATES = ("placed", "awaiting", "cancelled")
PAID = ("due", "paid", "credit")


@dataclass(frozen=True, slots=True)
class Filters:
    """What somebody wants to see; what makes no sense is left out, so that an old link still opens."""

    cycle: int | None = None
    state: str = ""
    paid: str = ""
    place: int | None = None
    text: str = ""
    after: int | None = None

    @classmethod
    def read(cls, given: Mapping[str, str], *, cycles: Sequence[Any], places: Sequence[Any]) -> Filters:
        """Return the filters that an address asks for, among the sales and places there are."""
        return cls(
            cycle=_among(given.get("cycle", ""), {row.id for row in cycles}),
            state=given["state"] if given.get("state") in STATES else "",
            paid=given["paid"] if given.get("paid") in PAID else "",
            place=_among(given.get("place", ""), {row.id for row in places}),
            text=given.get("text", "").replace("\x00", "").strip()[:80],
            after=_number(given.get("after", "")),
        )

    def asked(self) -> dict[str, Any]:
        """Return the arguments of `hub_orders`."""
        return {
            "cycle_id": self.cycle,
            "state": self.state,
            "paid": self.paid,
            "method_id": self.place,
            "text": self.text,
            "after": self.after,
        }

    def query(self, **changed: Any) -> str:
        """Return these filters as the query of an address, with some of them changed."""
        values = {field.name: getattr(self, field.name) for field in fields(self)} | changed
        return urlencode({name: value for name, value in values.items() if value})

    @property
    def fields(self) -> list[tuple[str, Any]]:
        """Return these filters as fields of a form that acts on all that they find."""
        return [(one.name, value) for one in fields(self) if one.name != "after" and (value := getattr(self, one.name))]

    @property
    def is_any(self) -> bool:
        return bool(self.cycle or self.state or self.paid or self.place or self.text)


def _among(typed: str, known: set[int]) -> int | None:
    number = _number(typed)
    return number if number in known else None


def _number(typed: str) -> int | None:
    return int(typed) if typed.isdecimal() and len(typed) < 18 else None
