"""Asks providers what became of attempts that nobody heard of, until each is settled one way or the other."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Q

from bocage.commons.refusals import Refused
from bocage.payments.actions.attempts import UNSETTLED, ask_of, claim, look_at
from bocage.payments.actions.settling import note_finding, settle
from bocage.payments.models import Attempt, Finding
from bocage.payments.providers import provider
from bocage.payments.rules import ASK_AFTER, CHARGE, ENDED, REFUND, SUCCEEDED, ProviderDown, Seen

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What was found about attempts: how many were asked about, how many settled how, how many gave no answer."""

    asked: int = 0
    completed: int = 0
    closed: int = 0
    refunded: int = 0
    silent: int = 0


def reconcile(*, now: datetime, after: timedelta = ASK_AFTER, limit: int = 200) -> Reconciled:
    """Ask about each unsettled attempt that was not asked about for `after`; settle it and note what was found.

    A charge past its time is stopped at the provider; one that the provider never heard of is closed; a refund that it
    never heard of is asked again, with the same key. Who hears nothing tries again next time: nothing is guessed.
    """
    unheard = Q(looked_at__lte=now - after) | Q(looked_at__isnull=True, made_at__lte=now - after)
    rows = Attempt.objects.filter(unheard, state__in=UNSETTLED).select_related("of", "saved_card")
    counts = {"asked": 0, "completed": 0, "closed": 0, "refunded": 0, "silent": 0}
    for attempt in rows.order_by("made_at", "id")[:limit]:
        if not claim(attempt, now):
            continue
        counts["asked"] += 1
        found = _ask(attempt, now)
        if found:
            counts[found] += 1
    return Reconciled(**counts)


def note_refunded(*, attempt_id: int, said: str, now: datetime) -> None:
    """Note that a charge without an order is given back. Raises DoesNotExist."""
    note_finding(Attempt.objects.get(id=attempt_id), Finding.What.REFUNDED, said, now)


def _ask(attempt: Attempt, now: datetime) -> str:
    """Settle one attempt by what its provider says; return what was found: '', or a field of Reconciled."""
    try:
        seen = _truth(attempt, now)
    except (ProviderDown, Refused):
        log.warning("provider did not answer", extra={"attempt": attempt.pk, "provider": attempt.provider})
        return "silent"
    state = settle(attempt_id=attempt.pk, seen=seen, now=now)
    if state not in (SUCCEEDED, ENDED):
        return ""
    if state == ENDED:
        what = Finding.What.CLOSED
    else:
        what = Finding.What.COMPLETED if attempt.kind == CHARGE else Finding.What.REFUNDED
    note_finding(attempt, what, seen.reason, now)
    return str(what)


def _truth(attempt: Attempt, now: datetime) -> Seen:
    other, ask = provider(attempt.provider), ask_of(attempt)
    if attempt.kind == REFUND:
        return look_at(attempt) or other.refund(ask)
    seen = look_at(attempt)
    if seen is None:
        return Seen(ENDED, reason="never reached the provider")
    is_over = attempt.closes_at is not None and attempt.closes_at <= now
    if seen.state not in (SUCCEEDED, ENDED) and (is_over or attempt.saved_card_id or not attempt.handle):
        return other.stop(replace(ask, handle=seen.handle))
    return seen
