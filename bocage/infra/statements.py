"""Queries that are asked on every page: written as querysets, compiled to SQL once per process, not at each call.

Django spends more time on writing the SQL of a small query than the database on answering it. A `Statement` writes it
once for each shape of its parameters, with a marker in the place of each, and afterwards only fills the places; a
`Change` does so for updates and deletes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models.sql import DeleteQuery, UpdateQuery

Build = Callable[..., Any]
_Slot = tuple[str, int] | None
_WHOLE = -1  # the place of a list as one array
_FAR = datetime(2999, 1, 1, tzinfo=UTC)


class Statement:
    """A query with named parameters: whole numbers, texts, moments, or lists of numbers or texts.

    `build` returns the queryset, a `values_list` of plain fields, and puts each parameter where a value stands in a
    filter; what else it depends on must never change. `rows()` gives the same tuples as the queryset would.
    """

    def __init__(self, build: Build) -> None:
        self.build, self.__doc__ = build, build.__doc__
        self._written: dict[Any, tuple[str, list[tuple[_Slot, Any]], list[tuple[int, Any, Any]]]] = {}

    def rows(self, **given: Any) -> list[Any]:
        """Return the rows for these parameters; an empty list among them asks nothing and finds nothing."""
        if any(value == [] for value in given.values()):
            return []
        sql, values, converters = self._filled(given)
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            found = cursor.fetchall()
        return [_converted(row, converters) for row in found] if converters else [tuple(row) for row in found]

    def _filled(self, given: dict[str, Any]) -> tuple[str, list[Any], list[tuple[int, Any, Any]]]:
        shape = (connection.vendor, *(_shape(name, value) for name, value in given.items()))
        if shape not in self._written:
            self._written[shape] = self._write(given)
        sql, places, converters = self._written[shape]
        return sql, [fixed if slot is None else _value(given, slot) for slot, fixed in places], converters

    def _compiler(self, markers: dict[str, Any]) -> Any:
        return self.build(**markers).query.get_compiler(connection=connection)

    def _write(self, given: dict[str, Any]) -> tuple[str, list[tuple[_Slot, Any]], list[tuple[int, Any, Any]]]:
        markers = {name: _marker(value, 1 + 10_000 * number) for number, (name, value) in enumerate(given.items())}
        slots: dict[Any, _Slot] = {}
        for name, marker in markers.items():
            for index, one in enumerate(marker if isinstance(marker, list) else [marker]):
                slots[_adapted(one)] = (name, index)
        compiler = self._compiler(markers)
        sql, params = compiler.as_sql()
        places = [(slots.get(param), param) for param in params]
        missing = set(markers) - {slot[0] for slot, _ in places if slot}
        if missing:
            raise ValueError(f"a parameter stands nowhere in the SQL: {', '.join(sorted(missing))}")
        if connection.vendor == "postgresql":
            sql, places = _with_arrays(sql, places, {name: len(m) for name, m in markers.items() if type(m) is list})
        found = compiler.get_converters([column[0] for column in compiler.select or []])
        return sql, places, [(at, *found[at]) for at in sorted(found)]


class Change(Statement):
    """An update or a delete with named parameters, as `Statement` reads.

    `build` returns the queryset of the rows, which joins nothing, and the new values of their fields; no values delete
    them, without signals or what hangs on them.
    """

    def run(self, **given: Any) -> int:
        """Change the rows for these parameters; return how many there were."""
        sql, values, _ = self._filled(given)
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.rowcount

    def _compiler(self, markers: dict[str, Any]) -> Any:
        rows, values = self.build(**markers)
        query = rows.query.chain(UpdateQuery if values else DeleteQuery)
        if values:
            query.add_update_values(values)
        return query.get_compiler(connection=connection)


def _shape(name: str, value: Any) -> tuple[str, Any]:
    if not isinstance(value, list):
        return name, type(value)
    return name, (type(value[0]), 0 if connection.vendor == "postgresql" else len(value))


def _with_arrays(
    sql: str, places: list[tuple[_Slot, Any]], lengths: dict[str, int]
) -> tuple[str, list[tuple[_Slot, Any]]]:
    """The same SQL with one array in the place of each list, so that one text and one plan serve any length."""
    pieces, at = sql.split("%s"), 0
    kept: list[tuple[_Slot, Any]] = []
    written = pieces[0]
    while at < len(places):
        name, index = places[at][0] or ("", None)
        length = lengths.get(name, 0)
        if (
            length
            and index == 0
            and [slot for slot, _ in places[at : at + length]] == [(name, i) for i in range(length)]
        ):
            if not written.endswith("IN (") or not pieces[at + length].startswith(")"):
                raise ValueError(f"a list stands elsewhere than after IN: {name}")
            written = written.removesuffix("IN (") + "= ANY(%s)" + pieces[at + length].removeprefix(")")
            kept.append(((name, _WHOLE), None))
            at += length
        else:
            written += "%s" + pieces[at + 1]
            kept.append(places[at])
            at += 1
    return written, kept


def _marker(value: Any, number: int) -> Any:
    """A value of the same type that no query writes by itself."""
    if isinstance(value, list):
        return [_marker(one, number + index) for index, one in enumerate(value)]
    if isinstance(value, datetime):
        return _FAR + timedelta(microseconds=number)
    if isinstance(value, str):
        return f"\ue000{number}"
    if type(value) is int:
        return 2**62 + number
    raise TypeError(f"a statement takes numbers, texts, moments and lists of them, not {type(value).__name__}")


def _value(given: dict[str, Any], slot: tuple[str, int]) -> Any:
    value = given[slot[0]]
    return _adapted(value[slot[1]] if isinstance(value, list) and slot[1] != _WHOLE else value)


def _adapted(value: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def _converted(row: Sequence[Any], converters: list[tuple[int, Any, Any]]) -> tuple[Any, ...]:
    values = list(row)
    for at, functions, expression in converters:
        for function in functions:
            values[at] = function(values[at], expression, connection)
    return tuple(values)
