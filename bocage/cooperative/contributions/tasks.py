"""What recurs: months proposed, closed and invoiced; tariffs that come into force; kind words about what is not paid."""

from __future__ import annotations

from datetime import datetime

from bocage.cooperative.contributions.actions import billing, closing, plans
from bocage.infra.schedule import Every


def propose_months(*, now: datetime) -> None:
    """Propose the statements of the month before, from the 3rd on, each day anew."""
    closing.propose_due(now=now)


def close_months(*, now: datetime) -> None:
    """Close the months whose 10th has come."""
    closing.close_due(now=now)


def enact_tariffs(*, now: datetime) -> None:
    """Bring tariffs into force whose day has come."""
    plans.enact_due(now=now)


def remind(*, now: datetime) -> None:
    """Write kind words about invoices that are past due."""
    billing.remind_due(now=now)


def tell_shops(*, now: datetime) -> int:
    """Write to shops that their month is proposed; return how many."""
    return billing.tell_proposed(now=now)


def invoice_months(*, now: datetime) -> int:
    """Issue the invoices of closed months; return how many."""
    return billing.invoice_closed(now=now)


HOUR = 60 * 60
SCHEDULE = [
    Every(seconds=HOUR, do=enact_tariffs),
    Every(seconds=6 * HOUR, do=propose_months),
    Every(seconds=HOUR, do=close_months),
    Every(seconds=6 * HOUR, do=remind),
]
QUEUES = [tell_shops, invoice_months]
