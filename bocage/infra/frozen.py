"""Tables whose rows are written once: the database itself refuses to change, delete or replace them.

An app names its frozen models in `apps.py`, with guards of its own where it has any. `migrate` sets all of them each
time it is run, and takes those of an app away while it changes that app's tables:

    def ready(self):
        frozen.keep(self, "Entry", "Posting", guards=guards.GUARDS)

Nothing that a connection may switch opens them. Who empties the tables (the demo, the tests) takes the guards away in so
many words, by `thawed`; whoever else may drop a trigger owns the tables, and is found out by `missing` and the verifier.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.apps import AppConfig
from django.db import connection, connections, transaction
from django.db.models.signals import post_migrate, pre_migrate

SAID = "rows of %s are written once: they are never changed or deleted"


@dataclass(frozen=True, slots=True)
class Guard:
    """A trigger: its name, its table, and for each vendor the statements that make it; none where it has none."""

    name: str
    table: str
    sql: Mapping[str, Sequence[str]]


_kept: dict[str, list[Guard]] = {}  # by app label

_FUNCTION = f"""
CREATE OR REPLACE FUNCTION bocage_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE EXCEPTION '{SAID}', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
""".replace("%s", "%")


def keep(app: AppConfig, *models: str, guards: Iterable[Guard] = ()) -> None:
    """Freeze the rows of an app's models: from the next `migrate` on, UPDATE, DELETE and TRUNCATE fail (IntegrityError)."""
    named = [app.get_model(model)._meta for model in models]
    own = [guard for model in named for guard in _frozen(model.db_table, str(model.pk.column))]
    _kept[app.label] = [*own, *guards]

    def before(*, using: str, plan: Sequence[tuple[Any, bool]], **_: object) -> None:
        if any(migration.app_label == app.label for migration, _backwards in plan):
            _run(using, _thaws(_kept[app.label], connections[using].vendor, _tables(using)))

    def after(*, using: str, **_: object) -> None:
        _freeze(using, _kept[app.label])

    pre_migrate.connect(before, sender=app, weak=False, dispatch_uid=f"thaw:{app.label}")
    post_migrate.connect(after, sender=app, weak=False, dispatch_uid=f"freeze:{app.label}")


def thaws(vendor: str) -> list[str]:
    """Return the statements that take every guard away; the `migrate` or `flush` that follows sets them again."""
    return _thaws(_all(), vendor, {guard.table for guard in _all()})


@contextmanager
def thawed(using: str = "default") -> Iterator[None]:
    """Take all guards away for as long as the block lasts. For emptying the demo and growing it; nothing else."""
    _run(using, _thaws(_all(), connections[using].vendor, _tables(using)))
    try:
        yield
    finally:
        _freeze(using, _all())


def missing() -> list[str]:
    """Return the names of guards that should be there and are not."""
    if connection.vendor == "sqlite":
        sql = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        sql = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        there = {row[0] for row in cursor.fetchall()}
    return sorted(guard.name for guard in _all() if guard.sql.get(connection.vendor) and guard.name not in there)


def _all() -> list[Guard]:
    return [guard for guards in _kept.values() for guard in guards]


def stays(table: str) -> list[Guard]:
    """Return the guards of a table whose rows may change and are never deleted."""
    return [
        Guard(
            f"{table}_no_delete", table, {"sqlite": _lite(table, "DELETE"), "postgresql": _pg(table, "DELETE", "ROW")}
        ),
        Guard(f"{table}_no_truncate", table, {"postgresql": _pg(table, "TRUNCATE", "STATEMENT")}),
    ]


def _frozen(table: str, pk: str) -> list[Guard]:
    """A guard of insertions stops SQLite's INSERT OR REPLACE, which deletes without firing a trigger of deletion."""
    is_there = f'WHEN EXISTS (SELECT 1 FROM "{table}" WHERE "{pk}" = NEW."{pk}")'
    return [
        Guard(
            f"{table}_no_update", table, {"sqlite": _lite(table, "UPDATE"), "postgresql": _pg(table, "UPDATE", "ROW")}
        ),
        Guard(f"{table}_no_replace", table, {"sqlite": _lite(table, "INSERT", "replace", is_there)}),
        *stays(table),
    ]


def _lite(table: str, act: str, name: str = "", when: str = "") -> list[str]:
    return [
        f'CREATE TRIGGER "{table}_no_{name or act.lower()}" BEFORE {act} ON "{table}" {when} '
        f"BEGIN SELECT RAISE(ABORT, '{SAID % table}'); END"
    ]


def _pg(table: str, act: str, each: str) -> list[str]:
    name = f"{table}_no_{act.lower()}"
    return [
        _FUNCTION,
        f'CREATE TRIGGER "{name}" BEFORE {act} ON "{table}" FOR EACH {each} EXECUTE FUNCTION bocage_frozen()',
    ]


def _freeze(using: str, guards: Sequence[Guard]) -> None:
    vendor, tables = connections[using].vendor, _tables(using)
    made = [sql for guard in guards if guard.table in tables for sql in guard.sql.get(vendor, ())]
    _run(using, [*_thaws(guards, vendor, tables), *made])


def _thaws(guards: Sequence[Guard], vendor: str, tables: Iterable[str]) -> list[str]:
    there = [guard for guard in guards if guard.table in set(tables) and guard.sql.get(vendor)]
    if vendor == "sqlite":
        return [f'DROP TRIGGER IF EXISTS "{guard.name}"' for guard in there]
    return [f'DROP TRIGGER IF EXISTS "{guard.name}" ON "{guard.table}"' for guard in there]


def _tables(using: str) -> set[str]:
    return set(connections[using].introspection.table_names())


def _run(using: str, statements: Iterable[str]) -> None:
    """All or none of them, so that there is no moment between an old guard and its new one."""
    with transaction.atomic(using), connections[using].cursor() as cursor:
        for sql in statements:
            cursor.execute(sql)
