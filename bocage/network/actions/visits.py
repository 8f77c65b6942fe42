"""A steward acting as a person: for a reason, for an hour, written down for the person to see."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bocage.commons.refusals import Forbidden, NotFound
from bocage.infra.outbox import emit
from bocage.network.events import VisitEnded, VisitStarted
from bocage.network.models import Person, Visit
from bocage.network.rules import VISIT_LASTS, Actor, NoVisitPossible, ReasonMissing


@transaction.atomic
def start_visit(*, person_id: int, reason: str, actor: Actor, now: datetime) -> int:
    """Begin to act as a person; return the visit's id, for the steward's session. It ends by itself after an hour.

    Raises Forbidden unless a steward asks, NotFound, NoVisitPossible, ReasonMissing. Emits VisitStarted.
    """
    if not actor.is_steward or actor.person_id is None:
        raise Forbidden()
    person = Person.objects.filter(id=person_id).first()
    if person is None:
        raise NotFound()
    if person.is_staff or not person.is_active or person.pk == actor.person_id:
        raise NoVisitPossible()
    if not reason.strip():
        raise ReasonMissing()
    visit = Visit.objects.create(
        steward_id=actor.person_id,
        person=person,
        reason=reason.strip(),
        started_at=now,
        ends_at=now + VISIT_LASTS,
    )
    emit(VisitStarted(visit_id=visit.pk, person_id=person.pk, steward_id=actor.person_id), by=actor, at=now)
    return visit.pk


@transaction.atomic
def end_visit(*, visit_id: int, steward_id: int, actor: Actor, now: datetime) -> None:
    """Stop acting as a person. A visit that is over stays as it was. Emits VisitEnded."""
    if Visit.objects.filter(id=visit_id, steward_id=steward_id, ends_at__gt=now).update(ends_at=now):
        emit(VisitEnded(visit_id=visit_id), by=actor, at=now)
