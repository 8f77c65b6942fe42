"""What the clock does for prices."""

from datetime import datetime

from bocage.infra.schedule import Every
from bocage.pricing import actions


def turn_rates(*, now: datetime) -> None:
    """Let the rates of VAT that begin today count."""
    actions.turn_rates(now=now)


SCHEDULE = [Every(seconds=900, do=turn_rates)]
