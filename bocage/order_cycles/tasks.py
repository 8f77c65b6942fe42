"""What the clock does for order cycles."""

from datetime import datetime

from bocage.infra.schedule import Every
from bocage.order_cycles import actions


def tell_due_cycles(*, now: datetime) -> None:
    """Tell of the cycles that opened or closed since the last time."""
    actions.tell_due(now=now)


def make_coming_cycles(*, now: datetime) -> None:
    """Make the sales of series that should stand ready by now."""
    actions.make_coming(now=now)


def follow_agreements(*, now: datetime) -> None:
    """Follow agreements that begin or end at a moment set beforehand."""
    actions.follow_agreements(now=now)


SCHEDULE = [
    Every(seconds=20, do=tell_due_cycles),
    Every(seconds=900, do=make_coming_cycles),
    Every(seconds=300, do=follow_agreements),
]
