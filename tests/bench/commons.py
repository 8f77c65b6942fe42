"""How long the federation's pure rules take: sharing a pot among 200 instances, verifying a signed feed; no database.

    python -m tests.bench.commons [entries]

Prints, as JSON: ms of one sharing under K6 (`share_ms`), seconds for 100,000 entries (`feed_s`, measured on 5,000
unless more are asked for), how many were measured (`entries`).
"""

from __future__ import annotations

import json
import statistics
import sys
import time

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bocage.cooperative.federation.rules.feed import GENESIS, Entry, Point, follow, sealed
from bocage.cooperative.federation.rules.keys import USUAL, Figures, Group, Key, allocate
from bocage.cooperative.federation.signing import is_signed

INSTANCES, ENTRIES, WHOLE, TIMES = 200, 5_000, 100_000, 21
SHARE_MS, FEED_S = 20, 10


def measured(entries: int = ENTRIES) -> dict[str, float]:
    """Return `share_ms`, `feed_s` (for 100,000 entries) and `entries` (that were measured)."""
    return {
        "share_ms": statistics.median(_sharing() for _ in range(TIMES)),
        "feed_s": _feed(entries),
        "entries": entries,
    }


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


def _feed(entries: int) -> float:
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    rows, last = [], GENESIS
    for seq in range(1, entries + 1):
        payload = {"year": 2025, "turnover_minor": str(seq), "currency": "EUR", "shops": seq}
        one = sealed(Entry(1, "i.example", seq, last, "turnover_declared", "2026-01-01T00:00:00Z", payload), key.sign)
        rows.append(one.written())
        last = one.hash

    point = Point.start(key.public_key().public_bytes_raw().hex())
    started = time.perf_counter()
    found = follow(rows, issuer="i.example", point=point, known={}, is_signed=is_signed)
    took = time.perf_counter() - started
    if found.point.hash != last:
        raise AssertionError("not all were taken")
    return took * WHOLE / entries


if __name__ == "__main__":
    json.dump(measured(*map(int, sys.argv[1:])), sys.stdout)
