"""Grow a database for measurements: hubs, offers and orders in bulk, as the actions would have written them.

    bocage demo --scale hubs=10 offers=1000 orders=200000

Orders are priced by the same rules and posted by the same postings as `orders.actions.place_order`; only the rows are
written in bulk (COPY on PostgreSQL, large inserts on SQLite), and no event is emitted, so nobody gets a mail. It gives
rows their ids itself: stop the web servers before. Memory does not grow with the number of orders.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from random import Random

from bocage.orders.models import Order, OrderLine
from bocage.web.scale.bulk import Bulk, bulk
from bocage.web.scale.ground import Ground, survey
from bocage.web.scale.selling import sell


@dataclass(frozen=True, slots=True)
class Scale:
    """How much to add: `offers` per hub, `orders` in all, spread over the hubs and their `cycles` (the last is open)."""

    hubs: int = 1
    offers: int = 1000
    orders: int = 1000
    cycles: int = 4


def parse(words: list[str]) -> Scale:
    """Return what `hubs=2 offers=1000 orders=20000 cycles=4` asks for. Raises ValueError naming the wrong word."""
    known = {field.name for field in fields(Scale)}
    given = {}
    for word in words:
        name, _, number = word.partition("=")
        if name not in known or not number.isdecimal() or (int(number) < 1 and name != "orders"):
            raise ValueError(f"{word!r}: say {', '.join(sorted(known))} as name=number")
        given[name] = int(number)
    return Scale(**given)


def grow(
    scale: Scale, *, instance_id: int, now: datetime, seed: int = 1, say: Callable[[str], object] = lambda text: None
) -> list[int]:
    """Add what `scale` asks for to an instance that has categories and VAT rates; return the ids of the new hubs.

    `say` is told how it goes, with rates.
    """
    rng, began, hub_ids = Random(seed), time.monotonic(), []
    with bulk() as writer:
        survey_of = survey(instance_id)
        for number in range(scale.hubs):
            hub = Ground.lay(survey_of, writer, offers=scale.offers, cycles=scale.cycles, now=now, rng=rng)
            share = scale.orders // scale.hubs + (number < scale.orders % scale.hubs)
            sell(writer, hub, orders=share, now=now, rng=rng)
            hub_ids.append(hub.hub_id)
            say(_progress(number + 1, scale, writer, began))
    say(_summary(writer, began))
    return hub_ids


def _progress(done: int, scale: Scale, writer: Bulk, began: float) -> str:
    lines = writer.written.get(OrderLine, 0)
    return f"  hub {done} of {scale.hubs}: {lines:,} order lines, {lines / (time.monotonic() - began):,.0f} lines/s"


def _summary(writer: Bulk, began: float) -> str:
    seconds, rows = time.monotonic() - began, sum(writer.written.values())
    orders, lines = writer.written.get(Order, 0), writer.written.get(OrderLine, 0)
    return (
        f"{orders:,} orders with {lines:,} lines, {rows:,} rows in all, in {seconds:.1f} s on {writer.vendor}: "
        f"{lines / seconds:,.0f} lines/s, {rows / seconds:,.0f} rows/s"
    )
