"""Lists of the barn as PDF and CSV: rows in, bytes out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bocage.fulfilment.rules import plain_cell
from bocage.ui.paper import printed

TEMPLATES = Path(__file__).resolve().parent / "pdf"


def as_pdf(template: str, data: dict[str, Any]) -> bytes:
    """Return the list `template` (baskets, products, suppliers) filled with `data`, as a tagged PDF."""
    return printed(TEMPLATES / f"{template}.typ", data)


def as_csv(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a table that spreadsheets open as it is: UTF-8 with its mark, semicolons, no formulas."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    for row in (head, *rows):
        writer.writerow([plain_cell(cell) for cell in row])
    return written.getvalue().encode("utf-8-sig")
