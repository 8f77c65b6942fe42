"""A year of a book as one file that checks itself, anywhere, without Bocage."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from bocage.ledger.models import Closing, Entry, Head
from bocage.ledger.queries.checking import closings_of, entries_of
from bocage.ledger.rules import chain
from bocage.network.rules import Actor, Right

PARTS = Path(__file__).resolve().parent.parent / "archive"
COLUMNS = ("number", "at", "key", "what", "about", "by", "kind", "subject", "currency", "debit", "credit", "hash")


def write_archive(to: IO[bytes], *, book_id: int, year: int, actor: Actor) -> dict[str, Any]:
    """Write the archive of a year as a zip into `to`; return what its `archive.json` says. Raises Forbidden.

    Entries as lines of JSON and as a table, all closings of the book with their signatures, how to check it, and the
    program that does. A year that is not over ends with its last entry, and says so. Memory stays flat.
    """
    actor.require(Right.SEE_BOOKS, on=book_id)
    first, last, is_closed = _span(book_id, year)
    files: dict[str, str] = {}
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, lines in (
            ("entries.jsonl", map(_line, entries_of(book_id, first=first, last=last))),
            ("entries.csv", _table(entries_of(book_id, first=first, last=last))),
            ("closings.jsonl", (_closing(row) for row in closings_of(book_id) if row["last"] <= last)),
            ("check.py", [Path(chain.__file__).read_text("utf-8")]),
            ("LISEZMOI.md", [(PARTS / "LISEZMOI.md").read_text("utf-8")]),
            ("README.md", [(PARTS / "README.md").read_text("utf-8")]),
        ):
            files[name] = _put(archive, name, lines)
        about = {
            "format": 1, "book": book_id, "year": year, "is_closed": is_closed, "first": first, "last": last,
            "previous": _hash(book_id, first - 1), "hash": _hash(book_id, last), "files": files,
        }  # fmt: skip
        archive.writestr("archive.json", json.dumps(about, ensure_ascii=False, indent=1) + "\n")
    return about


def _span(book_id: int, year: int) -> tuple[int, int, bool]:
    """The numbers of a year's entries: from the end of the year before to its own, or to the last entry so far."""
    ends = dict(Closing.objects.filter(book_id=book_id, kind="year").values_list("period", "last"))
    earlier = [last for period, last in ends.items() if int(period) < year]
    first = max(earlier, default=0) + 1
    if str(year) in ends:
        return first, ends[str(year)], True
    last = Head.objects.filter(book_id=book_id).values_list("number", flat=True).first() or 0
    return first, max(last, first - 1), False


def _hash(book_id: int, number: int) -> str:
    found = Entry.objects.filter(book_id=book_id, number=number).values_list("hash", flat=True).first()
    return found or chain.GENESIS


def _line(entry: dict[str, Any]) -> str:
    kept = {name: entry[name] for name in ("number", *chain.CONTENT, "hash")}
    sides = sorted((kind, subject, str(amount)) for kind, subject, amount in entry["postings"])
    return chain.canonical(kept | {"postings": sides}) + "\n"


def _table(entries: Iterable[dict[str, Any]]) -> Iterator[str]:
    yield _cells(COLUMNS)
    for entry in entries:
        for kind, subject, amount in sorted(entry["postings"]):
            debit, credit = (amount, "") if amount > 0 else ("", -amount)
            said = (entry["number"], entry["at"], entry["key"], entry["what"], entry["about"], entry["by"])
            yield _cells((*said, kind, subject, entry["currency"], debit, credit, entry["hash"]))


def _cells(cells: Iterable[Any]) -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=";", lineterminator="\r\n").writerow(cells)
    return written.getvalue()


def _closing(row: dict[str, Any]) -> str:
    return chain.canonical({name: row[name] for name in ("statement", "hash", "signature")}) + "\n"


def _put(archive: zipfile.ZipFile, name: str, lines: Iterable[str]) -> str:
    """Write a file into the archive, line by line; return its hash."""
    hashed = hashlib.sha256()
    with archive.open(name, "w") as file:
        for line in lines:
            written = line.encode()
            hashed.update(written)
            file.write(written)
    return hashed.hexdigest()
