"""Reads of statements: what orders come to for farms, what was stated, the papers as hub and farm see them."""

from bocage.settlements.queries.positions import present_sums, stated_sums
from bocage.settlements.queries.statements import (
    ContestRow,
    LineRow,
    Sheet,
    StatementRow,
    owed,
    received,
    sales_to_state,
    statement,
)

__all__ = [
    "ContestRow", "LineRow", "Sheet", "StatementRow", "owed", "present_sums", "received", "sales_to_state",
    "stated_sums", "statement",
]  # fmt: skip
