"""The digest of a statement's lines: in whatever order a database gives them, the same lines have the same one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date


def digest_of_lines(lines: Iterable[tuple[str, date, str, int, str]]) -> str:
    """Return SHA-256 over lines: reference, day, kind, minor units, why it does not count."""
    plain = sorted([ref, on.isoformat(), kind, str(net), why] for ref, on, kind, net, why in lines)
    return hashlib.sha256(json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
