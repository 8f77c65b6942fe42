"""The sentence that filters a hub's orders: from the address to typed values, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from bocage.orders.queries.lists import Between

STATES = ("placed", "awaiting", "cancelled")
DAYS = ("placed_from", "placed_to", "handed_from", "handed_to")
PAID = ("due", "paid", "credit")


@dataclass(frozen=True, slots=True)
class Filters:
    """What somebody wants to see; what makes no sense is left out, so that an old link still opens."""

    cycle: int | None = None
    state: str = ""
    paid: str = ""
    place: int | None = None
    text: str = ""
    placed_from: str = ""
    placed_to: str = ""
    handed_from: str = ""
    handed_to: str = ""
    hubs: str = ""
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
            **{name: _day(given.get(name, "")) for name in DAYS},
            hubs="all" if given.get("hubs") == "all" else "",
            after=_number(given.get("after", "")),
        )

    def asked(self, zone: str) -> dict[str, Any]:
        """Return the arguments of `hub_orders`, the hubs apart. zone: the time zone that the days are of."""
        return {
            "cycle_id": self.cycle,
            "state": self.state,
            "paid": self.paid,
            "method_id": self.place,
            "text": self.text,
            "placed": between(_date(self.placed_from), _date(self.placed_to), ZoneInfo(zone)),
            "handed": between(_date(self.handed_from), _date(self.handed_to), ZoneInfo(zone)),
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
        return any(getattr(self, one.name) for one in fields(self) if one.name != "after")

    @property
    def has_days(self) -> bool:
        return any(getattr(self, name) for name in DAYS)


def _day(typed: str) -> str:
    """A day as an address writes it, 2026-11-25; nothing where it is none."""
    try:
        return date.fromisoformat(typed).isoformat()
    except ValueError:
        return ""


def _date(day: str) -> date | None:
    return date.fromisoformat(day) if day else None


def between(first: date | None, last: date | None, zone: tzinfo) -> Between:
    """Return the time from the beginning of the first day to the end of the last; the ends of all time are none."""
    midnight = time(0, tzinfo=zone)
    since = datetime.combine(first, midnight) if first and first > date.min else None
    before = datetime.combine(last + timedelta(days=1), midnight) if last and last < date.max else None
    return Between(since, before)


def _among(typed: str, known: set[int]) -> int | None:
    number = _number(typed)
    return number if number in known else None


def _number(typed: str) -> int | None:
    return int(typed) if typed.isdecimal() and len(typed) < 18 else None
