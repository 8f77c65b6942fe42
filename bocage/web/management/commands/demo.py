"""`bocage demo`: the market town one can walk through."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from bocage.infra import frozen
from bocage.infra.clock import now
from bocage.network.models import Instance
from bocage.web.scale import grow, parse
from bocage.web.town.build import build, is_built
from bocage.web.town.load import town
from bocage.web.town.who import who_is_who


class Command(BaseCommand):
    help = "Build the demo town if it is missing, and say who to log in as."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reset", action="store_true", help="empty the database and build the town anew")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same town (default 1)")
        parser.add_argument(
            "--scale",
            nargs="+",
            metavar="name=number",
            default=[],
            help="then grow it for measurements, the servers stopped: hubs=1 offers=1000 orders=1000 cycles=4",
        )

    def handle(self, *args: Any, reset: bool, seed: int, scale: list[str], **options: Any) -> None:
        self._migrate()
        if reset:
            self._clear()
        if not is_built():
            self._build(seed)
        if scale:
            self._grow(scale, seed)
        self.stdout.write(who_is_who())

    def _grow(self, words: list[str], seed: int) -> None:
        try:
            wanted = parse(words)
        except ValueError as error:
            raise CommandError(str(error)) from error
        instance_id = Instance.objects.values_list("id", flat=True).get(slug=town().platform.slug)
        grow(wanted, instance_id=instance_id, now=now(), seed=seed, say=self.stdout.write)

    def _migrate(self) -> None:
        """Bring the tables up to date; at once when they are."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0, interactive=False)

    def _clear(self) -> None:
        """Empty the database, unless something other than the demo town lives in it."""
        others = Instance.objects.exclude(slug=town().platform.slug).order_by("id").values_list("name", flat=True)
        if others:
            raise CommandError(f"this database also holds {', '.join(others)}: it is not a demo, so it is left alone")
        with frozen.thawed():
            call_command("flush", verbosity=0, interactive=False)

    def _build(self, seed: int) -> None:
        if Instance.objects.exists():
            raise CommandError("this database already holds another instance: the demo town is not built into it")
        began = time.monotonic()
        build(now=now(), seed=seed)
        self.stdout.write(f"The demo town is built ({time.monotonic() - began:.1f} s).")
