"""How long it takes to issue invoices as PDF/A-3 with their XML, each in a transaction of its own, and what memory it takes.

    python -m tests.bench.invoices [how many, 200 by default]

Makes its own database in BOCAGE_VAR (SQLite unless BOCAGE_DATABASE says otherwise). Prints, as JSON, seconds by the
clock and on a core, invoices a second of this one process, kilobytes of a PDF, and by how many MB the process grew after
the first quarter. What it issued stays: an invoice cannot be deleted.
The goal is 1,000 in 60 s on two cores, memory flat.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

GOAL_S, GOAL_NUMBER, GOAL_MB = 60, 1000, 20
LINES = 12
NOW = datetime(2026, 10, 6, 12, 0, tzinfo=UTC)


def main() -> None:
    """Measure and print."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bocage.settings")
    import django

    django.setup()
    json.dump(measured(int(sys.argv[1]) if len(sys.argv) > 1 else 200), sys.stdout)


def measured(number: int) -> dict[str, Any]:
    """Issue so many invoices of twelve lines, by a seller of their own, and return what it took."""
    from django.core.management import call_command

    from bocage.invoicing.models import Document, Paper
    from bocage.invoicing.tests import make
    from bocage.network.rules import SYSTEM
    from bocage.network.tests import make as people

    call_command("migrate", verbosity=0)
    hub = people.hub("Panier", slug=f"bench-{time.time_ns()}", **make.SELLER)
    one = _one(hub.pk, SYSTEM)
    warm = max(number // 4, 1)
    started, on_core = time.perf_counter(), time.process_time()
    for turn in range(warm):
        one(turn)
    grown_from = _resident_mb()
    for turn in range(warm, number):
        one(turn)
    seconds, on_core = time.perf_counter() - started, time.process_time() - on_core
    grown = _resident_mb() - grown_from
    assert Document.objects.filter(seller=hub).count() == number
    size = len(Paper.objects.filter(document__seller=hub).first().pdf)
    return {
        "number": number,
        "seconds": round(seconds, 2),
        "core_seconds": round(on_core, 2),
        "per_second": round(number / seconds, 1),
        "for_a_thousand_s": round(seconds / number * GOAL_NUMBER, 1),
        "pdf_kb": round(size / 1024),
        "grown_mb": round(grown, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _one(seller_id: int, actor: Any) -> Any:
    from bocage.invoicing import actions
    from bocage.invoicing.rules import Extra
    from bocage.invoicing.tests import make

    def issue(turn: int) -> None:
        about = f"order:B{turn}"
        lines = [
            make.line(about, name=f"Légume n° {line}", total_minor=300 + 7 * line + turn % 50, tax_minor=16 + line % 3)
            for line in range(LINES)
        ]
        bill = make.bill(*lines, about=about, extras=(Extra("Tournée", 450, 75, 200_000),), buyer=make.professional())
        actions.issue(seller_id=seller_id, bill=bill, actor=actor, now=NOW)

    return issue


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1024 / 1024


if __name__ == "__main__":
    main()
