import os
from typing import Any

from django.core.management.base import BaseCommand

from bocage.infra.serving import web_server


class Command(BaseCommand):
    """Become granian: this process is replaced, so nothing of Django's stays in the parent's memory."""

    help = (
        "Serve the pages. BOCAGE_HOST, BOCAGE_PORT, BOCAGE_WEB_WORKERS and BOCAGE_WEB_THREADS say where and how many."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--host", default="")
        parser.add_argument("--port", type=int, default=0)

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        command = web_server(host=host, port=port)
        os.execv(command[0], command)
