"""The chain of a book: each entry carries a SHA-256 over what it says and over the hash of the entry before it.

This file needs nothing but Python's standard library: it goes into every archive as it is (`check.py`), so that an
exported copy is checked elsewhere, without Bocage and without a database, by the very code that wrote it.

The bytes that are hashed are one JSON object, as RFC 8785 writes it: UTF-8, members sorted, no blanks. Amounts are texts,
so that no reader makes a float of them; the moment is UTC with six decimals; postings are sorted by account.

    {"about":"order:R7K2","at":"2026-10-06T09:00:00.000000Z","book":3,"by":"guest","currency":"EUR",
     "key":"order:R7K2:placed","number":12,"postings":[["customer","customer:41","633"],["producer","producer:7","-633"]],
     "previous":"9f…","v":1,"what":"sale"}
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime, timezone
from typing import Any

GENESIS = "0" * 64  # what the first entry of a book follows

_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def moment(at: datetime) -> str:
    """Return a moment as the chain writes it: UTC, six decimals, "Z"."""
    return at.astimezone(timezone.utc).isoformat(timespec="microseconds").replace("+00:00", "Z")  # noqa: UP017


def entry_bytes(
    *,
    book: int,
    number: int,
    previous: str,
    key: str,
    about: str,
    what: str,
    at: str,
    by: str,
    currency: str,
    postings: Iterable[tuple[str, str, Any]],
) -> bytes:
    """Return the bytes of an entry. postings: kind and subject of the account, minor units (> 0 debit); at: `moment`."""
    sides = sorted((kind, subject, str(amount)) for kind, subject, amount in postings)
    content = {
        "about": about, "at": at, "book": book, "by": by, "currency": currency, "key": key, "number": number,
        "postings": sides, "previous": previous, "v": 1, "what": what,
    }  # fmt: skip
    return _written(content).encode()


def entry_hash(**content: Any) -> str:
    """Return the hash of an entry in hexadecimal; parameters as `entry_bytes` takes them."""
    return hashlib.sha256(entry_bytes(**content)).hexdigest()


def canonical(content: Any) -> str:
    """Return plain values (texts, whole numbers, lists, objects) as RFC 8785 writes them: one text for one content."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
