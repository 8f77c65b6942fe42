"""Rows into tables as fast as the database takes them, with ids known beforehand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Max, Model

from bocage.infra import frozen


class Bulk:
    """Gives out ids and writes rows; `written` counts them by model. Every column must be given."""

    def __init__(self) -> None:
        self.vendor = connection.vendor
        self.written: dict[type[Model], int] = {}
        self._next: dict[type[Model], int] = {}

    def ids(self, model: type[Model], count: int) -> range:
        """Return `count` ids that no row of the model has."""
        if model not in self._next:
            self._next[model] = (model._default_manager.aggregate(last=Max("pk"))["last"] or 0) + 1
        first = self._next[model]
        self._next[model] = first + count
        return range(first, first + count)

    def moment(self, moment: datetime) -> Any:
        """Return a moment as the database keeps it."""
        return moment if self.vendor == "postgresql" else connection.ops.adapt_datetimefield_value(moment)

    @staticmethod
    def plain(values: Any) -> str:
        """Return a JSON column's value as it is kept."""
        return json.dumps(values)

    def write(self, model: type[Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Write rows whose values stand in the order of `columns`. Raises ValueError unless these are all of the model's."""
        all_columns = {str(field.column) for field in model._meta.concrete_fields}
        if set(columns) != all_columns:
            raise ValueError(f"{model.__name__}: {sorted(all_columns ^ set(columns))} missing or unknown")
        names = ", ".join(connection.ops.quote_name(column) for column in columns)
        table = f"{connection.ops.quote_name(model._meta.db_table)} ({names})"
        if self.vendor == "postgresql":
            self._copy(table, rows)
        else:
            self._insert(table, len(columns), rows)
        self.written[model] = self.written.get(model, 0) + len(rows)

    def _copy(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def _insert(self, table: str, width: int, rows: Iterable[Sequence[Any]]) -> None:
        connection.ensure_connection()
        connection.connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * width)})", rows)

    def let_go_of_ids(self) -> None:
        """Tell the database which ids are taken, so that it gives out the next ones."""
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), list(self._next)):
                cursor.execute(statement)


@contextmanager
def bulk() -> Iterator[Bulk]:
    """Yield a writer; keys are checked by the tests of what is written rather than row by row by the database.

    The guards of frozen tables are away meanwhile: rows come table by table here, a book's head last.
    """
    connection.ensure_connection()
    writer, is_free = Bulk(), not connection.in_atomic_block
    if is_free and writer.vendor == "sqlite":
        _tell("PRAGMA foreign_keys = OFF", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -256000")
    try:
        with frozen.thawed():
            yield writer
            writer.let_go_of_ids()
    finally:
        if is_free and writer.vendor == "sqlite":
            _tell("PRAGMA foreign_keys = ON", "PRAGMA synchronous = NORMAL", "PRAGMA cache_size = -32000")


@contextmanager
def chunk() -> Iterator[None]:
    """One transaction; on PostgreSQL, where the role may, without looking up each foreign key."""
    with transaction.atomic():
        if connection.vendor == "postgresql" and _may_skip_checks():
            _tell("SET LOCAL session_replication_role = replica")
        yield


def _may_skip_checks() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])


def _tell(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
