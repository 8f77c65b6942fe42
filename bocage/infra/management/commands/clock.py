from datetime import UTC, datetime
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler
from django.core.management.base import BaseCommand
from django.db import close_old_connections

from bocage.infra import clock, work
from bocage.infra.schedule import Every, schedule


class Command(BaseCommand):
    """Start the clock: it strikes what the apps list in `SCHEDULE` (see `bocage.infra.schedule`), each at once and
    then at its interval. Everything it strikes is safe to repeat, so two clocks do no harm, and one stopped
    for hours catches up with its first stroke.
    """

    help = "Strike what recurs (cycles opening and closing …), until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        scheduler = BackgroundScheduler(timezone=UTC, job_defaults={"coalesce": True, "misfire_grace_time": None})
        for entry in schedule():
            scheduler.add_job(
                _strike, "interval", [entry], seconds=entry.seconds, name=entry.name, next_run_time=datetime.now(UTC)
            )
        stop = work.stop_on_signals()
        scheduler.start()
        stop.wait()
        scheduler.shutdown(wait=True)


def _strike(entry: Every) -> None:
    close_old_connections()
    work.strike(entry, now=clock.now())
    close_old_connections()
