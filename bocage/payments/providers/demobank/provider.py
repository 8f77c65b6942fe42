"""The demo bank as a provider: a charge is paid on the bank's own page."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote

from django.conf import settings

from bocage.commons.money import Money
from bocage.payments.providers import signatures
from bocage.payments.rules import (
    ENDED,
    OPEN,
    REFUND,
    SUCCEEDED,
    Ask,
    CardSeen,
    Connected,
    Connecting,
    Forged,
    ProviderDown,
    Seen,
    Told,
)

_STATES = {"open": OPEN, "paid": SUCCEEDED, "closed": ENDED, "returned": SUCCEEDED, "refused": ENDED}
TIMEOUT = 10


class DemoBank:
    """Speaks to `providers/demobank/server.py` at BOCAGE_DEMO_BANK_URL."""

    name = "demobank"
    on_own_page = True

    def is_ready(self) -> bool:
        return bool(settings.DEMO_BANK_URL)

    def connect(self, wish: Connecting) -> Connected:
        return Connected(wish.account or f"hub-{wish.hub_id}", can_charge=True)

    def can_charge(self, account: str) -> bool:
        return True

    def start(self, ask: Ask) -> Seen:
        return _seen(
            _call(
                "POST",
                "/api/payments",
                key=ask.key, account=ask.account, amount=ask.amount.minor, currency=ask.amount.currency,
                label=ask.label, back_url=ask.back_url, language=ask.language, keep_card=ask.keep_card,
                closes_at=ask.closes_at.isoformat() if ask.closes_at else "",
            )
        )  # fmt: skip

    def charge_saved(self, ask: Ask) -> Seen:
        card = ask.saved.card if ask.saved else ""
        return _seen(
            _call(
                "POST",
                "/api/charges",
                key=ask.key, account=ask.account, amount=ask.amount.minor, currency=ask.amount.currency,
                label=ask.label, card=card,
            )
        )  # fmt: skip

    def refund(self, ask: Ask) -> Seen:
        return _seen(
            _call(
                "POST",
                "/api/refunds",
                key=ask.key, payment=ask.of, amount=ask.amount.minor, currency=ask.amount.currency,
            )
        )  # fmt: skip

    def look(self, ask: Ask, kind: str) -> Seen | None:
        place = "refunds" if kind == REFUND else "payments"
        found = _call("GET", f"/api/{place}?key={quote(ask.key)}", missing=None)
        return _seen(found) if found else None

    def stop(self, ask: Ask) -> Seen:
        found = _call("POST", "/api/closings", key=ask.key, missing=None)
        return _seen(found) if found else Seen(ENDED, reason="unknown to the bank")

    def read_event(self, body: bytes, headers: Mapping[str, str], now: datetime) -> Told:
        signatures.check(body, headers.get("Bank-Signature", ""), settings.DEMO_BANK_SECRET, now)
        try:
            said = json.loads(body)
            return Told(said["id"], said["what"], said["about"]["key"], said["about"]["id"], _seen(said["about"]))
        except (ValueError, KeyError, TypeError) as error:
            raise Forged from error


def _seen(row: Mapping[str, Any]) -> Seen:
    card = row.get("card")
    return Seen(
        state=_STATES[row["state"]],
        handle=row["id"],
        amount=Money(int(row["amount"]), row["currency"]),
        page=row.get("page", "") if row["state"] == "open" else "",
        reason=row.get("reason", ""),
        card=CardSeen(holder=card["holder"], card=card["id"], brand=card["brand"], last4=card["last4"],
                      expires=card["expires"]) if card else None,
    )  # fmt: skip


def _call(method: str, path: str, *, missing: Any = ProviderDown, **body: Any) -> Any:
    request = urllib.request.Request(
        settings.DEMO_BANK_URL + path,
        method=method,
        data=json.dumps(body).encode() if method == "POST" else None,
        headers={"Authorization": f"Bearer {settings.DEMO_BANK_SECRET}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            return json.load(answer)
    except HTTPError as error:
        with error:
            if error.code == 404 and missing is None:
                return None
            raise ProviderDown(f"{error.code}: {error.read()[:200]!r}") from error
    except (URLError, OSError, ValueError) as error:
        raise ProviderDown(str(error)) from error
