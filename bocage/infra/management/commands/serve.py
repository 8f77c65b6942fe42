import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from bocage.settings import number, text


class Command(BaseCommand):
    """Become granian: this process is replaced, so nothing of Django's stays in the parent's memory."""

    help = (
        "Serve the pages. BOCAGE_HOST, BOCAGE_PORT, BOCAGE_WEB_WORKERS and BOCAGE_WEB_THREADS say where and how many."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--host", default=text("HOST", "127.0.0.1"))
        parser.add_argument("--port", type=int, default=number("PORT", 8000))

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        granian = Path(sys.executable).parent / "granian"
        words = {
            "--interface": "wsgi",
            "--host": host,
            "--port": port,
            "--workers": number("WEB_WORKERS", 2),
            "--blocking-threads": number("WEB_THREADS", 4),
            "--backlog": 2048,
            "--log-level": "warning",
            "--workers-kill-timeout": 10,
        }
        flags = ["--no-ws", "--respawn-failed-workers", "bocage.web.wsgi:application"]
        os.execv(granian, [str(granian), *(str(word) for pair in words.items() for word in pair), *flags])
