"""Work behind the pages: one round of the worker, one round of the clock, and how both stop."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.db import close_old_connections
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from bocage.infra import clock, outbox, pulses
from bocage.infra.schedule import Every, queues, schedule

log = logging.getLogger(__name__)


def work_round(*, now: datetime) -> int:
    """Deliver what is due, empty the apps' queues, run one task; return how many things were done."""
    done = _guarded(partial(outbox.deliver_due, now=now), "outbox")
    for queue in queues():
        done += _guarded(partial(queue, now=now), queue.__qualname__)
    return done + _guarded(_run_one_task, "tasks")


def clock_round(*, now: datetime) -> None:
    """Do everything that recurs once, whatever its interval."""
    for entry in schedule():
        strike(entry, now=now)


def strike(entry: Every, *, now: datetime) -> None:
    """Do one recurring thing: enqueue it when it is a task, else call it with `now`; note how it ended.

    A bug is logged, not raised.
    """
    try:
        enqueue = getattr(entry.do, "enqueue", None)
        (enqueue or partial(entry.do, now=now))()
        error = ""
    except Exception as raised:
        log.exception("background work failed", extra={"work": entry.name})
        error = f"{type(raised).__name__}: {raised}"
    _guarded(partial(pulses.note, entry.name, begun_at=now, error=error), "pulse")


def work_until_stopped(*, stop: threading.Event, idle_seconds: float = 0.4) -> None:
    """Work round after round until `stop` is set; rest only when there was nothing to do."""
    seen = None
    while not stop.is_set():
        close_old_connections()
        now = clock.now()
        if seen is None or now - seen >= timedelta(seconds=pulses.WORKER_SECONDS):
            show_life(now=now)
            seen = now
        if not work_round(now=now):
            stop.wait(idle_seconds)


def show_life(*, now: datetime) -> None:
    """Note that a worker is at work."""
    _guarded(partial(pulses.note, pulses.WORKER, begun_at=now), "pulse")


def stop_on_signals() -> threading.Event:
    """Return an event that is set by Ctrl-C or a polite kill, so that what runs is finished first."""
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    return stop


def _run_one_task() -> int:
    if not DBTaskResult.objects.ready().exists():
        return 0
    Worker(
        queue_names=["*"],
        excluded_queue_names=[],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=1,
        worker_id="bocage",
    ).run()
    return 1


def _guarded(do: Callable[[], object], name: str) -> int:
    """Return what `do` counted; a bug in one queue never stops the others."""
    try:
        counted = do()
    except Exception:
        log.exception("background work failed", extra={"work": name})
        return 0
    return counted if isinstance(counted, int) else 0
