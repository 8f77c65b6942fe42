"""Whether closed statements are still what was closed."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from bocage.cooperative.contributions.models import Cooperative, Seal, Statement, StatementLine
from bocage.cooperative.contributions.rules.digests import digest_of_lines
from bocage.ledger.rules import chain


def broken_seals(*, instance_id: int) -> list[int]:
    """Return the numbers of seals that do not hold: a changed byte, a line more or less, a figure moved, a gap."""
    lines: dict[int, list[tuple[str, date, str, int, str]]] = defaultdict(list)
    rows = StatementLine.objects.filter(statement__shop__instance_id=instance_id)
    for pk, ref, on, kind, net, why in rows.values_list("statement_id", "ref", "on", "kind", "net_minor", "why"):
        lines[pk].append((ref, on, kind, net, why))
    figures: dict[int, Mapping[str, Any]] = {
        row["id"]: row
        for row in Statement.objects.filter(shop__instance_id=instance_id).values(
            "id", "base_minor", "net_minor", "tax_minor", "total_minor", "carry_out_minor", "sales_minor"
        )
    }
    previous, number, broken = "", 0, []
    for seal in Seal.objects.filter(instance_id=instance_id).order_by("number"):
        number += 1
        said, row = json.loads(seal.content), figures[seal.statement_id]
        holds = (
            seal.number == number
            and seal.previous == previous
            and chain.hash_of(f"{previous}\n{seal.content}".encode()) == seal.digest
            and said["lines"] == digest_of_lines(lines[seal.statement_id])
            and all(said[name] == str(row[f"{name}_minor"]) for name in
                    ("base", "net", "tax", "total", "sales", "carry_out"))
        )  # fmt: skip
        if not holds:
            broken.append(seal.number)
        previous = seal.digest
    head = Cooperative.objects.filter(pk=instance_id).values_list("number", "digest").first()
    if head is not None and head != (number, previous):
        broken.append(number + 1)
    return broken
