"""What a request carries once the middlewares have seen it; for the types of views."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest

from bocage.network.rules import Actor
from bocage.network.rules.switches import Switches


class HubRequest(HttpRequest):
    """A request with its moment, its actor and its instance; `htmx` is true when htmx asked."""

    now: datetime
    actor: Actor
    instance: Any
    switches: Switches
    htmx: Any
