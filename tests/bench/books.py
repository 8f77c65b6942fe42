"""Checking a book: as many postings as asked for, chained and closed, then verified as `bocage ledger verify` does.

    python -m tests.bench.books <postings>

Writes the book into the database of the environment; prints, as JSON, seconds, postings, faults and memory in MB.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any

SIDES = 5  # per entry: a customer, two farms, a fee, VAT
DAYS = 300
CHUNK = 2000  # entries


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bocage.settings")
    django.setup()
    book = _written(int(sys.argv[1]) // SIDES)
    json.dump(_checked(book), sys.stdout)


def _written(entries: int) -> int:
    from bocage.ledger import actions
    from bocage.ledger.models import Account, Entry, Head, Posting
    from bocage.ledger.rules import chain
    from bocage.network.models import Enterprise, Instance
    from bocage.web.scale.bulk import bulk, chunk

    instance = Instance.objects.order_by("id")[0]
    book = Enterprise.objects.create(instance=instance, slug=f"livre-{entries}", name="Livre").pk
    start, previous = datetime(2025, 1, 1, 8, tzinfo=UTC), chain.GENESIS
    with bulk() as writer:
        keys = [("customer", f"customer:{n}") for n in range(500)]
        keys += [("producer", f"producer:{n}") for n in range(30)] + [("fees", "transport:1"), ("vat", "vat:55000")]
        accounts = dict(zip(keys, writer.ids(Account, len(keys)), strict=True))
        rows: list[tuple[Any, ...]] = [(pk, book, *key, "EUR") for key, pk in accounts.items()]
        with chunk():
            writer.write(Account, ("id", "book_id", "kind", "subject", "currency"), rows)
        for first in range(1, entries + 1, CHUNK):
            heads, postings = [], []
            for number in range(first, min(first + CHUNK, entries + 1)):
                sides = [
                    ("customer", f"customer:{number % 500}", 1000 + number % 97),
                    ("producer", f"producer:{number % 30}", -700),
                    ("producer", f"producer:{(number + 7) % 30}", -200), ("fees", "transport:1", -40),
                    ("vat", "vat:55000", -60 - number % 97),
                ]  # fmt: skip
                at = start + timedelta(days=DAYS) * (number / entries)
                said = {"key": f"livre:{book}:{number}", "about": f"order:{number}", "what": "sale", "by": "guest"}
                previous = chain.entry_hash(
                    book=book,
                    number=number,
                    previous=previous,
                    at=chain.moment(at),
                    currency="EUR",
                    postings=sides,
                    **said,
                )
                [pk] = writer.ids(Entry, 1)
                heads.append((pk, book, *said.values(), writer.moment(at), number, previous))
                ids = writer.ids(Posting, SIDES)
                postings += [(one, pk, accounts[side[:2]], side[2]) for one, side in zip(ids, sides, strict=True)]
            with chunk():
                writer.write(Entry, ("id", "book_id", "key", "about", "what", "by", "at", "number", "hash"), heads)
                writer.write(Posting, ("id", "entry_id", "account_id", "amount_minor"), postings)
        with chunk():
            writer.write(Head, ("book_id", "number", "hash"), [(book, entries, previous)])
    actions.close_due(now=start + timedelta(days=DAYS + 2))
    return book


def _checked(book: int) -> dict[str, float]:
    from bocage.ledger.queries.checking import check_books

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began = time.perf_counter()
    [found] = check_books(book)
    taken = time.perf_counter() - began
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before
    return {
        "seconds": taken, "postings": found.postings, "closings": found.closings, "faults": len(found.findings),
        "grown_mb": grown,
    }  # fmt: skip


if __name__ == "__main__":
    main()
