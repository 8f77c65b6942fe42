from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from bocage.infra import clock
from bocage.orders import actions


class Command(BaseCommand):
    """`bocage payments reconcile`: what the clock does each minute, now, and with a word about each thing."""

    help = "Ask payment services about every unsettled payment, and put orders right by what they say."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("what", choices=["reconcile"])
        parser.add_argument("--all", action="store_true", help="also those that were asked about a moment ago")

    def handle(self, *args: Any, what: str, all: bool, **options: Any) -> None:
        after = {"after": timedelta(0)} if all else {}
        done = actions.reconcile_payments(now=clock.now(), **after)
        found = done.attempts
        self.stdout.write(
            f"asked about {found.asked}: {found.completed} had come in, {found.closed} came to nothing, "
            f"{found.refunded} went back, {found.silent} gave no answer\n"
            f"orders: {done.orders} put right, {done.lapsed} let go unpaid, {done.stopped} abandoned payments stopped"
        )
