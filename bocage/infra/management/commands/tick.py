from typing import Any

from django.core.management.base import BaseCommand

from bocage.infra import clock, work


class Command(BaseCommand):
    """For those who have a cron of their own instead of the clock."""

    help = "Strike everything that recurs once, then stop."

    def handle(self, *args: Any, **options: Any) -> None:
        work.clock_round(now=clock.now())
