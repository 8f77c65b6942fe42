"""A demo bank over real HTTP for tests, and the hub's account with it. Its events wait in `bank.told` until delivered."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import translation

from bocage.payments.models import PaymentMethod, ProviderAccount
from bocage.payments.providers import signatures
from bocage.payments.providers.demobank import server

SECRET = "the bank's secret"


@dataclass
class TestBank:
    """The bank as a test sees it: what it holds, and what it wants to tell."""

    __test__ = False

    bank: server.Bank
    told: list[bytes] = field(default_factory=list)

    def pay(self, key: str, choice: str = "pay", code: str = server.CODE) -> None:
        """Do on the bank's page what a customer does."""
        self.bank.pay(self.bank.payments[key]["id"], choice=choice, code=code)

    def deliver(self, body: bytes, *, at: datetime, secret: str = SECRET) -> int:
        """Send an event to Bocage over its own door, signed at `at`; return the status of the answer."""
        with translation.override("fr"):  # a request leaves its language behind
            answer = Client().post(
                reverse("payments:event", args=["demobank"]),
                body,
                content_type="application/json",
                headers={"Bank-Signature": signatures.sign(body, secret, at)},
            )
        return answer.status_code

    def taken(self) -> int:
        """Return what the bank took and did not give back, in minor units."""
        paid = sum(row["amount"] for row in self.bank.payments.values() if row["state"] == "paid")
        return paid - sum(row["amount"] for row in self.bank.refunds.values() if row["state"] == "returned")


@contextmanager
def running_bank(settings: Any, *, clock: Any = None) -> Iterator[TestBank]:
    """Run the bank on a free port and let the platform know it."""
    bank = server.Bank(secret=SECRET, url="")
    seen = TestBank(bank)
    bank.send = lambda body, signature: seen.told.append(body)
    if clock:
        bank.clock = clock
    desk = server.serve(bank, "127.0.0.1", 0)
    thread = threading.Thread(target=desk.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    settings.DEMO_BANK_URL, settings.DEMO_BANK_SECRET = bank.url, SECRET
    try:
        yield seen
    finally:
        desk.shutdown()
        desk.server_close()
        thread.join()


def connected(hub_id: int, now: datetime, *, provider: str = "demobank", account: str = "the-hub") -> PaymentMethod:
    """Give a hub an account with a provider, and card as a way to pay."""
    ProviderAccount.objects.create(hub_id=hub_id, provider=provider, account=account, can_charge=True, connected_at=now)
    return PaymentMethod.objects.create(hub_id=hub_id, kind="card", name="Carte", position=5)
