"""How long it takes to count 100,000 ballots over 8 options, all of them different kinds of opinions; no database.

    python -m tests.bench.votes

Prints seconds, as JSON: Schulze's method (goal 5 s) and majority judgment (goal 1 s), both with five colleges.
"""

from __future__ import annotations

import json
import random
import sys
import time

from bocage.cooperative.governance.rules import judgment, schulze

BALLOTS, OPTIONS = 100_000, tuple("ABCDEFGH")
SCHULZE_S, JUDGMENT_S = 5, 1
WEIGHTS = {"shops": 40, "workers": 20, "buyers": 15, "ambassadors": 15, "partners": 10}


def main() -> None:
    """Measure and print."""
    json.dump(measured(), sys.stdout)


def measured() -> dict[str, float]:
    """Return the seconds of both counts."""
    chance = random.Random(2026)
    colleges = chance.choices(list(WEIGHTS), weights=list(WEIGHTS.values()), k=BALLOTS)
    ranked = [(college, [[one] for one in chance.sample(OPTIONS, 8)]) for college in colleges]
    judged = [(college, dict(zip(OPTIONS, chance.choices(range(6), k=8), strict=True))) for college in colleges]
    started = time.perf_counter()
    schulze.count(ranked, OPTIONS, weights=WEIGHTS)
    between = time.perf_counter()
    judgment.count(judged, OPTIONS, weights=WEIGHTS)
    return {"schulze": round(between - started, 2), "judgment": round(time.perf_counter() - between, 2)}


if __name__ == "__main__":
    main()
