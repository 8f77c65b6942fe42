"""When a cycle is open, what may enter and leave it. Pure: no Django, no clock, no database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

from bocage.commons.moments import Period
from bocage.commons.refusals import Refused, gettext_noop


class State(StrEnum):
    """Where a cycle stands, by the clock alone."""

    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Window:
    """When a hub hands over by one of its delivery methods: from `starts_at` up to `ends_at`."""

    method_id: int
    starts_at: datetime
    ends_at: datetime


class CycleNeedsAName(Refused):
    """Customers and packers tell cycles apart by their names."""

    code = "order_cycles.needs_a_name"
    message = gettext_noop("Give the order cycle a name.")


class CycleClosesBeforeItOpens(Refused):
    """The closing must come after the opening."""

    code = "order_cycles.closes_before_it_opens"
    message = gettext_noop("The order cycle must close after it opens.")


class CannotCoordinate(Refused):
    """Only an enterprise that sells can run an order cycle."""

    code = "order_cycles.cannot_coordinate"
    message = gettext_noop("%(enterprise)s does not sell here, so it cannot run an order cycle.")


class NoAgreement(Refused):
    """Goods enter a cycle only with their producer's consent: a running agreement with who sells them."""

    code = "order_cycles.no_agreement"
    message = gettext_noop("%(producer)s has no running agreement with %(hub)s to sell these goods.")


class OnlyOwnGoods(Refused):
    """Who sells its own goods only runs a simple cycle: with itself alone."""

    code = "order_cycles.only_own_goods"
    message = gettext_noop("%(enterprise)s sells its own products only, so its order cycles have no other partners.")


class NotAShop(Refused):
    """Goods leave a cycle only towards an enterprise that sells."""

    code = "order_cycles.not_a_shop"
    message = gettext_noop("%(enterprise)s does not sell other producers’ goods here.")


class AlreadyInCycle(Refused):
    """A partner takes part once in each direction."""

    code = "order_cycles.already_in_cycle"
    message = gettext_noop("%(enterprise)s is already part of this order cycle.")


class NotTheirGoods(Refused):
    """A producer brings only its own goods, and only what it still makes."""

    code = "order_cycles.not_their_goods"
    message = gettext_noop("Some of these goods are not made by %(producer)s, or no longer.")


class FeeNotForThisPlace(Refused):
    """A fee belongs to somebody who takes part at that place, and still runs."""

    code = "order_cycles.fee_not_for_this_place"
    message = gettext_noop("The fee “%(fee)s” cannot be charged here.")


class HandOverEndsBeforeItStarts(Refused):
    """A hand-over must end after it starts."""

    code = "order_cycles.hand_over_ends_before_it_starts"
    message = gettext_noop("The hand-over “%(method)s” must end after it starts.")


class PaymentNotOfThisHub(Refused):
    """A hub is paid only by its own running ways to pay."""

    code = "order_cycles.payment_not_of_this_hub"
    message = gettext_noop("One of these ways to pay is not offered by this hub any more. Choose again.")


class MethodNotOfThisHub(Refused):
    """A hub hands over only by its own running delivery methods, each once."""

    code = "order_cycles.method_not_of_this_hub"
    message = gettext_noop("One of these ways to hand over is not offered by this hub any more. Choose again.")


class CycleIsNotUpcoming(Refused):
    """Only a coming cycle can be opened; a closed one is reopened."""

    code = "order_cycles.not_upcoming"
    message = gettext_noop("“%(cycle)s” has already opened.")


class CycleIsNotOpen(Refused):
    """Only an open cycle can be closed."""

    code = "order_cycles.not_open"
    message = gettext_noop("“%(cycle)s” is not open.")


class CycleIsNotClosed(Refused):
    """Only a closed cycle can be reopened."""

    code = "order_cycles.not_closed"
    message = gettext_noop("“%(cycle)s” has not closed yet. Change its closing date instead.")


class ReopenUntilThePast(Refused):
    """A cycle is reopened until a moment still to come."""

    code = "order_cycles.reopen_until_the_past"
    message = gettext_noop("Choose a new closing date that is still to come.")


class CycleHasOrders(Refused):
    """What people ordered must stay readable, so its cycle stays too."""

    code = "order_cycles.has_orders"
    message = gettext_noop("“%(cycle)s” has orders, so it cannot be deleted. Close it instead.")


def state(opens_at: datetime, closes_at: datetime, now: datetime) -> State:
    """Return where a cycle stands at `now`; open from `opens_at` up to, but not including, `closes_at`."""
    if now in Period(opens_at, closes_at):
        return State.OPEN
    return State.UPCOMING if now < opens_at else State.CLOSED


def check_cycle(name: str, opens_at: datetime, closes_at: datetime) -> None:
    """Refuse a cycle without a name or time. Raises CycleNeedsAName, CycleClosesBeforeItOpens."""
    if not name.strip():
        raise CycleNeedsAName
    if closes_at <= opens_at:
        raise CycleClosesBeforeItOpens


def check_windows(windows: Iterable[Window], methods: dict[int, str]) -> None:
    """Refuse hand-overs by a method not in `methods` (id → name), by one twice, or that end before they start."""
    seen: set[int] = set()
    for window in windows:
        if window.method_id not in methods or window.method_id in seen:
            raise MethodNotOfThisHub
        seen.add(window.method_id)
        if window.ends_at <= window.starts_at:
            raise HandOverEndsBeforeItStarts(method=methods[window.method_id])


def wall_distance(old: datetime, new: datetime, zone: tzinfo) -> timedelta:
    """Return how far `new` is from `old` on the clock on the wall of `zone`."""
    return new.astimezone(zone).replace(tzinfo=None) - old.astimezone(zone).replace(tzinfo=None)


def moved(moment: datetime, by: timedelta, zone: tzinfo) -> datetime:
    """Return `moment` moved on the wall clock of `zone`: 17 h stays 17 h when summer time ends in between."""
    there = moment.astimezone(zone)
    return (there.replace(tzinfo=None) + by).replace(tzinfo=zone)
