"""Rows that every order writes: inserted by SQL that is written once per process, as `statements` reads.

`insert` does what `bulk_create` does, `insert_new` what a create under ON CONFLICT DO NOTHING would, `insert_or_update`
what `bulk_create(update_conflicts=True)` does; none calls signals, and defaults are those of the model, not of the
database. `add_to` counts many rows up or down at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

from django.db import connection
from django.db.models import DateTimeField, Field, JSONField, Model

from bocage.infra.exact import ExactField

M = TypeVar("M", bound=Model)
MOST_VALUES = 20_000  # in one statement; SQLite takes 32,766


def insert(rows: Iterable[M]) -> list[M]:
    """Insert unsaved rows of one model in one query (one more per 20,000 values) and give them their ids."""
    unsaved = list(rows)
    if not unsaved:
        return []
    table = _table(type(unsaved[0]), connection.vendor)
    step = MOST_VALUES // len(table.columns)
    for start in range(0, len(unsaved), step):
        part = unsaved[start : start + step]
        _number(part, _run(table, part, ""))
    return unsaved


def insert_new(row: Model) -> bool:
    """Insert an unsaved row unless a unique constraint knows one like it; return whether it is there by us, its id set.

    Another transaction that is about to insert the same is waited for. No error, so no savepoint is needed.
    """
    ids = _run(_table(type(row), connection.vendor), [row], " ON CONFLICT DO NOTHING")
    if ids:
        _number([row], ids)
    return bool(ids)


def insert_or_update(rows: Sequence[Model], *, unique: Sequence[str], update: Sequence[str]) -> None:
    """Insert rows of one model in one query; where one has the same `unique` columns, bring its `update` columns here."""
    if rows:
        quote = connection.ops.quote_name
        news = ", ".join(f"{quote(name)} = EXCLUDED.{quote(name)}" for name in update)
        known = f" ON CONFLICT ({', '.join(map(quote, unique))}) DO UPDATE SET {news}"
        _run(_table(type(rows[0]), connection.vendor), rows, known)


def add_to(model: type[Model], column: str, changes: Mapping[int, int]) -> None:
    """Add a number (negative to take away) to a whole-number column of each row, by id, in one query."""
    if not changes:
        return
    quote = connection.ops.quote_name
    table, field, pk = quote(model._meta.db_table), quote(column), quote(str(model._meta.pk.column))
    if connection.vendor == "sqlite":
        source, one, change = f"(VALUES {', '.join(['(%s, %s)'] * len(changes))}) AS given", "column1", "column2"
        params: list[Any] = [number for pair in changes.items() for number in pair]
    else:
        source, one, change = "UNNEST(%s::bigint[], %s::bigint[]) AS given (one, change)", "one", "change"
        params = [list(changes), list(changes.values())]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {field} = {table}.{field} + given.{change} FROM {source} WHERE {table}.{pk} = given.{one}",
            params,
        )


@dataclass(frozen=True, slots=True)
class _Table:
    head: str
    tail: str
    columns: tuple[Field, ...]
    types: tuple[str, ...]
    values_of: Callable[[Model], tuple[Any, ...]]
    converters: tuple[tuple[int, Callable[[Any], Any]], ...]


@cache
def _table(model: type[Model], vendor: str) -> _Table:
    name, quote = model._meta, connection.ops.quote_name
    columns = tuple(field for field in name.concrete_fields if field is not name.auto_field)
    listed = ", ".join(quote(str(field.column)) for field in columns)
    return _Table(
        head=f"INSERT INTO {quote(name.db_table)} ({listed}) ",
        tail=f" RETURNING {quote(str(name.pk.column))}",
        columns=columns,
        types=tuple(str(field.db_type(connection)).partition("(")[0] for field in columns),
        values_of=attrgetter(*(field.attname for field in columns)),
        converters=tuple((at, _converter(field)) for at, field in enumerate(columns) if _is_converted(field)),
    )


def _is_converted(field: Field) -> bool:
    return isinstance(field, (JSONField, DateTimeField, ExactField))


def _converter(field: Field) -> Callable[[Any], Any]:
    return lambda value: field.get_db_prep_save(value, connection)


def _run(table: _Table, rows: Sequence[Model], conflict: str) -> list[int]:
    values = [list(table.values_of(row)) for row in rows]
    for at, convert in table.converters:
        for one in values:
            one[at] = convert(one[at])
    one_row = f"({', '.join(['%s'] * len(table.columns))})"
    if len(rows) == 1 or connection.vendor == "sqlite":
        source, params = f"VALUES {', '.join([one_row] * len(rows))}", [value for one in values for value in one]
    else:  # the same text for any number of rows, so that its plan is kept
        columns = ", ".join(f"%s::{kind}[]" for kind in table.types)
        source, params = f"SELECT * FROM UNNEST({columns})", [list(column) for column in zip(*values, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(f"{table.head}{source}{conflict}{table.tail}", params)
        return [row[0] for row in cursor.fetchall()]


def _number(rows: Sequence[Model], ids: Sequence[int]) -> None:
    for row, pk in zip(rows, ids, strict=True):
        row.pk, row._state.adding, row._state.db = pk, False, connection.alias
