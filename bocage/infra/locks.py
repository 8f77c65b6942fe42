"""Locks: rows are always locked in id order, so that two writers never wait for each other in a ring."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)


def locked(rows: QuerySet[M]) -> list[M]:
    """Return `rows`, which the caller ordered by id, locked until the transaction ends.

    On SQLite every transaction takes the one write lock when it begins (settings), so rows need no lock of their own.
    """
    return list(rows.select_for_update(of=("self",)) if connection.features.has_select_for_update else rows)


def lock_rows(rows: QuerySet[M], ids: Iterable[int]) -> list[M]:
    """Return the rows of `ids`, locked until the transaction ends, in id order."""
    return locked(rows.filter(pk__in=sorted(set(ids))).order_by("pk"))


def lock_row(rows: QuerySet[M], pk: int) -> M | None:
    """Return one row, locked until the transaction ends, or None."""
    found = locked(rows.filter(pk=pk).order_by("pk"))  # `=`, not IN: a number too large for the column is nobody's
    return found[0] if found else None


def hold(rows: QuerySet[M], pk: int) -> None:
    """Lock one row, if it is there, until the transaction ends; who merely refers to it by a new row need not wait."""
    found = rows.filter(pk=pk).order_by("pk").values_list("pk", flat=True)
    if connection.features.has_select_for_update:
        found = found.select_for_update(of=("self",), no_key=True)
    list(found)
