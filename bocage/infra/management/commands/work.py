from typing import Any

from django.core.management.base import BaseCommand

from bocage.infra import clock, work


class Command(BaseCommand):
    """Start one worker; several may run at once, also on several machines with PostgreSQL."""

    help = "Deliver events, send mail and run tasks, until stopped."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--once", action="store_true", help="stop as soon as nothing is due")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        if not once:
            work.work_until_stopped(stop=work.stop_on_signals())
            return
        work.show_life(now=clock.now())
        while work.work_round(now=clock.now()):
            pass
