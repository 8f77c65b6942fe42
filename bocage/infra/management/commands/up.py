import os
import signal
import socket
import subprocess
import sys
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from bocage.infra import statics, translations, work
from bocage.infra.serving import web_server
from bocage.settings import number


class Command(BaseCommand):
    """The one command of a small server and of the demo: prepare what is missing, then run all three processes."""

    help = "Prepare translations, styles and database, then run web server, worker and clock together."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--port", type=int, default=0)

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        if settings.DEMO and _is_taken(port):
            raise CommandError(
                f"Something already listens on port {port}. Stop it, or choose another: make demo PORT={port + 1}"
            )
        port = port or number("PORT", 8000)
        bank = [_demo_bank(port)] if settings.DEMO and "demobank" in get_commands() else []
        prepare()
        stop = work.stop_on_signals()
        manage = [sys.executable, str(settings.ROOT / "manage.py")]
        commands = [
            web_server(port=port),
            [*manage, "work"],
            [*manage, "clock"],
            *([*manage, *words] for words in bank),
        ]
        processes = [_start(command) for command in commands]
        if settings.DEMO:
            self.stdout.write(f"\nBocage is on {settings.SITE_URL} — Ctrl-C stops it.")
            self.stdout.flush()
        while not stop.wait(0.3) and all(process.poll() is None for process in processes):
            pass
        failed = [process for process in processes if process.poll() not in (None, 0)] if not stop.is_set() else []
        _stop(processes)
        sys.exit(1 if failed else 0)


def prepare() -> None:
    """Bring translations, static files, database and, in the demo, the town up to date; quick when they are.

    Outside the demo an empty platform is to be founded: say where and by which code.
    """
    translations.compile_stale()
    statics.collect_if_changed()
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
    if settings.DEMO and "demo" in get_commands():
        call_command("demo")
    elif "begin" in get_commands():
        call_command("begin")
    connection.close()


def _demo_bank(port: int) -> list[str]:
    """Find a door for the demo's bank, beside the pages' own if it is free, and let every process know it."""
    door = port + 400
    if _is_taken(door):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            door = free.getsockname()[1]
    os.environ["BOCAGE_DEMO_BANK_URL"] = settings.DEMO_BANK_URL = f"http://localhost:{door}"
    return ["demobank", "--notify", f"http://127.0.0.1:{port}"]


def _is_taken(port: int) -> bool:
    """Say whether somebody answers there: web servers may share a port, and two demos would answer in turn."""
    with socket.socket() as caller:
        caller.settimeout(0.5)
        return caller.connect_ex(("127.0.0.1", port)) == 0


def _start(command: list[str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(command, start_new_session=True)


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
