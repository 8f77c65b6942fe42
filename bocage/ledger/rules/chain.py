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
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, NamedTuple

GENESIS = "0" * 64  # what the first entry of a book follows

_sorted = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, check_circular=False).encode
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
    return hash_of(entry_bytes(**content))


def hash_of(written: bytes) -> str:
    """Return SHA-256 in hexadecimal."""
    return hashlib.sha256(written).hexdigest()


def canonical(content: Any) -> str:
    """Return plain values (texts, whole numbers, lists, objects) as RFC 8785 writes them: one text for one content."""
    return _sorted(content)


# ── Checking ───────────────────────────────────────────────────────────────────────────────────────────────────────
class Finding(NamedTuple):
    """Something that is not as it was written: where (a number of the book, or of a closing), and what, in one word."""

    where: int
    what: str


WORDS = {
    "missing": "entries are missing before this number",
    "order": "this number comes twice or out of order",
    "changed": "this entry, or the one before it, is not what was written",
    "unbalanced": "the postings of this entry do not add up to zero",
    "strange": "this entry has postings in another book or in several currencies",
    "end": "the book does not end where its head says",
    "closing-changed": "this closing is not what was written, or does not follow the one before",
    "closing-signature": "the signature of this closing is not that of its key",
    "closing-entry": "the entry at which this closing ends is not the one it closed",
    "closing-totals": "the totals of this closing are not those of its entries",
    "orphan": "postings, accounts or closings belong nowhere",
    "guards": "the database's own guards of the books are missing",
}
CONTENT = ("key", "about", "what", "at", "by", "currency")
BY_SUBJECT = ("vat", "takings")  # accounts that closings tell apart; the others are summed by kind

Totals = dict[tuple[str, ...], list[int]]  # currency, what, kind, subject → debit, credit


def check(
    entries: Iterable[Mapping[str, Any]],
    closings: Sequence[Mapping[str, Any]] = (),
    *,
    book: int,
    first: int = 1,
    previous: str = GENESIS,
    head: tuple[int, str] | None = None,
    is_signed: Callable[[str, str, str], bool] | None = None,
) -> Iterator[Finding]:
    """Yield what is wrong with a book, or with its part from entry `first` on, which follows the hash `previous`.

    entries: in the order of their numbers, each with its content, `postings` and `hash`; closings: each with its
    `statement` (text), `hash` and `signature`; head: where the book ends. Reads each entry once and keeps none.
    is_signed: (public key, hash, signature), all hexadecimal → whether it is; ours, in Python, unless given.
    """
    said = [_statement(closing["statement"]) for closing in closings]
    marks = {number for one in said for number in (one["first"] - 1, one["last"])}
    at_mark: dict[int, tuple[str, Totals]] = {first - 1: (previous, {})}
    totals: Totals = {}
    expected = first
    for entry in entries:
        number = entry["number"]
        if number != expected:
            yield Finding(number, "missing" if number > expected else "order")
        yield from _entry(entry, book, previous, totals)
        previous, expected = entry["hash"], number + 1
        if number in marks:
            at_mark[number] = (previous, {key: sums[:] for key, sums in totals.items()})
    if head is not None and head != (expected - 1, previous):
        yield Finding(expected - 1, "end")
    yield from _closings(closings, said, at_mark, first, book, is_signed or is_signed_by)


def _entry(entry: Mapping[str, Any], book: int, previous: str, totals: Totals) -> Iterator[Finding]:
    """Check one entry; what one that was changed adds up to is left out of the totals, which tells a second time."""
    number, postings = entry["number"], entry["postings"]
    content = {name: entry[name] for name in CONTENT}
    if entry_hash(book=book, number=number, previous=previous, postings=postings, **content) != entry["hash"]:
        yield Finding(number, "changed")
        return
    off = 0
    currency, what = entry["currency"], entry["what"]
    for kind, subject, amount in postings:
        minor = int(amount)
        off += minor
        sums = totals.setdefault((currency, what, kind, subject if kind in BY_SUBJECT else ""), [0, 0])
        sums[minor < 0] += abs(minor)
    if off or not postings:
        yield Finding(number, "unbalanced")


def _closings(
    closings: Sequence[Mapping[str, Any]],
    said: Sequence[Mapping[str, Any]],
    at_mark: Mapping[int, tuple[str, Totals]],
    first: int,
    book: int,
    is_signed: Callable[[str, str, str], bool],
) -> Iterator[Finding]:
    before, perpetual = GENESIS, dict[str, dict[tuple[str, ...], list[int]]]()
    for count, (closing, one) in enumerate(zip(closings, said, strict=True), 1):
        hashed = hashlib.sha256(closing["statement"].encode()).hexdigest()
        follows = (one["number"], one["book"], one["previous"]) == (count, book, before)
        if hashed != closing["hash"] or not follows:
            yield Finding(count, "closing-changed")
        if not is_signed(one["key"], closing["hash"], closing["signature"]):
            yield Finding(count, "closing-signature")
        before = closing["hash"]
        last, start = one["last"], one["first"] - 1
        if (last in at_mark and at_mark[last][0] != one["hash"]) or (last not in at_mark and last >= first):
            yield Finding(count, "closing-entry")
        own, so_far = as_totals(one["totals"]), perpetual.setdefault(one["kind"], {})
        if last in at_mark and start in at_mark and own != minus(at_mark[last][1], at_mark[start][1]):
            yield Finding(count, "closing-totals")
        perpetual[one["kind"]] = plus(so_far, own)
        if as_totals(one["perpetual"]) != perpetual[one["kind"]]:
            yield Finding(count, "closing-totals")


_NOTHING: dict[str, Any] = {
    "number": 0, "book": 0, "previous": "", "key": "", "first": 1, "last": 0, "hash": "", "kind": "", "totals": (),
    "perpetual": (),
}  # fmt: skip


def _statement(text: str) -> Mapping[str, Any]:
    """Return what a closing says; nothing where it is no longer a closing's text."""
    try:
        said = json.loads(text)
        as_totals([*said["totals"], *said["perpetual"]])
        return said if set(_NOTHING) <= set(said) else _NOTHING
    except (ValueError, TypeError, KeyError, IndexError):
        return _NOTHING


def as_rows(totals: Mapping[tuple[str, ...], Sequence[int]]) -> list[list[str]]:
    """Return totals as a closing writes them: currency, what, kind, subject, debit, credit, sorted."""
    return [[*key, str(sums[0]), str(sums[1])] for key, sums in sorted(totals.items())]


def as_totals(rows: Iterable[Sequence[str]]) -> dict[tuple[str, ...], list[int]]:
    """Return the totals that a closing wrote."""
    return {tuple(row[:4]): [int(row[4]), int(row[5])] for row in rows}


def plus(
    one: Mapping[tuple[str, ...], Sequence[int]], other: Mapping[tuple[str, ...], Sequence[int]]
) -> dict[tuple[str, ...], list[int]]:
    """Return the sum of two totals."""
    nothing = (0, 0)
    return {
        key: [a + b for a, b in zip(one.get(key, nothing), other.get(key, nothing), strict=True)]
        for key in {*one, *other}
    }


def minus(
    one: Mapping[tuple[str, ...], Sequence[int]], other: Mapping[tuple[str, ...], Sequence[int]]
) -> dict[tuple[str, ...], list[int]]:
    """Return what one total has more than an earlier one, without what has not moved."""
    left = plus(one, {key: [-sums[0], -sums[1]] for key, sums in other.items()})
    return {key: sums for key, sums in left.items() if any(sums)}


# ── Signatures: Ed25519 as RFC 8032 checks them, so that no library is needed ───────────────────────────────────────
_P = 2**255 - 19
_Q = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)
_Point = tuple[int, int, int, int]  # x, y, z, t with x = X/z, y = Y/z, xy = T/z


def is_signed_by(key: str, hashed: str, signature: str) -> bool:
    """Return whether `signature` over the bytes of `hashed` was made by the public key `key`; all three hexadecimal."""
    try:
        public, message, seal = bytes.fromhex(key), bytes.fromhex(hashed), bytes.fromhex(signature)
        if len(public) != 32 or len(seal) != 64:
            return False
        a, r, s = _point(public), _point(seal[:32]), int.from_bytes(seal[32:], "little")
    except ValueError:
        return False
    if a is None or r is None or s >= _Q:
        return False
    h = int.from_bytes(hashlib.sha512(seal[:32] + public + message).digest(), "little") % _Q
    left, right = _times(s, _BASE), _sum(r, _times(h, a))
    return not ((left[0] * right[2] - right[0] * left[2]) % _P or (left[1] * right[2] - right[1] * left[2]) % _P)


def _point(written: bytes) -> _Point | None:
    y = int.from_bytes(written, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    x = _x(y, sign)
    return None if x is None else (x, y, 1, x * y % _P)


def _x(y: int, sign: int) -> int | None:
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT % _P
    if (x * x - square) % _P or (not x and sign):
        return None
    return _P - x if x & 1 != sign else x


def _sum(p: _Point, q: _Point) -> _Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % _P, (p[1] + p[0]) * (q[1] + q[0]) % _P
    c, d = 2 * p[3] * q[3] * _D % _P, 2 * p[2] * q[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(number: int, point: _Point) -> _Point:
    result: _Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            result = _sum(result, point)
        point, number = _sum(point, point), number >> 1
    return result


_BASE: _Point = _point((4 * pow(5, -1, _P) % _P).to_bytes(32, "little")) or (0, 1, 1, 0)


# ── An archive, by itself ──────────────────────────────────────────────────────────────────────────────────────────
def check_archive(folder: Path) -> Iterator[Finding]:
    """Yield what is wrong in an archive that was unpacked into `folder`."""
    about = json.loads((folder / "archive.json").read_text("utf-8"))
    for name, hashed in about["files"].items():
        with (folder / name).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != hashed:
                yield Finding(0, f"file {name}")
    closings = [json.loads(line) for line in _lines(folder / "closings.jsonl")]
    start = {name: about[name] for name in ("book", "first", "previous")}
    head = (about["last"], about["hash"])
    yield from check(map(json.loads, _lines(folder / "entries.jsonl")), closings, head=head, **start)


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="\n") as lines:
        yield from lines


def main() -> int:
    """Check the archive that this file lies in (or the folder that is named) and say what was found."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent
    found = list(check_archive(folder))
    for one in found[:50]:
        print(f"{one.where}: {WORDS.get(one.what, one.what + ' is not what was archived')}")  # noqa: T201
    about = json.loads((folder / "archive.json").read_text("utf-8"))
    keys = sorted({_statement(json.loads(line)["statement"])["key"] for line in _lines(folder / "closings.jsonl")})
    print(f"{len(found)} faults in the entries {about['first']} to {about['last']}.")  # noqa: T201
    print("Signed by: " + (", ".join(keys) or "nobody yet") + "\nCompare with the key that the instance publishes.")  # noqa: T201
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
