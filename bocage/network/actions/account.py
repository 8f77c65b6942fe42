"""What people say of themselves."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from bocage.commons.refusals import Forbidden
from bocage.network.models import Person
from bocage.network.rules import Actor


@transaction.atomic
def save_profile(*, name: str, phone: str, language: str, actor: Actor) -> None:
    """Keep the actor's name, phone and language ("" is the instance's). Raises Forbidden for guests."""
    _change(actor, name=name.strip(), phone=phone.strip(), language=_spoken(language))


@transaction.atomic
def choose_language(*, language: str, actor: Actor) -> None:
    """Keep the language that the actor reads and is written to in. Raises Forbidden for guests."""
    _change(actor, language=_spoken(language))


def _change(actor: Actor, **values: str) -> None:
    if actor.person_id is None:
        raise Forbidden()
    Person.objects.filter(id=actor.person_id).update(**values)


def _spoken(language: str) -> str:
    return language if language in dict(settings.LANGUAGES) else ""
