"""Hears what providers tell: an event is checked, kept as it came, and handled once; the order they come in is no matter."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from bocage.commons.money import Money
from bocage.infra.inserts import insert_new
from bocage.payments.actions.settling import settle
from bocage.payments.models import Attempt, ProviderAccount, ProviderEvent
from bocage.payments.providers import provider
from bocage.payments.rules import CardSeen, Seen

log = logging.getLogger(__name__)


def take_event(*, name: str, body: bytes, headers: Mapping[str, str], now: datetime) -> bool:
    """Keep an event of a provider for the worker; return whether it was new. Raises Forged, NotConnected."""
    told = provider(name).read_event(body, headers, now)
    return insert_new(
        ProviderEvent(
            provider=name, event_id=told.event_id, what=told.what[:60], body=body.decode(), received_at=now,
            told={"key": told.key, "handle": told.handle, "seen": asdict(told.seen) if told.seen else None,
                  "account": told.account, "can_charge": told.can_charge},
        )
    )  # fmt: skip


def handle_events(*, now: datetime, limit: int = 50) -> int:
    """Handle the events that wait, each in its own transaction; return how many."""
    waiting = ProviderEvent.objects.filter(handled_at__isnull=True).order_by("id").values_list("id", flat=True)
    ids = list(waiting[:limit])
    return sum(_handle(event_id, now) for event_id in ids)


@transaction.atomic
def _handle(event_id: int, now: datetime) -> int:
    rows = ProviderEvent.objects.filter(id=event_id, handled_at__isnull=True)
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    event = rows.first()
    if event is None:
        return 0
    event.outcome, event.handled_at = _outcome(event, now), now
    event.save(update_fields=["outcome", "handled_at"])
    return 1


def _outcome(event: ProviderEvent, now: datetime) -> str:
    told = event.told
    if told["can_charge"] is not None:
        accounts = ProviderAccount.objects.filter(
            provider=event.provider, account=told["account"], ended_at__isnull=True
        )
        return "account noted" if accounts.update(can_charge=told["can_charge"]) else "not ours"
    if told["seen"] is None:
        return "nothing moved"
    attempt_id = _attempt(event.provider, told["key"], told["handle"])
    if attempt_id is None:
        return "not ours"
    return settle(attempt_id=attempt_id, seen=_seen(told["seen"]), now=now)


def _attempt(name: str, key: str, handle: str) -> int | None:
    rows = Attempt.objects.filter(provider=name)
    found = rows.filter(key=key) if key else rows.filter(handle=handle) if handle else rows.none()
    return found.values_list("id", flat=True).first()


def _seen(kept: dict[str, Any]) -> Seen:
    amount, card = kept["amount"], kept["card"]
    return Seen(
        **kept | {"amount": Money(**amount) if amount else None, "card": CardSeen(**card) if card else None},
    )
