"""Which rate of VAT counts where and when. Pure: no Django, no clock, no database.

A category (reduced, standard …) has at home one rate after the other, and in a zone its own. What decides is the place
where the goods are handed over and the day on which they are (French tax code art. 258, 269): an order placed before a
change and handed over after it is taxed at the new rate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from bocage.commons.refusals import Refused, gettext_noop
from bocage.pricing.rules import Tax


@dataclass(frozen=True, slots=True)
class Place:
    """Where goods are handed over: country (ISO 3166, two letters) and postcode."""

    country: str
    postcode: str = ""


@dataclass(frozen=True, slots=True)
class Handed:
    """Where and on which day goods change hands: what decides their VAT."""

    place: Place
    day: date


@dataclass(frozen=True, slots=True)
class Zone:
    """A part of the world with its own VAT. `places`: 'BE' is a whole country, 'FR 971' postcodes that begin so."""

    id: int
    name: str
    places: tuple[str, ...]

    def fit(self, place: Place) -> int:
        """Return how closely the zone names a place: 0 not at all, then the more letters the closer."""
        return max((len(named) for named in self.places if _is_in(place, named)), default=0)


@dataclass(frozen=True, slots=True)
class Period:
    """The rate of a category from a day on, at home (`zone_id` None) or in a zone, until the next begins."""

    category_id: int
    zone_id: int | None
    starts_on: date
    millionths: int
    is_included: bool


@dataclass(frozen=True, slots=True)
class RateTable:
    """Every rate, everywhere, at any time."""

    zones: tuple[Zone, ...] = ()
    periods: Mapping[tuple[int, int | None], tuple[Period, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, zones: Iterable[Zone], periods: Iterable[Period]) -> RateTable:
        """Return the table of these zones and periods, in whatever order they come."""
        sorted_: dict[tuple[int, int | None], list[Period]] = {}
        for period in sorted(periods, key=lambda one: one.starts_on):
            sorted_.setdefault((period.category_id, period.zone_id), []).append(period)
        return cls(tuple(zones), {key: tuple(found) for key, found in sorted_.items()})

    def is_same_everywhere(self, day: date) -> bool:
        """Return whether no place and no later day than `day` changes a rate, so that nothing has to be looked up."""
        return not self.zones and all(found[-1].starts_on <= day for found in self.periods.values())

    def zone_of(self, place: Place) -> Zone | None:
        """Return the zone that names a place most closely; the one made first where two are as close; None at home."""
        fits = [(zone.fit(place), -zone.id, zone) for zone in self.zones]
        best = max((fit for fit in fits if fit[0]), default=None, key=lambda fit: fit[:2])
        return best[2] if best else None

    def rate(self, tax: Tax, *, place: Place, day: date) -> Tax:
        """Return the rate that counts for a tax of home at a place on a day; what has no category stays as it is.

        A zone whose rate is contained keeps the price; one whose rate is added, or that has none for this category,
        takes the VAT of home out of the price first.
        """
        if tax.category_id is None:
            return tax
        home = self._at(tax.category_id, None, day)
        own = Tax(home.millionths, home.is_included, category_id=tax.category_id) if home else tax
        zone = self.zone_of(place)
        if zone is None:
            return own
        there = self._at(tax.category_id, zone.id, day)
        if there is not None and there.is_included:
            return Tax(there.millionths, category_id=tax.category_id)
        taken_out = own.millionths if own.is_included else 0
        return Tax(there.millionths if there else 0, there is None, taken_out, category_id=tax.category_id)

    def _at(self, category_id: int, zone_id: int | None, day: date) -> Period | None:
        found = self.periods.get((category_id, zone_id), ())
        return next((period for period in reversed(found) if period.starts_on <= day), None)


SAME_EVERYWHERE = RateTable()


class PlacesNotReadable(Refused):
    code = "pricing.places_not_readable"
    message = gettext_noop("Write countries by their two letters, and parts of one by their postcodes: BE, FR 971.")


class PlaceTaken(Refused):
    code = "pricing.place_taken"
    message = gettext_noop("%(place)s is in the zone “%(zone)s” already.")


class RateInThePast(Refused):
    code = "pricing.rate_in_the_past"
    message = gettext_noop(
        "A rate that has counted is never changed: orders rest on it. Let a new one begin from today on."
    )


class RateAlready(Refused):
    code = "pricing.rate_already"
    message = gettext_noop("Another rate begins on that day already. Take it back first.")


class RateCodeTaken(Refused):
    code = "pricing.rate_code_taken"
    message = gettext_noop("There is a kind of VAT “%(code)s” already. Let a new rate of it begin instead.")


class RateAbsurd(Refused):
    code = "pricing.rate_absurd"
    message = gettext_noop("A rate of VAT is between nothing and one hundred percent.")


class ZoneNeedsAName(Refused):
    code = "pricing.zone_needs_a_name"
    message = gettext_noop("Give the zone a name, such as overseas departments.")


def tidy_places(text: str) -> tuple[str, ...]:
    """Return places that somebody typed, written one way: 'fr971; BE' → ('FR 971', 'BE'). Raises PlacesNotReadable."""
    found = []
    for part in text.replace(";", ",").replace("\n", ",").split(","):
        joined = "".join(part.split()).upper()
        if not joined:
            continue
        country, postcode = joined[:2], joined[2:]
        reads = joined.isascii() and joined.isalnum() and country.isalpha() and len(country) == 2
        if not reads or (postcode.isalpha() and len(postcode) > 2):  # FRANCE is no postcode ANCE of FR; GB BT is one
            raise PlacesNotReadable()
        found.append(f"{country} {postcode}".strip())
    if not found:
        raise PlacesNotReadable()
    return tuple(dict.fromkeys(found))


def check_period(*, starts_on: date, today: date, taken: Iterable[date], millionths: int) -> None:
    """Refuse a rate that would change what was charged. Raises RateInThePast, RateAlready, RateAbsurd."""
    if not 0 <= millionths <= 1_000_000:
        raise RateAbsurd()
    if starts_on < today:
        raise RateInThePast()
    if starts_on in set(taken):
        raise RateAlready()


def _is_in(place: Place, named: str) -> bool:
    country, _, postcode = named.partition(" ")
    return place.country == country and "".join(place.postcode.split()).upper().startswith(postcode)
