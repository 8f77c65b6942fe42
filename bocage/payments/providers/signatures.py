"""Signed events: `t=<seconds>,v1=<HMAC-SHA256 of "t.body">`, as Stripe and the demo bank both write them."""

from __future__ import annotations

import hmac
from datetime import datetime
from hashlib import sha256

from bocage.payments.rules import REPLAY_WINDOW, Forged


def sign(body: bytes, secret: str, at: datetime) -> str:
    """Return the header that proves that `body` was sent at `at` by who knows `secret`."""
    seconds = int(at.timestamp())
    return f"t={seconds},v1={_digest(body, secret, seconds)}"


def check(body: bytes, header: str, secret: str, now: datetime) -> None:
    """Raise Forged unless `body` was signed by who knows `secret`, within the replay window around `now`."""
    parts = [part.partition("=") for part in header.split(",")]
    said = next((value for name, _, value in parts if name == "t"), "")
    if not secret or not said.isdecimal():
        raise Forged
    seconds = int(said[:12])
    good = _digest(body, secret, seconds)
    if not any(name == "v1" and hmac.compare_digest(value.encode(), good.encode()) for name, _, value in parts):
        raise Forged
    if abs(now.timestamp() - seconds) > REPLAY_WINDOW.total_seconds():
        raise Forged


def _digest(body: bytes, secret: str, seconds: int) -> str:
    return hmac.new(secret.encode(), f"{seconds}.".encode() + body, sha256).hexdigest()
