"""What can be paid by a file of transfers, and the files that were made."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Sum

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.network.rules import Actor, Right
from bocage.settlements.models import Statement, Transfer, TransferFile
from bocage.settlements.queries.statements import StatementRow, rows_of


@dataclass(frozen=True, slots=True)
class Payable:
    """A frozen statement with something left to pay; files: the references of those that it is in already."""

    row: StatementRow
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileRow:
    id: int
    reference: str
    on: date
    at: datetime
    count: int
    total: Money


def payable(*, hub_id: int, actor: Actor) -> list[Payable]:
    """Return what a hub has to pay, the last sale first, in two queries. Raises Forbidden."""
    actor.require(Right.SEE_BOOKS, on=hub_id)
    frozen = Statement.objects.filter(hub_id=hub_id, state=Statement.State.FROZEN)
    rows = [row for row in rows_of(frozen) if row.stage == "pay"]
    files: dict[int, list[str]] = defaultdict(list)
    found = Transfer.objects.filter(statement_id__in=[row.id for row in rows]).order_by("id")
    for statement_id, reference in found.values_list("statement_id", "file__reference"):
        files[statement_id].append(reference)
    return [Payable(row, tuple(files[row.id])) for row in rows]


def transfer_files(*, hub_id: int, currency: str, actor: Actor) -> list[FileRow]:
    """Return a hub's files of transfers, the newest first, 50 at most, in one query. Raises Forbidden."""
    actor.require(Right.SEE_BOOKS, on=hub_id)
    found = Transfer.objects.filter(file__hub_id=hub_id).order_by("-file_id")
    columns = found.values_list("file_id", "file__reference", "file__on", "file__at")
    rows: Any = columns.annotate(count=Count("id"), total=Sum("amount_minor"))[:50]
    return [
        FileRow(pk, reference, on, at, count, Money(total, currency)) for pk, reference, on, at, count, total in rows
    ]


def transfer_file(*, file_id: int, hub_id: int, actor: Actor) -> tuple[str, str]:
    """Return the reference and the content of a hub's file of transfers. Raises Forbidden, NotFound."""
    actor.require(Right.ISSUE_INVOICES, on=hub_id)
    found = TransferFile.objects.filter(id=file_id, hub_id=hub_id).values_list("reference", "content").first()
    if found is None:
        raise NotFound()
    return found
