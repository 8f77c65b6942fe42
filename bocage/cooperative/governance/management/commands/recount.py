"""`bocage recount FILE`: count a published vote again, from its file alone; asks no database."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bocage.cooperative.governance.rules import box


class Command(BaseCommand):
    help = "Count a published vote again, from its file alone."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the JSON file of a vote, as the results page offers it")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            said = json.loads(file.read_text(encoding="utf-8"))
            found = box.recount(said)
        except (ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError) as error:
            raise CommandError(f"{file} is not the file of a vote: {error}") from error
        if found:
            self.stdout.write(f"does not agree: {', '.join(found)}")
            sys.exit(1)
        self.stdout.write(
            f"{len(said['ballots'])} ballots, board {said['head'][:12]}…: {said['result']['reason']}. Agrees."
        )
