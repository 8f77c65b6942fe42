"""The outbox: facts saved in the transaction that made them, delivered to subscribers at least once afterwards.

An app declares its facts as frozen dataclasses in `events.py` and emits them from its actions; a higher app
listens with `@on(Fact)` in its `subscribers.py`, which Django loads at start.
"""

from __future__ import annotations

import dataclasses
import logging
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from bocage.infra.inserts import insert
from bocage.infra.models import Delivery, Event

log = logging.getLogger(__name__)
Subscriber = Callable[[Any], None]
F = TypeVar("F", bound=Callable[[Any], None])
_subscribers: dict[str, dict[str, Subscriber]] = {}
_facts: dict[str, type] = {}
MAX_ATTEMPTS = 12


def on(fact: type) -> Callable[[F], F]:
    """Subscribe a function to a fact. It may run twice for one event, so it must be safe to repeat."""

    def register(function: F) -> F:
        _facts[_kind(fact)] = fact
        _subscribers.setdefault(_kind(fact), {})[f"{function.__module__}.{function.__qualname__}"] = function
        return function

    return register


def emit(fact: Any, *, by: Any, at: datetime) -> str:
    """Save a fact and one delivery per subscriber in the caller's transaction; return the event's key.

    `by` is an actor (its `label` is kept). Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("emit() belongs inside the transaction that makes the fact true")
    kind = _kind(type(fact))
    event = Event(key=str(uuid.uuid4()), kind=kind, payload=dataclasses.asdict(fact), by=by.label, at=at)
    insert([event])
    insert(Delivery(event=event, subscriber=name, due_at=at) for name in _subscribers.get(kind, {}))
    return event.key


def deliver_due(*, now: datetime, limit: int = 100) -> int:
    """Deliver what is due, oldest first, each in its own transaction; return how many were tried."""
    due = Delivery.objects.filter(delivered_at__isnull=True, due_at__lte=now, attempts__lt=MAX_ATTEMPTS)
    ids = list(due.order_by("id").values_list("id", flat=True)[:limit])
    for delivery_id in ids:
        _deliver(delivery_id, now)
    return len(ids)


def try_again(delivery_ids: Iterable[int], *, now: datetime) -> int:
    """Give deliveries that were given up as many attempts as at first; return how many they were."""
    lost = Delivery.objects.filter(delivered_at__isnull=True, attempts__gte=MAX_ATTEMPTS, id__in=list(delivery_ids))
    return lost.update(attempts=0, due_at=now)


def prune(*, now: datetime, keep: timedelta, batch: int = 1000) -> int:
    """Forget the events older than `keep` that every listener has heard; return how many. Given-up ones stay."""
    unheard = Delivery.objects.filter(event_id=OuterRef("id"), delivered_at__isnull=True)
    old = Event.objects.filter(~Exists(unheard), at__lt=now - keep).order_by("id").values_list("id", flat=True)
    forgotten = 0
    while ids := list(old[:batch]):
        with transaction.atomic():
            Delivery.objects.filter(event_id__in=ids).delete()
            Event.objects.filter(id__in=ids).delete()
        forgotten += len(ids)
    return forgotten


def _deliver(delivery_id: int, now: datetime) -> None:
    try:
        with transaction.atomic():
            rows = Delivery.objects.select_related("event").filter(
                id=delivery_id, delivered_at__isnull=True, due_at__lte=now
            )
            if connection.features.has_select_for_update_skip_locked:
                rows = rows.select_for_update(skip_locked=True, of=("self",))
            delivery = rows.first()
            if delivery is None:
                return
            _subscribers[delivery.event.kind][delivery.subscriber](_revive(delivery.event))
            delivery.delivered_at = now
            delivery.attempts += 1
            delivery.save(update_fields=["delivered_at", "attempts"])
    except Exception as error:
        log.exception("delivery failed", extra={"delivery": delivery_id})
        _postpone(delivery_id, now, error)


def _postpone(delivery_id: int, now: datetime, error: Exception) -> None:
    delivery = Delivery.objects.get(id=delivery_id)
    delivery.attempts += 1
    delivery.due_at = now + timedelta(seconds=2**delivery.attempts)
    delivery.last_error = f"{type(error).__name__}: {error}"[:2000]
    delivery.save(update_fields=["attempts", "due_at", "last_error"])


def _revive(event: Event) -> Any:
    """Return the fact as its dataclass, carrying `key`, `at` and `by` of its event as attributes."""
    fact = _facts[event.kind](**event.payload)
    for name, value in (("key", event.key), ("at", event.at), ("by", event.by)):
        object.__setattr__(fact, name, value)
    return fact


def _kind(fact: type) -> str:
    return f"{fact.__module__.removeprefix('bocage.').removesuffix('.events')}.{fact.__name__}"
