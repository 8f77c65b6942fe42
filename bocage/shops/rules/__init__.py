"""The terms of a hub's shop. Pure: no Django, no clock, no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from bocage.commons.refusals import Refused, gettext_noop
from bocage.pricing.rules import Calculator


@dataclass(frozen=True, slots=True)
class ShopTerms:
    """Who may enter a shop, what is said there, and what a customer may change."""

    is_members_only: bool = False
    allows_guests: bool = True
    allows_changes: bool = True
    needs_phone: bool = True
    shows_low_stock_from: int = 3
    message: str = ""
    closed_message: str = ""


@dataclass(frozen=True, slots=True)
class PointDetails:
    """A place where a hub hands over."""

    name: str
    town: str
    street: str = ""
    postcode: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    directions: str = ""


@dataclass(frozen=True, slots=True)
class MethodDetails:
    """How an order reaches the customer, and its charge (domain 03 §4.1 says which amounts count when).

    `kind` 'pickup' has a `point_id`; 'delivery' has none and may be limited to `postcodes` (beginnings, by commas).
    """

    kind: str
    name: str
    point_id: int | None = None
    description: str = ""
    postcodes: str = ""
    calculator: str = "flat"
    percent_millionths: int = 0
    amount_minor: int = 0
    additional_minor: int = 0
    threshold_minor: int = 0
    reduced_minor: int = 0
    limit: int = 0
    tax_rate_id: int | None = None
    position: int = 0
    tags: str = ""


class NeedsAName(Refused):
    """Customers choose by name."""

    code = "shops.needs_a_name"
    message = gettext_noop("Give it a name that customers understand.")


class PointNeedsATown(Refused):
    """Nobody finds a place without its town."""

    code = "shops.point_needs_a_town"
    message = gettext_noop("Say in which town the pickup point is.")


class PickupNeedsAPoint(Refused):
    """A pickup happens at one of the hub's own pickup points."""

    code = "shops.pickup_needs_a_point"
    message = gettext_noop("Choose one of your pickup points, or add one first.")


class ChargeNotKnown(Refused):
    """The way of delivering or of counting its charge is none that exists."""

    code = "shops.charge_not_known"
    message = gettext_noop("Choose how orders reach the customer and how the charge counts.")


class ChargeNegative(Refused):
    """A delivery never pays the customer."""

    code = "shops.charge_negative"
    message = gettext_noop("The charge for a delivery or a pickup is zero or more.")


class PostcodesNotReadable(Refused):
    """Beginnings of postcodes are letters, digits, blanks and hyphens, separated by commas."""

    code = "shops.postcodes_not_readable"
    message = gettext_noop("Write the beginnings of postcodes separated by commas, for example 61700, 5026.")


class PointInUse(Refused):
    """A running delivery method still hands over there."""

    code = "shops.point_in_use"
    message = gettext_noop("Orders can still be picked up here by “%(method)s”. End that method first.")


class PriceNegative(Refused):
    """A price below zero."""

    code = "shops.price_negative"
    message = gettext_noop("A price is zero or more.")


class PriceOfTheFarm(Refused):
    """An agreement may keep the producer's own price."""

    code = "shops.price_of_the_farm"
    message = gettext_noop("Your agreement with %(producer)s keeps its own price. Propose another one to set yours.")


class ListingsMoved(Refused):
    """Some of many own prices say something else than when they were looked at."""

    code = "shops.listings_moved"
    message = gettext_noop("Rows that changed meanwhile: %(count)s. Nothing was saved: read the file again.")


class NotSoldHere(Refused):
    """A hub decides only for goods that it may sell: its own, or under a running agreement."""

    code = "shops.not_sold_here"
    message = gettext_noop("You have no running agreement with %(producer)s to sell this.")


class NotASeller(Refused):
    """Only enterprises that sell have a shop."""

    code = "shops.not_a_seller"
    message = gettext_noop("%(hub)s does not sell here, so it has no shop to set up.")


class NoAccountYet(Refused):
    """Card is a way to pay only with an account that takes the money."""

    code = "shops.no_account"
    message = gettext_noop("Connect an account for online payments first: cards are paid into it.")


def check_point(details: PointDetails) -> None:
    """Refuse a place that nobody could find. Raises NeedsAName, PointNeedsATown."""
    if not details.name.strip():
        raise NeedsAName
    if not details.town.strip():
        raise PointNeedsATown


def check_method(details: MethodDetails) -> None:
    """Refuse a method that could not be carried out or charged. Raises the refusals above."""
    if not details.name.strip():
        raise NeedsAName
    if details.kind not in ("pickup", "delivery") or details.calculator not in set(Calculator):
        raise ChargeNotKnown
    if details.kind == "pickup" and details.point_id is None:
        raise PickupNeedsAPoint
    amounts = (details.amount_minor, details.additional_minor, details.threshold_minor, details.reduced_minor)
    if min(*amounts, details.percent_millionths) < 0:
        raise ChargeNegative
    if details.calculator == Calculator.FLEXIBLE and details.limit < 1:
        raise ChargeNotKnown


def tidy_postcodes(text: str) -> str:
    """Return beginnings of postcodes written one way, `61700,5026`: upper case, no blanks. Raises PostcodesNotReadable."""
    parts = ["".join(part.split()).upper() for part in text.replace(";", ",").split(",")]
    kept = list(dict.fromkeys(part for part in parts if part))
    if not all(part.replace("-", "").isalnum() and part.isascii() for part in kept):
        raise PostcodesNotReadable
    return ",".join(kept)


@dataclass(frozen=True, slots=True)
class Step:
    """Something that an enterprise does before it sells; what is not needed makes it better known or safer."""

    key: str
    is_done: bool
    is_needed: bool


def steps_to_sell(*, is_producer: bool, sells: str, done: Mapping[str, bool]) -> tuple[Step, ...]:
    """Return the steps of an enterprise, by what it is: a producer has goods, a hub partners, who sells a way to pay.

    `done` says of each step whether it is done. A hub that makes nothing needs a partner; one that makes something may
    begin with its own.
    """
    needed = ["profile"]
    needed += ["goods"] if is_producer else []
    needed += ["buyers"] if is_producer and sells == "none" else []
    needed += ["partners"] if sells == "any" and not is_producer else []
    needed += ["delivery", "payment"] if sells != "none" else []
    better = ["picture"]
    better += ["partners"] if sells == "any" and is_producer else []
    better += ["legal", "terms"] if sells != "none" else ["legal"] if is_producer else []
    better += ["team", "shown"]
    return (*(Step(key, done[key], True) for key in needed), *(Step(key, done[key], False) for key in better))
