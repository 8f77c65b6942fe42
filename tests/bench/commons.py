"""How long the federation's pure rules take: sharing a pot among 200 instances, verifying a signed feed; no database.

    python -m tests.bench.commons [entries]

Prints, as JSON: ms of one sharing under K6 (`share_ms`), seconds for 100,000 entries (measured on 20,000 unless more are
asked for) in two processes (`feed_s`, their start and end among them) and in one (`alone_s`), how many were measured
(`entries`).
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bocage.cooperative.federation.rules.feed import GENESIS, Entry, Point, follow, sealed
from bocage.cooperative.federation.rules.keys import USUAL, Figures, Group, Key, allocate
from bocage.cooperative.federation.signing import Each, checked, two_processes

INSTANCES, ENTRIES, WHOLE, TIMES = 200, 20_000, 100_000, 21
SHARE_MS, FEED_S = 20, 10


def measured(entries: int = ENTRIES) -> dict[str, float]:
    """Return `share_ms`, `feed_s` and `alone_s` (for 100,000 entries) and `entries` (that were measured)."""
    share = statistics.median(_sharing() for _ in range(TIMES))
    key, rows = _feed(entries)
    alone = _following(key, rows, map)
    started = time.perf_counter()
    with two_processes() as in_two:
        _following(key, rows, in_two)
    two = time.perf_counter() - started
    scale = WHOLE / entries
    return {"share_ms": share, "feed_s": two * scale, "alone_s": alone * scale, "entries": entries}


def _sharing() -> float:
    groups = list(Group)
    turnovers = [number * 7_919 * 104_729 % 2_000_000_000 for number in range(INSTANCES)]
    rows = [Figures(f"I{n:03}", groups[n % 4], one, one * 35 // 1000) for n, one in enumerate(turnovers)]
    started = time.perf_counter()
    found = allocate(60_000_000, rows, USUAL[Key.ABLE])
    took = (time.perf_counter() - started) * 1000
    if sum(part.amount_minor for part in found.parts) + found.uncovered_minor != 60_000_000:
        raise AssertionError("a cent is lost")
    return took


def _feed(entries: int) -> tuple[str, list[dict[str, Any]]]:
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    rows, last = [], GENESIS
    for seq in range(1, entries + 1):
        payload = {"year": 2025, "turnover_minor": str(seq), "currency": "EUR", "shops": seq}
        one = sealed(Entry(1, "i.example", seq, last, "turnover_declared", "2026-01-01T00:00:00Z", payload), key.sign)
        rows.append(one.written())
        last = one.hash
    return key.public_key().public_bytes_raw().hex(), rows


def _following(key: str, rows: list[dict[str, Any]], each: Each) -> float:
    started = time.perf_counter()
    known = checked(rows, key=key, each=each)
    found = follow(rows, issuer="i.example", point=Point.start(key), known={}, is_signed=known)
    took = time.perf_counter() - started
    if found.point.hash != rows[-1]["hash"]:
        raise AssertionError("not all were taken")
    return took


if __name__ == "__main__":
    json.dump(measured(*map(int, sys.argv[1:])), sys.stdout)
