"""The load generator: so many clients at once, for so long, only towards this machine. Job and result are JSON.

echo '{"kind": "get", "port": 8123, "paths": ["/"], "clients": 8, "seconds": 5}' | python -m tests.bench.load
"""

from __future__ import annotations

import json
import random
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

from tests.bench.walk import Ready, WalkFailed, confirm, offers_on, order, prepare
from tests.bench.wire import Wire

MOST_REQUESTS = 25_000  # of each client
MOST_SECONDS = 60
CONFIRMED = 25  # orders of each client, when only the last step is measured


@dataclass(frozen=True, slots=True)
class Result:
    """Requests (or orders) per second, times in milliseconds, bytes of one answer as sent, failures."""

    count: int
    per_second: float
    p50: float
    p95: float
    size: int
    failed: int
    first_failure: str = ""
    order_p50: float = 0
    order_p95: float = 0


def main() -> None:
    job = json.load(sys.stdin)
    run = {"get": _get, "checkout": _checkout, "confirm": _confirm}[job.pop("kind")]
    json.dump(asdict(run(**job)), sys.stdout)


def _get(port: int, paths: list[str], clients: int, seconds: float) -> Result:
    def once(wire: Wire, number: int) -> tuple[float, float, int, str]:
        began = time.perf_counter()
        answer = wire.get(paths[number % len(paths)])
        took = time.perf_counter() - began
        return took, 0.0, len(answer.body), "" if answer.status == 200 else f"{answer.status}"

    return _run(once, port, clients, seconds, keeps_cookies=True)


def _checkout(port: int, slug: str, clients: int, seconds: float, is_short: bool) -> Result:
    wire = Wire(port, compressed=False)
    offered = offers_on(wire.get(f"/shop/{slug}/").body.decode())
    wire.close()
    start = time.time_ns() % 10**9

    def once(wire: Wire, number: int) -> tuple[float, float, int, str]:
        try:
            took = order(wire, slug, random.sample(offered, 5), number=start + number, is_short=is_short)
        except WalkFailed as failure:
            return 0.0, 0.0, 0, str(failure)
        return took.walk, took.order, 0, ""

    return _run(once, port, clients, seconds, keeps_cookies=False)


def _confirm(port: int, slug: str, clients: int, seconds: float) -> Result:
    """Send only last forms, each of an order that was prepared before the clock started."""
    wire = Wire(port, compressed=False)
    offered = offers_on(wire.get(f"/shop/{slug}/").body.decode())
    start, ready = time.time_ns() % 10**9, []
    for number in range(clients * CONFIRMED):
        wire.cookies.clear()
        ready.append(prepare(wire, slug, random.sample(offered, 5), number=start + number))
    wire.close()

    def once(wire: Wire, number: int) -> tuple[float, float, int, str]:
        mine: Ready = ready[number]
        wire.cookies = dict(mine.cookies)
        began = time.perf_counter()
        try:
            confirm(wire, mine)
        except WalkFailed as failure:
            return 0.0, 0.0, 0, str(failure)
        return time.perf_counter() - began, 0.0, 0, ""

    return _run(once, port, clients, seconds, keeps_cookies=False, most=CONFIRMED)


def _run(
    once: Callable, port: int, clients: int, seconds: float, *, keeps_cookies: bool, most: int = MOST_REQUESTS
) -> Result:
    """Let each client go on as soon as it is answered, until the time is over."""
    end = time.perf_counter() + min(seconds, MOST_SECONDS)
    done: list[list[tuple[float, float, int, str]]] = [[] for _ in range(clients)]

    def client(number: int) -> None:
        wire, count = Wire(port, compressed=keeps_cookies), 0
        while time.perf_counter() < end and count < most:
            done[number].append(once(wire, number + clients * count))
            count += 1
            if not keeps_cookies:
                wire.cookies.clear()
        wire.close()

    began = time.perf_counter()
    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    return _result([one for some in done for one in some], took)


def _result(found: list[tuple[float, float, int, str]], took: float) -> Result:
    good = [one for one in found if not one[3]]
    bad = [one[3] for one in found if one[3]]
    walks, orders = sorted(one[0] for one in good), sorted(one[1] for one in good)
    return Result(
        count=len(good),
        per_second=len(good) / took,
        p50=_at(walks, 0.5),
        p95=_at(walks, 0.95),
        size=max((one[2] for one in good), default=0),
        failed=len(bad),
        first_failure=bad[0] if bad else "",
        order_p50=_at(orders, 0.5),
        order_p95=_at(orders, 0.95),
    )


def _at(times: list[float], share: float) -> float:
    return times[min(len(times) - 1, int(len(times) * share))] * 1000 if times else 0.0


if __name__ == "__main__":
    main()
