"""`bocage shelves`: the categories an instance may begin with."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from bocage.catalogue.actions import lay_shelves
from bocage.network.rules import SYSTEM


class Command(BaseCommand):
    help = "Add the common categories of food in French and English that this instance does not have yet."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{lay_shelves(actor=SYSTEM)} categories were added.")
