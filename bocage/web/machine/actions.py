"""What the stewards may do for the machine, and how it calls them."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from bocage.infra import outbox
from bocage.messages import actions as messages
from bocage.network.rules import SYSTEM, Actor
from bocage.web.machine import queries


@transaction.atomic
def try_again(*, delivery_id: int | None, actor: Actor, now: datetime) -> int:
    """Try a delivery that was given up once more, or all of them; return how many. Raises NotFound."""
    queries.require_sight(actor)
    lost = queries.lost_deliveries().values_list("id", flat=True)
    return outbox.try_again(lost if delivery_id is None else [delivery_id], now=now)


def call_stewards(*, now: datetime) -> int:
    """Write to each steward that the machine needs somebody, at most once a day; return to how many.

    Nobody is written while all is well. It may run as often as one likes: a mail is one per day and steward.
    """
    machine = queries.machine(actor=SYSTEM, now=now)
    if machine.is_well:
        return 0
    called = queries.stewards()
    for steward in called:
        messages.send(
            to_email=steward.email,
            to_name=steward.name,
            language=steward.language,
            template="web/mail/machine",
            about=f"machine:{timezone.localtime(now).date().isoformat()}",
            context={"machine": machine, "url": settings.SITE_URL + reverse("web:machine")},
            now=now,
        )
    return len(called)
