"""The accounts as files: CSV for spreadsheets, a printable report."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from django.utils.translation import get_language, gettext

from bocage.commons.cells import guarded
from bocage.commons.money import Money, plain
from bocage.cooperative.commons_budget.queries import Accounts
from bocage.cooperative.commons_budget.words import CATEGORIES, GROWTHS, SOURCES
from bocage.ui import formats
from bocage.ui.paper import printed

REPORT = Path(__file__).resolve().parent / "pdf" / "report.typ"


def as_csv(found: Accounts) -> bytes:
    """Return costs, income and grants as one table: UTF-8 with its mark, semicolons, decimal points, no formulas."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow(("part", "what", "amount", "planned", "received", "spent", "from", "to"))
    for row in found.costs:
        writer.writerow(
            ("cost", row.category, _plain(row.spent), _plain(row.planned), "", "", found.since, found.until)
        )
    for part, rows in (("income", found.income), ("not income", found.funds)):
        for kind, amount in rows:
            writer.writerow((part, kind, _plain(amount), "", "", "", found.since, found.until))
    for one in found.grants:
        name = guarded(f"{one.giver}: {one.purpose}")
        amounts = (_plain(one.amount), "", _plain(one.received), _plain(one.spent))
        writer.writerow((one.kind, name, *amounts, one.starts_on, one.ends_on))
    return written.getvalue().encode("utf-8-sig")


def as_pdf(found: Accounts, *, instance: str, period: str) -> bytes:
    """Return the report of a period, printable, tagged, in the reader's language."""
    return printed(REPORT, _report(found, instance, period))


def _report(found: Accounts, instance: str, period: str) -> dict[str, Any]:
    even, money = found.break_even, formats.money
    facts = [
        (gettext("Paid by the contributions of shops"), _rate(found.coverage)),
        (gettext("With training and paid help"), _rate(found.enlarged)),
        (gettext("Reserve"), money(found.reserves)),
        (gettext("Shops that contribute"), str(found.paying)),
    ]
    if even and even.needed is not None:
        facts.append((gettext("Shops that would carry everything"), str(even.needed)))
    return {
        "lang": get_language() or "fr",
        "title": gettext("Who pays for what"),
        "instance": instance,
        "period": period,
        "facts": facts,
        "sources": [(str(SOURCES[one.key]), money(one.amount), one.squares, one.key) for one in found.sources],
        "of_hundred": gettext("Of a hundred euros spent"),
        "costs": {
            "title": gettext("What it is spent on"),
            "head": [gettext("What for"), gettext("Spent"), gettext("Planned for the year")],
            "rows": [
                (str(CATEGORIES[row.category]), money(row.spent), money(row.planned) if row.planned else "–")
                for row in found.costs
            ],
            "total": (gettext("Together"), money(found.total), ""),
        },
        "income": {
            "title": gettext("Where it comes from"),
            "head": [gettext("From"), gettext("Amount")],
            "rows": [(str(CATEGORIES[kind]), money(amount)) for kind, amount in found.income],
        },
        "grants": {
            "title": gettext("Grants and gifts"),
            "head": [gettext("Who and what for"), gettext("Amount"), gettext("Spent")],
            "rows": [(f"{one.giver}: {one.purpose}", money(one.amount), money(one.spent)) for one in found.grants],
        },
        "growths": [
            f"{GROWTHS[one.name]}: {formats.rate(one.millionths)}: {one.months if one.months is not None else '–'}"
            for one in (even.growths if even else ())
        ],
        "seal": f"{gettext('Seal (SHA-256)')}: {found.seal} ({found.last_entry})",
    }


def _rate(ratio: int | None) -> str:
    return "–" if ratio is None else formats.rate(ratio)


def _plain(amount: Money | None) -> str:
    return "" if amount is None else plain(amount)
