"""localstripe for tests: Stripe's own API over HTTP on this machine, with its webhooks, run as a program of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import socket
from typing import Any
from urllib.parse import urlencode

GOOD, DECLINED, ASKS = "4242424242424242", "4000000000000341", "4000002760003184"
SECRET = "whsec_of_the_tests"


@dataclass
class LocalStripe:
    """What a test does in Stripe's place: hold a card against an intent, and see what Stripe tells us."""

    url: str
    told: list[tuple[bytes, str]] = field(default_factory=list)

    def pay(self, intent: str, number: str = GOOD) -> dict[str, Any]:
        """Do what Stripe's card fields do in the browser: make a card of the number, and confirm the intent with it."""
        card = {
            "type": "card",
            "card[number]": number,
            "card[exp_month]": "12",
            "card[exp_year]": "2031",
            "card[cvc]": "123",
        }
        method = self.ask("POST", "/v1/payment_methods", **card)
        self.ask("POST", f"/v1/payment_intents/{intent}", payment_method=method["id"])
        return self.ask("POST", f"/v1/payment_intents/{intent}/confirm")

    def authenticate(self, intent: str, secret: str, *, success: bool) -> dict[str, Any]:
        """Do what a person does in the window of their bank."""
        said = {"client_secret": secret, "success": str(success).lower()}
        return self.ask("POST", f"/v1/payment_intents/{intent}/_authenticate", **said)

    def ask(self, method: str, path: str, **params: str) -> dict[str, Any]:
        body = urlencode(params).encode() if method == "POST" else None
        request = urllib.request.Request(self.url + path, data=body, method=method)
        request.add_header("Authorization", "Bearer sk_test_12345")
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as error:
            with error:
                return json.loads(error.read() or b"{}")

    def taken(self) -> int:
        """Return what Stripe took and did not give back, in minor units."""
        charges = self.ask("GET", "/v1/charges?limit=100")["data"]
        refunds = self.ask("GET", "/v1/refunds?limit=100")["data"]
        paid = sum(row["amount"] for row in charges if row["status"] == "succeeded")
        return paid - sum(row["amount"] for row in refunds)

    def wait_for(self, count: int) -> None:
        """Wait until Stripe has told so many things; it takes a second over each."""
        end = time.monotonic() + 15
        while len(self.told) < count and time.monotonic() < end:
            time.sleep(0.05)
        assert len(self.told) >= count, f"only {len(self.told)} events came"


@contextmanager
def running(settings: Any, folder: Path) -> Iterator[LocalStripe]:
    """Run localstripe on a free port, its events sent to a door of this test's own, and let the platform know it."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    stripe = LocalStripe(f"http://127.0.0.1:{port}")
    command = [sys.executable, "-m", "localstripe", "--port", str(port), "--from-scratch"]
    door = _door(stripe)
    program = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(stripe, program)
        here = f"http://127.0.0.1:{door.server_address[1]}/"
        stripe.ask("POST", "/_config/webhooks/tests", url=here, secret=SECRET)
        settings.STRIPE_API, settings.STRIPE_SECRET_KEY = stripe.url, "sk_test_12345"
        settings.STRIPE_PUBLISHABLE_KEY, settings.STRIPE_WEBHOOK_SECRET = "pk_test_12345", SECRET
        yield stripe
    finally:
        program.terminate()
        program.wait(timeout=10)
        door.shutdown()
        door.server_close()


def _door(stripe: LocalStripe) -> ThreadingHTTPServer:
    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            stripe.told.append((body, self.headers["Stripe-Signature"]))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return server


def _wait(stripe: LocalStripe, program: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end and program.poll() is None:
        try:
            stripe.ask("GET", "/v1/customers")
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("localstripe does not answer")
