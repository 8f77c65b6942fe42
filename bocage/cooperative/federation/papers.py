"""Tables of the federation as files: rows in, bytes out."""

from __future__ import annotations

import csv
import io

from bocage.commons.cells import guarded
from bocage.cooperative.federation.queries.simulation import Simulation

COLUMNS = ("code", "instance", "country", "turnover_eur", "contributions_eur", "share_eur", "percent_of_turnover",
           "percent_of_contributions", "capped")  # fmt: skip


def as_csv(found: Simulation) -> bytes:
    """Return who would pay what: UTF-8 with its mark, semicolons, decimal points, no formulas."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in found.rows:
        ratios = ("" if one is None else f"{one / 10_000:.2f}" for one in (row.of_turnover, row.of_income))
        amounts = (f"{one.minor // 100}.{one.minor % 100:02}" for one in (row.turnover, row.income, row.amount))
        writer.writerow([row.code, guarded(row.name), row.country, *amounts, *ratios, "yes" if row.is_capped else ""])
    if found.uncovered:
        writer.writerow(
            ["", "uncovered", "", "", "", f"{found.uncovered.minor // 100}.{found.uncovered.minor % 100:02}"]
        )
    return written.getvalue().encode("utf-8-sig")
