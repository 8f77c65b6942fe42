"""The clockwork of every app: what recurs, and what waits in a queue of the app's own.

An app says so in its `tasks.py`, by two lists that the worker and the clock find by themselves:

    SCHEDULE = [Every(seconds=20, do=tell_due_cycles)]  # the clock calls tell_due_cycles(now=…), first at its start
    QUEUES = [send_due_messages]  # the worker calls send_due_messages(now=…), which returns how many it did

Both kinds are thin calls to one action and safe to repeat: they ask the database what is due, so that after a
stop of any length one call catches up. `do` may also be a task of django-tasks, which the clock then enqueues.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps


@dataclass(frozen=True, slots=True)
class Every:
    """Something to do again and again, `seconds` apart, by a function of `now` or a task without arguments."""

    seconds: int
    do: Any

    @property
    def name(self) -> str:
        function = getattr(self.do, "func", self.do)
        return f"{function.__module__}.{function.__qualname__}"


def schedule() -> list[Every]:
    """Return what recurs, of all installed apps."""
    return _gathered("SCHEDULE")


def queues() -> list[Callable[..., int]]:
    """Return the functions that empty an app's own queue; each takes `now` and returns how many it handled."""
    return _gathered("QUEUES")


def _gathered(name: str) -> list[Any]:
    homes = [app.name for app in apps.get_app_configs() if app.name.startswith("bocage.")]
    found = [import_module(f"{home}.tasks") for home in homes if find_spec(f"{home}.tasks")]
    return [item for module in found for item in getattr(module, name, ())]
