from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from bocage.infra import work
from bocage.payments.providers.demobank.server import Bank, serve


class Command(BaseCommand):
    """A bank that moves no money, so that paying by card can be tried."""

    help = "Run the demo bank at BOCAGE_DEMO_BANK_URL; its signed events go to --notify."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--notify", default=settings.SITE_URL, help="where Bocage answers, without a path")

    def handle(self, *args: Any, notify: str, **options: Any) -> None:
        port = urlsplit(settings.DEMO_BANK_URL).port
        if port is None:
            raise CommandError("BOCAGE_DEMO_BANK_URL names the address and port to listen at")
        bank = Bank(
            secret=settings.DEMO_BANK_SECRET,
            url=settings.DEMO_BANK_URL,
            notify_url=f"{notify}/payments/events/demobank/",
            kept=settings.VAR / "demo-bank.json",
        )
        desk, stop = serve(bank, "127.0.0.1", port), work.stop_on_signals()
        desk.timeout = 0.3
        while not stop.is_set():
            desk.handle_request()
        desk.server_close()
