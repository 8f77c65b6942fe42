"""When stewards acted as people, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from bocage.commons.refusals import Forbidden
from bocage.commons.searching import fold, words
from bocage.network.models import Instance, Person, Visit
from bocage.network.rules import Actor


@dataclass(frozen=True, slots=True)
class VisitRow:
    """Somebody acted as somebody, from when until when, and why."""

    id: int
    steward: str
    person: str
    reason: str
    started_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person with an account, as stewards find them."""

    id: int
    name: str
    email: str


def open_visit(*, visit_id: int, steward_id: int, now: datetime) -> Visit | None:
    """Return a visit of this steward that is not over, with its person; None otherwise. One query."""
    rows = Visit.objects.select_related("person").filter(id=visit_id, steward_id=steward_id, ends_at__gt=now)
    return rows.filter(person__is_active=True, person__is_staff=False).first()


def visits_to(*, actor: Actor, limit: int = 20) -> list[VisitRow]:
    """Return who acted as the actor, newest first, in one query; none for guests."""
    return _rows(Q(person_id=actor.person_id), limit) if actor.person_id else []


def all_visits(*, actor: Actor, limit: int = 50) -> list[VisitRow]:
    """Return all visits, newest first, in one query. Raises Forbidden unless a steward asks."""
    if not actor.is_steward:
        raise Forbidden()
    return _rows(Q(), limit)


def find_people(*, text: str, actor: Actor, limit: int = 20) -> list[PersonRow]:
    """Return the open accounts whose name or address says each word, by name. Raises Forbidden unless a steward asks."""
    if not actor.is_steward:
        raise Forbidden()
    wanted = words(text)
    rows = Person.objects.filter(is_active=True, is_staff=False).values_list("id", "name", "email")
    fitting = [PersonRow(*row) for row in rows if all(word in fold(f"{row[1]} {row[2]}") for word in wanted)]
    return sorted(fitting, key=lambda row: (fold(row.name), row.id))[:limit] if wanted else []


def visit_for_mail(visit_id: int) -> tuple[VisitRow, Person, Instance]:
    """Return a visit, whom it was to, and in whose name one writes to them."""
    row = Visit.objects.select_related("person", "steward").get(id=visit_id)
    instance = Instance.objects.order_by("id").first()
    assert instance is not None
    return _row(row), row.person, instance


def _rows(which: Q, limit: int) -> list[VisitRow]:
    rows = Visit.objects.filter(which).select_related("steward", "person").order_by("-started_at", "-id")[:limit]
    return [_row(row) for row in rows]


def _row(row: Visit) -> VisitRow:
    return VisitRow(row.pk, str(row.steward), str(row.person), row.reason, row.started_at, row.ends_at)
