import signal
import subprocess
import sys
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from bocage.infra import statics, translations, work
from bocage.settings import number


class Command(BaseCommand):
    """The one command of a small server and of the demo: prepare what is missing, then run all three processes."""

    help = "Prepare translations, styles and database, then run web server, worker and clock together."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--port", type=int, default=number("PORT", 8000))

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        prepare()
        stop = work.stop_on_signals()
        processes = [_start("serve", "--port", str(port)), _start("work"), _start("clock")]
        if settings.DEMO:
            self.stdout.write(f"\nBocage is on {settings.SITE_URL} — Ctrl-C stops it.")
            self.stdout.flush()
        while not stop.wait(0.3) and all(process.poll() is None for process in processes):
            pass
        failed = [process for process in processes if process.poll() not in (None, 0)] if not stop.is_set() else []
        _stop(processes)
        sys.exit(1 if failed else 0)


def prepare() -> None:
    """Bring translations, static files, database and, in the demo, the town up to date; quick when they are."""
    translations.compile_stale()
    statics.collect_if_changed()
    if MigrationExecutor(connection).migration_plan(MigrationExecutor(connection).loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
    if settings.DEMO and "demo" in get_commands():
        call_command("demo")
    connection.close()


def _start(*words: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, str(settings.ROOT / "manage.py"), *words], start_new_session=True)


def _stop(processes: "list[subprocess.Popen[bytes]]") -> None:
    """Ask each to finish what it does; after ten seconds, insist."""
    for process in processes:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
    end = time.monotonic() + 10
    for process in processes:
        try:
            process.wait(timeout=max(0.1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
