"""What the stewards see of the machine, in a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Min, Q, QuerySet

from bocage.commons.refusals import NotFound
from bocage.infra import pulses
from bocage.infra.models import Delivery, Pulse
from bocage.infra.outbox import MAX_ATTEMPTS
from bocage.infra.schedule import schedule
from bocage.messages.models import Message
from bocage.network.models import Person
from bocage.network.rules import SYSTEM, Actor

PAGE = 50


@dataclass(frozen=True, slots=True)
class Recurring:
    """Something that recurs, `seconds` apart: when it was last done, whether it should have been since, its last error."""

    name: str
    seconds: int
    done_at: datetime | None
    is_overdue: bool
    last_error: str


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A fact of which a listener could not be told, however often it was tried."""

    id: int
    fact: str
    listener: str
    at: datetime
    attempts: int
    last_error: str


@dataclass(frozen=True, slots=True)
class Machine:
    """How the machine is. `waiting` deliveries are still to be tried, the eldest since `waiting_since`."""

    recurring: list[Recurring]
    given_up: list[GivenUp]
    lost: int
    waiting: int
    waiting_since: datetime | None
    mails_waiting: int
    mails_lost: int

    @property
    def overdue(self) -> list[Recurring]:
        return [one for one in self.recurring if one.is_overdue]

    @property
    def is_well(self) -> bool:
        return not (self.overdue or self.lost)


@dataclass(frozen=True, slots=True)
class Steward:
    email: str
    name: str
    language: str


def machine(*, actor: Actor, now: datetime, after: int = 0) -> Machine:
    """Return how the machine is, with the first 50 given-up deliveries behind `after`, in four queries.

    Raises NotFound for whoever is no steward.
    """
    require_sight(actor)
    lost = Q(attempts__gte=MAX_ATTEMPTS)
    counted = Delivery.objects.filter(delivered_at__isnull=True).aggregate(
        lost=Count("id", filter=lost),
        waiting=Count("id", filter=~lost),
        since=Min("event__at", filter=~lost),
    )
    mails = Message.objects.exclude(state=Message.State.SENT).aggregate(
        waiting=Count("id", filter=Q(state=Message.State.WAITING)),
        lost=Count("id", filter=Q(state=Message.State.FAILED)),
    )
    return Machine(
        recurring=_recurring(now),
        given_up=[_given_up(one) for one in lost_deliveries().filter(id__gt=after).select_related("event")[:PAGE]],
        lost=counted["lost"],
        waiting=counted["waiting"],
        waiting_since=counted["since"],
        mails_waiting=mails["waiting"],
        mails_lost=mails["lost"],
    )


def is_late(*, now: datetime) -> bool:
    """Return whether something that recurs is overdue or a delivery was given up: for probes, so without any name."""
    return not machine(actor=SYSTEM, now=now).is_well


def stewards() -> list[Steward]:
    """Return whom to write when the machine needs somebody, in one query."""
    people = Person.objects.filter(is_staff=True, is_active=True).order_by("id")
    return [Steward(*row) for row in people.values_list("email", "name", "language")]


def require_sight(actor: Actor) -> None:
    """The machine is everybody's to see in the demo, else the stewards' alone; others find nothing there."""
    if not (settings.DEMO or actor.is_steward or actor.is_system):
        raise NotFound()


def lost_deliveries() -> QuerySet[Delivery]:
    """The deliveries that were given up, eldest first."""
    return Delivery.objects.filter(delivered_at__isnull=True, attempts__gte=MAX_ATTEMPTS).order_by("id")


def _recurring(now: datetime) -> list[Recurring]:
    seen = {pulse.name: pulse for pulse in Pulse.objects.all()}
    wanted = [(pulses.WORKER, pulses.WORKER_SECONDS), *sorted((entry.name, entry.seconds) for entry in schedule())]
    found = []
    for name, seconds in wanted:
        pulse = seen.get(name)
        done_at = pulse.done_at if pulse else None
        overdue = pulses.is_overdue(done_at, seconds=seconds, now=now)
        found.append(Recurring(name, seconds, done_at, overdue, pulse.last_error if pulse else ""))
    return found


def _given_up(row: Delivery) -> GivenUp:
    return GivenUp(row.pk, row.event.kind, row.subscriber, row.event.at, row.attempts, row.last_error)
