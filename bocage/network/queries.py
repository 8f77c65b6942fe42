"""Reads about instances, people and enterprises, as typed rows."""

from __future__ import annotations

from typing import Any

from bocage.network.models import Instance, Role
from bocage.network.rules import GUEST, Actor


def actor_for(person: Any, *, language: str = "fr") -> Actor:
    """Return who a signed-in person acts as, with all their roles, in one query; the guest for nobody."""
    if not getattr(person, "is_authenticated", False):
        return GUEST
    roles = dict(Role.objects.filter(person_id=person.pk).values_list("enterprise_id", "name"))
    return Actor(
        label=f"person:{person.pk}",
        name=person.name or person.email,
        person_id=person.pk,
        email=person.email,
        language=person.language or language,
        roles=roles,
        is_steward=person.is_staff,
    )


def instance_for_host(host: str) -> Instance:
    """Return the instance that answers for `host`, else the one that answers for every host."""
    found = (
        Instance.objects.filter(host=host).first() or Instance.objects.filter(host__isnull=True).order_by("id").first()
    )
    if found is None:
        raise LookupError("no instance yet: run `bocage demo` or create one")
    return found
