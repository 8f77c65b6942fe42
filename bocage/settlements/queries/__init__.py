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
from bocage.settlements.queries.transfers import FileRow, Payable, payable, transfer_file, transfer_files

__all__ = [
    "ContestRow",
    "FileRow",
    "LineRow",
    "Payable",
    "Sheet",
    "StatementRow",
    "owed",
    "payable",
    "present_sums",
    "received",
    "sales_to_state",
    "stated_sums",
    "statement",
    "transfer_file",
    "transfer_files",
]  # fmt: skip
