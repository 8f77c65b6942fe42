"""Tables whose rows are written once: the database itself refuses to change or delete them.

An app names its frozen models in `apps.py`, and `migrate` sets the guards each time it is run, so that a table that was
made anew has them again:

    def ready(self):
        frozen.keep(self, "Document", "Paper")
"""

from __future__ import annotations

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate

_tables: set[str] = set()

FUNCTION = """
CREATE OR REPLACE FUNCTION bocage_is_frozen() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME; END $$
"""


def keep(app: AppConfig, *models: str) -> None:
    """Freeze the rows of an app's models: from the next `migrate` on, UPDATE and DELETE fail in the database."""
    tables = [app.get_model(model)._meta.db_table for model in models]
    _tables.update(tables)

    def guard(*, using: str, **_: object) -> None:
        connection = connections[using]
        existing = connection.introspection.table_names()
        with connection.cursor() as cursor:
            for table in tables:
                if table in existing:
                    for sql in guards(table, connection.vendor):
                        cursor.execute(sql)

    post_migrate.connect(guard, sender=app, weak=False, dispatch_uid=f"frozen:{app.name}")


def guards(table: str, vendor: str) -> list[str]:
    """Return the statements that freeze a table, safe to repeat. vendor: sqlite or postgresql."""
    if vendor == "sqlite":
        return [
            f'CREATE TRIGGER IF NOT EXISTS "{table}_no_{act}" BEFORE {act} ON "{table}" '
            f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed or deleted'); END"
            for act in ("update", "delete")
        ]
    return [
        FUNCTION,
        f'CREATE OR REPLACE TRIGGER "{table}_is_frozen" BEFORE UPDATE OR DELETE ON "{table}" '
        "FOR EACH ROW EXECUTE FUNCTION bocage_is_frozen()",
    ]


def thaws(vendor: str) -> list[str]:
    """Return the statements that take all guards away. For tests that empty the tables; nothing else calls it."""
    if vendor == "sqlite":
        return [
            f'DROP TRIGGER IF EXISTS "{table}_no_{act}"' for table in sorted(_tables) for act in ("update", "delete")
        ]
    return [f'DROP TRIGGER IF EXISTS "{table}_is_frozen" ON "{table}"' for table in sorted(_tables)]
