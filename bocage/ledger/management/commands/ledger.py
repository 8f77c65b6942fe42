"""`bocage ledger`: check the books, close them, archive them."""

from __future__ import annotations

import hashlib
import sys
import tempfile
import time
import zipfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bocage.infra import clock
from bocage.ledger import actions
from bocage.ledger.queries.archive import write_archive
from bocage.ledger.queries.checking import check_books
from bocage.ledger.rules import chain
from bocage.network.rules import SYSTEM

SHOWN = 20


class Command(BaseCommand):
    help = "Check the books (verify), close what is over (close), take a year away (archive)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        verify = acts.add_parser("verify", help="find any changed, missing or added row")
        verify.add_argument("--book", type=int, help="only the book of this enterprise, by id")
        verify.add_argument("--file", type=Path, help="check an archive instead; asks no database")
        acts.add_parser("close", help="close the days, months and years that are over")

        archive = acts.add_parser("archive", help="write a year of a book into a zip that checks itself")
        archive.add_argument("--book", type=int, required=True, help="id of the enterprise")
        archive.add_argument("--year", type=int, required=True)
        archive.add_argument("--to", type=Path, help="where to write it (default: livre-<book>-<year>.zip here)")

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        getattr(self, f"_{act}")(**options)

    def _verify(self, *, book: int | None, file: Path | None, **_: Any) -> None:
        faults = self._verify_file(file) if file else self._verify_books(book)
        if faults:
            sys.exit(1)

    def _verify_books(self, book: int | None) -> int:
        began, faults, postings = time.monotonic(), 0, 0
        for checked in check_books(book):
            faults += len(checked.findings)
            postings += checked.postings
            self.stdout.write(
                f"{checked.name} (book {checked.book_id}): {checked.entries} entries, {checked.closings} closings, "
                f"{len(checked.findings) or 'no'} faults"
            )
            self._tell(checked.findings)
        self.stdout.write(f"{postings} postings checked in {time.monotonic() - began:.1f} s; {faults or 'no'} faults.")
        return faults

    def _verify_file(self, file: Path) -> int:
        if not zipfile.is_zipfile(file):
            raise CommandError(f"{file} is not an archive of a book")
        with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(file) as archive:
            archive.extractall(folder)
            found = tuple(chain.check_archive(Path(folder)))
        self._tell(found)
        self.stdout.write(f"{file.name}: {len(found) or 'no'} faults.")
        return len(found)

    def _tell(self, findings: tuple[chain.Finding, ...]) -> None:
        for one in findings[:SHOWN]:
            self.stdout.write(f"  {one.where}: {chain.WORDS.get(one.what, one.what)}")
        if len(findings) > SHOWN:
            self.stdout.write(f"  and {len(findings) - SHOWN} more")

    def _archive(self, *, book: int, year: int, to: Path | None, **_: Any) -> None:
        path = to or Path(f"livre-{book}-{year}.zip")
        with path.open("wb") as file:
            about = write_archive(file, book_id=book, year=year, actor=SYSTEM)
        with path.open("rb") as file:
            hashed = hashlib.file_digest(file, "sha256").hexdigest()
        until = "" if about["is_closed"] else ", a year that is not closed yet"
        self.stdout.write(f"{path}: entries {about['first']} to {about['last']}{until}\nSHA-256 {hashed}")

    def _close(self, **_: Any) -> None:
        self.stdout.write(f"{actions.close_due(now=clock.now())} closings written.")
