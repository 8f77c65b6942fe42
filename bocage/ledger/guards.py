"""What the database itself holds of a book: no gap in its numbers, no posting after the fact, no entry out of balance.

The head of a book moves with each entry, by a trigger: that is one trip to the database less, and nobody else moves it.
On PostgreSQL the postings of an entry come in one statement and cancel out. SQLite has no triggers of statements: there
a posting must belong to the last entry of its book, and that entries balance is for `post` and the verifier to see.
"""

from __future__ import annotations

from bocage.infra.frozen import Guard, stays

_BROKEN = "ERRCODE = 'integrity_constraint_violation'"


def _lite(name: str, head: str, body: str) -> list[str]:
    return [f"CREATE TRIGGER {name} {head} BEGIN {body}; END"]


def _pg(name: str, head: str, each: str, body: str) -> list[str]:
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$",
        f"CREATE TRIGGER {name} {head} FOR EACH {each} EXECUTE FUNCTION {name}()",
    ]


_GAP = "an entry takes the number after the last one of its book"
_ENTRY = Guard(
    "ledger_entry_follows",
    "ledger_entry",
    {
        "sqlite": _lite(
            "ledger_entry_follows",
            """BEFORE INSERT ON ledger_entry
               WHEN NEW.number IS NOT (SELECT number + 1 FROM ledger_head WHERE book_id = NEW.book_id)
                    OR EXISTS (SELECT 1 FROM ledger_entry WHERE "key" = NEW."key")""",
            f"SELECT RAISE(ABORT, '{_GAP}')",
        ),
        "postgresql": _pg(
            "ledger_entry_follows",
            "AFTER INSERT ON ledger_entry",
            "ROW",
            f"""UPDATE ledger_head SET number = NEW.number, hash = NEW.hash
                WHERE book_id = NEW.book_id AND number = NEW.number - 1;
                IF NOT FOUND THEN RAISE EXCEPTION '{_GAP}' USING {_BROKEN}; END IF;
                RETURN NULL;""",
        ),
    },
)
_MOVE = Guard(
    "ledger_head_moves",
    "ledger_entry",
    {
        "sqlite": _lite(
            "ledger_head_moves",
            "AFTER INSERT ON ledger_entry",
            "UPDATE ledger_head SET number = NEW.number, hash = NEW.hash WHERE book_id = NEW.book_id",
        )
    },
)

_LOOSE = "the head of a book is its last entry"
_IS_ENTRY = "SELECT 1 FROM ledger_entry WHERE book_id = NEW.book_id AND number = NEW.number AND hash = NEW.hash"
_HEAD = Guard(
    "ledger_head_is_held",
    "ledger_head",
    {
        "sqlite": _lite(
            "ledger_head_is_held",
            f"BEFORE UPDATE ON ledger_head WHEN NEW.number IS NOT OLD.number + 1 OR NOT EXISTS ({_IS_ENTRY})",
            f"SELECT RAISE(ABORT, '{_LOOSE}')",
        ),
        "postgresql": _pg(
            "ledger_head_is_held",
            "BEFORE UPDATE ON ledger_head",
            "ROW",
            f"""IF NEW.book_id <> OLD.book_id OR NEW.number <> OLD.number + 1 OR NOT EXISTS ({_IS_ENTRY}) THEN
                  RAISE EXCEPTION '{_LOOSE}' USING {_BROKEN}; END IF;
                RETURN NEW;""",
        ),
    },
)
_BEGIN = Guard(
    "ledger_head_begins",
    "ledger_head",
    {
        "sqlite": _lite(
            "ledger_head_begins",
            """BEFORE INSERT ON ledger_head
               WHEN NEW.number <> 0 OR EXISTS (SELECT 1 FROM ledger_entry WHERE book_id = NEW.book_id)""",
            f"SELECT RAISE(ABORT, '{_LOOSE}')",
        ),
        "postgresql": _pg(
            "ledger_head_begins",
            "BEFORE INSERT ON ledger_head",
            "ROW",
            f"""IF NEW.number <> 0 OR EXISTS (SELECT 1 FROM ledger_entry WHERE book_id = NEW.book_id) THEN
                  RAISE EXCEPTION '{_LOOSE}' USING {_BROKEN}; END IF;
                RETURN NEW;""",
        ),
    },
)

_LATE = "the postings of an entry are written with it, in its own book, and cancel out"
_POSTING = Guard(
    "ledger_posting_belongs",
    "ledger_posting",
    {
        "sqlite": _lite(
            "ledger_posting_belongs",
            """BEFORE INSERT ON ledger_posting WHEN NOT EXISTS (
                 SELECT 1 FROM ledger_entry e
                 JOIN ledger_head h ON h.book_id = e.book_id AND h.number = e.number
                 JOIN ledger_account a ON a.id = NEW.account_id AND a.book_id = e.book_id
                 WHERE e.id = NEW.entry_id)""",
            f"SELECT RAISE(ABORT, '{_LATE}')",
        ),
        "postgresql": _pg(
            "ledger_posting_belongs",
            "AFTER INSERT ON ledger_posting REFERENCING NEW TABLE AS written",
            "STATEMENT",
            f"""IF EXISTS (
                  SELECT 1 FROM (
                    SELECT w.entry_id, sum(w.amount_minor) AS off, count(*) AS sides,
                           bool_and(a.book_id = e.book_id AND h.number = e.number) AS belongs
                    FROM written w
                    JOIN ledger_entry e ON e.id = w.entry_id
                    JOIN ledger_account a ON a.id = w.account_id
                    JOIN ledger_head h ON h.book_id = e.book_id
                    GROUP BY w.entry_id) s
                  WHERE s.off <> 0 OR NOT s.belongs
                        OR s.sides <> (SELECT count(*) FROM ledger_posting p WHERE p.entry_id = s.entry_id))
                THEN RAISE EXCEPTION '{_LATE}' USING {_BROKEN}; END IF;
                RETURN NULL;""",
        ),
    },
)

GUARDS = (_ENTRY, _MOVE, _HEAD, _BEGIN, _POSTING, *stays("ledger_head"))
