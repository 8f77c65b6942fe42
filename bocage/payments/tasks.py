"""What waits for the worker: events of providers, and refunds to ask of them."""

from __future__ import annotations

from datetime import datetime

from bocage.payments import actions


def handle_events(*, now: datetime) -> int:
    """Handle what providers told; return how many events."""
    return actions.handle_events(now=now)


def send_refunds(*, now: datetime) -> int:
    """Ask providers for the refunds that were written since; return how many."""
    return actions.send_refunds(now=now)


QUEUES = [handle_events, send_refunds]
