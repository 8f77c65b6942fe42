"""The demo bank itself: a small HTTP server that keeps payments, shows a page to pay on, and sends signed events.

It moves no money and says so on every page. It is a program of its own, as a bank is: it knows Bocage by what it was
asked over HTTP and by the address its events go to. `bocage demobank` runs it; `bocage up` does so in the demo.
"""

from __future__ import annotations

import hmac
import json
import logging
import secrets
import threading
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bocage.payments.providers import signatures
from bocage.payments.providers.demobank import pages

log = logging.getLogger(__name__)
CODE_ABOVE = 3000
"""From this amount on (minor units) the page asks for a code, as banks do for large payments."""
CODE = "1234"
GIVEN_UP_AFTER = 6


@dataclass
class Bank:
    """What the bank knows. `send` takes each event (body, signature) to whom it is for; by default over HTTP."""

    secret: str
    url: str
    notify_url: str = ""
    kept: Path | None = None
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    send: Callable[[bytes, str], None] | None = None
    payments: dict[str, dict[str, Any]] = field(default_factory=dict)
    refunds: dict[str, dict[str, Any]] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        if self.kept and self.kept.exists():
            said = json.loads(self.kept.read_text())
            self.payments, self.refunds = said["payments"], said["refunds"]

    def open_payment(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Open a payment; the same key twice is one."""
        with self.lock:
            row = self.payments.get(asked["key"])
            if row is None:
                row = self._new("pay", asked) | {"back_url": asked.get("back_url", ""), "state": "open"}
                row |= {"page": f"{self.url}/pay/{row['id']}", "label": asked.get("label", "")}
                row |= {"language": asked.get("language", "fr"), "closes_at": asked.get("closes_at", "")}
                row |= {"keep_card": bool(asked.get("keep_card"))}
                self._keep(self.payments, row)
            return row

    def charge_card(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Charge a saved card; above the limit the bank wants its holder, and refuses."""
        with self.lock:
            row = self.payments.get(asked["key"])
            if row is None:
                row = self._new("pay", asked) | {"state": "paid"}
                if not str(asked.get("card", "")).startswith("card_"):
                    row |= {"state": "closed", "reason": "no such card"}
                elif int(asked["amount"]) > CODE_ABOVE:
                    row |= {"state": "closed", "reason": "authentication_required"}
                self._keep(self.payments, row)
                self._tell(f"payment.{row['state']}", row)
            return row

    def pay(self, payment_id: str, *, choice: str, code: str = "") -> tuple[dict[str, Any] | None, str]:
        """Do what a person chose on the page; return the payment and what to tell them: code, wrong, declined, done."""
        with self.lock:
            row = next((one for one in self.payments.values() if one["id"] == payment_id), None)
            if row is None or row["state"] != "open" or self._is_over(row):
                return row, "done"
            if choice == "give_up":
                self._settle(self.payments, row, "closed", "given up")
                return row, "done"
            if choice == "decline":
                self._tell("payment.declined", row | {"reason": "card declined"})
                return row, "declined"
            if row["amount"] >= CODE_ABOVE and code != CODE:
                return row, "wrong" if code else "code"
            if row.get("keep_card"):
                row["card"] = {"id": "card_" + secrets.token_hex(6), "holder": "holder_" + secrets.token_hex(4),
                               "brand": "demo", "last4": "4242", "expires": "2031-12"}  # fmt: skip
            self._settle(self.payments, row, "paid")
            return row, "done"

    def close(self, key: str) -> dict[str, Any] | None:
        """Let nobody pay any more."""
        with self.lock:
            row = self.payments.get(key)
            if row is not None and row["state"] == "open":
                self._settle(self.payments, row, "closed", "closed by the shop")
            return row

    def refund(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Give back part or all of a payment; the same key twice is one; more than is left is refused."""
        with self.lock:
            row = self.refunds.get(asked["key"])
            if row is None:
                paid = next((one for one in self.payments.values() if one["id"] == asked["payment"]), None)
                row = self._new("ret", asked) | {"of": asked["payment"], "state": "returned"}
                left = (paid["amount"] if paid and paid["state"] == "paid" else 0) - sum(
                    one["amount"]
                    for one in self.refunds.values()
                    if one["of"] == asked["payment"] and one["state"] == "returned"
                )
                if paid is None or row["amount"] > left or row["currency"] != paid["currency"]:
                    row |= {"state": "refused", "reason": "more than is left of this payment"}
                self._keep(self.refunds, row)
                self._tell(f"refund.{row['state']}", row)
            return row

    def _new(self, kind: str, asked: dict[str, Any]) -> dict[str, Any]:
        amount = int(asked["amount"])
        if amount <= 0:
            raise ValueError("an amount is more than nothing")
        return {"id": f"{kind}_{secrets.token_hex(8)}", "key": str(asked["key"]), "amount": amount,
                "currency": str(asked["currency"]), "reason": ""}  # fmt: skip

    def _is_over(self, row: dict[str, Any]) -> bool:
        if row["closes_at"] and self.clock() >= datetime.fromisoformat(row["closes_at"]):
            self._settle(self.payments, row, "closed", "too late")
            return True
        return False

    def _settle(self, place: dict[str, dict[str, Any]], row: dict[str, Any], state: str, reason: str = "") -> None:
        row |= {"state": state, "reason": reason}
        self._keep(place, row)
        self._tell(f"payment.{state}", row)

    def _keep(self, place: dict[str, dict[str, Any]], row: dict[str, Any]) -> None:
        place[row["key"]] = row
        if self.kept:
            self.kept.write_text(json.dumps({"payments": self.payments, "refunds": self.refunds}))

    def _tell(self, what: str, row: dict[str, Any]) -> None:
        body = json.dumps({"id": "evt_" + secrets.token_hex(8), "what": what, "about": row}).encode()
        if self.send:
            self.send(body, signatures.sign(body, self.secret, self.clock()))
        elif self.notify_url:
            threading.Thread(target=self._deliver, args=(body,), daemon=True).start()

    def _deliver(self, body: bytes) -> None:
        """Send an event, again and again for a minute, each time signed anew."""
        for attempt in range(GIVEN_UP_AFTER):
            headers = {"Content-Type": "application/json"}
            headers["Bank-Signature"] = signatures.sign(body, self.secret, datetime.now(UTC))
            try:
                with urllib.request.urlopen(
                    urllib.request.Request(self.notify_url, data=body, headers=headers), timeout=10
                ):
                    return
            except OSError as error:
                log.info("event not delivered", extra={"error": str(error)})
                time.sleep(2**attempt)


def serve(bank: Bank, host: str, port: int) -> ThreadingHTTPServer:
    """Return the server, not yet running; port 0 takes a free one. The bank learns its own address if it has none."""
    server = ThreadingHTTPServer((host, port), type("Desk", (_Desk,), {"bank": bank}))
    server.daemon_threads = True
    bank.url = bank.url or f"http://{host}:{server.server_address[1]}"
    return server


class _Desk(BaseHTTPRequestHandler):
    """Translates HTTP to the bank and back: /api/ for shops that know the secret, /pay/ for people."""

    bank: Bank

    def do_GET(self) -> None:
        path, asked = self._asked()
        if path in ("/api/payments", "/api/refunds") and self._knows_secret():
            place = self.bank.payments if path == "/api/payments" else self.bank.refunds
            row = place.get(asked.get("key", ""))
            return self._json(row) if row else self._json({"error": "unknown"}, 404)
        if path.startswith("/pay/"):
            row = next((one for one in self.bank.payments.values() if one["id"] == path[5:]), None)
            return self._page(row, "" if row and row["state"] == "open" else "done")
        return self._json({"error": "unknown"}, 404)

    def do_POST(self) -> None:
        path, asked = self._asked()
        if path.startswith("/pay/"):
            return self._page(*self.bank.pay(path[5:], choice=asked.get("choice", ""), code=asked.get("code", "")))
        act: dict[str, Callable[[dict[str, Any]], dict[str, Any] | None]] = {
            "/api/payments": self.bank.open_payment,
            "/api/charges": self.bank.charge_card,
            "/api/closings": lambda said: self.bank.close(said["key"]),
            "/api/refunds": self.bank.refund,
        }
        if path not in act or not self._knows_secret():
            return self._json({"error": "unknown"}, 404)
        row = act[path](asked)
        return self._json(row) if row else self._json({"error": "unknown"}, 404)

    def _asked(self) -> tuple[str, dict[str, Any]]:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if self.headers.get("Content-Type", "").startswith("application/json") and body:
            return parts.path, json.loads(body)
        return parts.path, {name: values[0] for name, values in parse_qs(body or parts.query).items()}

    def _knows_secret(self) -> bool:
        given = self.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), self.bank.secret.encode())

    def _page(self, row: dict[str, Any] | None, said: str) -> None:
        if row is None:
            return self._answer(404, "text/plain; charset=utf-8", b"?")
        if said == "done" and self.command == "POST" and row["back_url"]:
            self.send_response(303)
            self.send_header("Location", row["back_url"])
            self.send_header("Content-Length", "0")
            return self.end_headers()
        return self._answer(200, "text/html; charset=utf-8", pages.page(row, said, code=CODE).encode())

    def _json(self, said: dict[str, Any], status: int = 200) -> None:
        self._answer(status, "application/json", json.dumps(said).encode())

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        log.debug(format, *args)
