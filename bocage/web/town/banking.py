"""What the town paid online: kept by the demo bank and by the hub alike, as if it had happened over HTTP."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from bocage.commons.money import Money
from bocage.network.rules import SYSTEM
from bocage.orders import actions as orders
from bocage.orders.actions import Placed
from bocage.payments.actions.attempts import Start, write_charge
from bocage.payments.actions.settling import settle
from bocage.payments.providers import ready
from bocage.payments.providers.demobank.server import CODE, Bank
from bocage.payments.rules import OPEN, PAY_WITHIN, SUCCEEDED, Seen

TAKES = timedelta(minutes=1)


def is_there() -> bool:
    """Return whether this town has a bank: in the demo only."""
    return "demobank" in ready()


def the_bank() -> Bank:
    """Return the demo bank as its server will find it; it keeps what happens and tells nobody."""
    kept = settings.VAR / "demo-bank.json"
    return Bank(secret=settings.DEMO_BANK_SECRET, url=settings.DEMO_BANK_URL, kept=kept)


def pay(bank: Bank, placed: Placed, *, hub_id: int, customer_id: int, total: Money, email: str, at: datetime) -> None:
    """Let who just ordered pay, so that the order stands a minute later."""
    start = Start(
        hub_id=hub_id, customer_id=customer_id, about=f"order:{placed.ref}", amount=total, label=placed.ref, email=email,
        language="fr", back_url=settings.SITE_URL, closes_at=at + PAY_WITHIN,
    )  # fmt: skip
    attempt = write_charge(start, actor=SYSTEM, now=at)
    asked = {"key": attempt.key, "amount": total.minor, "currency": total.currency, "label": placed.ref}
    row = bank.open_payment(asked)
    settle(attempt_id=attempt.pk, seen=Seen(OPEN, row["id"], total), now=at)
    bank.pay(row["id"], choice="pay", code=CODE)
    settle(attempt_id=attempt.pk, seen=Seen(SUCCEEDED, row["id"], total), now=at + TAKES)
    orders.take_money(
        attempt_id=attempt.pk, about=start.about, amount_minor=total.minor, key=attempt.key, now=at + TAKES
    )
