"""The federation's signed book: what an instance says to the others, entry after entry, so that none can unsay it.

An entry is seven fields (v, issuer, seq, prev, type, at, payload); its hash is SHA-256 of their canonical JSON (RFC
8785), its signature Ed25519 over the 32 bytes of the hash. `seq` counts from 1 without holes, `prev` is the hash of the
entry before. Two valid entries of one issuer with the same number and different hashes are a fork: both are kept as proof.
Amounts are texts of minor units; no personal data, only totals.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bocage.ledger.rules.chain import GENESIS, canonical

VERSION = 1
TYPES = frozenset(
    (
        "turnover_declared", "income_declared", "key_proposed", "vote_cast", "allocation_decided", "invoice_issued",
        "payment_sent", "payment_received", "credit_issued", "inkind_declared", "inkind_approved", "fx_snapshot",
        "ledger_head", "incident_month", "dispute_opened", "dispute_closed", "key_rotated", "witness",
    )
)  # fmt: skip  # other types are kept and not used
FIELDS = ("v", "issuer", "seq", "prev", "type", "at", "payload")
LONGEST = 64_000  # characters of an entry
DEEPEST = 12
_AT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_HEX = re.compile(r"[0-9a-f]{64}")

IsSigned = Callable[[str, str, str], bool]  # public key, hash, signature → whether; keys and hashes hexadecimal


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry with its hash (hexadecimal) and signature (base64url without padding)."""

    v: int
    issuer: str
    seq: int
    prev: str
    type: str
    at: str
    payload: Mapping[str, Any]
    hash: str = ""
    sig: str = ""

    def text(self) -> str:
        """Return what is hashed."""
        return canonical(
            {
                "v": self.v, "issuer": self.issuer, "seq": self.seq, "prev": self.prev, "type": self.type, "at": self.at,
                "payload": self.payload,
            }
        )  # fmt: skip

    def written(self) -> dict[str, Any]:
        """Return the entry as it is published."""
        return {name: getattr(self, name) for name in FIELDS} | {"hash": self.hash, "sig": self.sig}


def hash_of(entry: Entry) -> str:
    """Return the hash that an entry should have; '' for one that is too long."""
    text = entry.text()
    return hashlib.sha256(text.encode()).hexdigest() if len(text) <= LONGEST else ""


def sealed(entry: Entry, sign: Callable[[bytes], bytes]) -> Entry:
    """Return an entry with its hash and signature. sign: 32 bytes → 64 bytes."""
    hashed = hash_of(entry)
    return replace(entry, hash=hashed, sig=to_text(sign(bytes.fromhex(hashed))))


def to_text(raw: bytes) -> str:
    """Return bytes in base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def to_bytes(text: str) -> bytes:
    """Return the bytes of a base64url text without padding. Raises ValueError."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def read(said: Any) -> Entry | None:
    """Return an entry as another server wrote it; None for what has not the form of one."""
    if not isinstance(said, dict) or set(said) != {*FIELDS, "hash", "sig"}:
        return None
    texts = all(isinstance(said[name], str) for name in ("issuer", "prev", "type", "at", "hash", "sig"))
    if not texts or not isinstance(said["payload"], dict) or not _is_plain(said["payload"], 0):
        return None
    if type(said["v"]) is not int or type(said["seq"]) is not int or said["v"] != VERSION or said["seq"] < 1:
        return None
    if not (_HEX.fullmatch(said["prev"]) and _HEX.fullmatch(said["hash"]) and _AT.fullmatch(said["at"])):
        return None
    return Entry(**said)


def _is_plain(value: Any, depth: int) -> bool:
    """Texts, whole numbers, yes or no, nothing, lists and objects of these; no number that floats would change."""
    if depth > DEEPEST:
        return False
    if isinstance(value, dict):
        return all(isinstance(key, str) and key.isascii() and _is_plain(one, depth + 1) for key, one in value.items())
    if isinstance(value, list):
        return all(_is_plain(one, depth + 1) for one in value)
    if type(value) is int:
        return abs(value) < 2**53
    return value is None or isinstance(value, (str, bool))


@dataclass(frozen=True, slots=True)
class Point:
    """How far a feed is known: the number and hash of its last good entry, and the key that signs what follows."""

    seq: int
    hash: str
    key: str
    earlier: tuple[str, ...] = ()  # keys before it: a fork of the past is signed by one of them

    @classmethod
    def start(cls, key: str) -> Point:
        return cls(0, GENESIS, key)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an entry was not taken: form, issuer, hash, signature, gap, chain."""

    seq: int
    why: str


@dataclass(slots=True)
class Read:
    """What came of reading a feed: entries that follow, forks (theirs, against the hash we know), the first fault."""

    point: Point
    taken: list[Entry] = field(default_factory=list)
    forks: list[Entry] = field(default_factory=list)
    fault: Fault | None = None


def follow(said: Iterable[Any], *, issuer: str, point: Point, known: Mapping[int, str], is_signed: IsSigned) -> Read:
    """Read entries of an issuer that should follow `point`; stop at the first that does not.

    known: hashes of earlier entries by number; one that comes again is nothing new, another hash in its place is a fork,
    if it is well signed. After a fork nothing more is taken.
    """
    found = Read(point)
    for one in said:
        entry = read(one)
        why = _fault(entry, issuer, found.point, known, is_signed)
        if entry is None or why not in ("", "known", "fork"):
            found.fault = Fault(entry.seq if entry else found.point.seq + 1, why)
            break
        if why == "fork":
            found.forks.append(entry)
            break
        if why == "":
            found.taken.append(entry)
            found.point = _after(entry, found.point)
    return found


def _fault(entry: Entry | None, issuer: str, point: Point, known: Mapping[int, str], is_signed: IsSigned) -> str:
    if entry is None:
        return "form"
    if entry.issuer != issuer:
        return "issuer"
    if hash_of(entry) != entry.hash:
        return "hash"
    if known.get(entry.seq) == entry.hash or (entry.seq, entry.hash) == (point.seq, point.hash):
        return "known"
    if entry.seq <= point.seq:
        old = any(is_signed(key, entry.hash, entry.sig) for key in (point.key, *point.earlier))
        return "fork" if old else "signature"
    if not is_signed(point.key, entry.hash, entry.sig):
        return "signature"
    if entry.seq > point.seq + 1:
        return "gap"
    return "" if entry.prev == point.hash else "chain"


def _after(entry: Entry, point: Point) -> Point:
    """Return the point after an entry: a rotation, signed by the old key, names the key of what follows."""
    wanted = entry.payload.get("key") if entry.type == "key_rotated" else None
    if isinstance(wanted, str) and _HEX.fullmatch(wanted):
        return Point(entry.seq, entry.hash, wanted, (*point.earlier, point.key))
    return Point(entry.seq, entry.hash, point.key, point.earlier)


def open_differences(entries: Sequence[Entry], now: str, *, after: str) -> list[str]:
    """Return the references of payments that were sent before `after` and received nowhere, or in another amount.

    Moments as texts, all in UTC; payloads have `ref` and `amount_minor`.
    """
    sent = {one.payload["ref"]: one for one in entries if one.type == "payment_sent" and "ref" in one.payload}
    got = {one.payload["ref"]: one for one in entries if one.type == "payment_received" and "ref" in one.payload}
    late = [ref for ref, one in sent.items() if ref not in got and one.at < after <= now]
    differ = [
        ref for ref, one in got.items()
        if ref in sent and one.payload.get("amount_minor") != sent[ref].payload.get("amount_minor")
    ]  # fmt: skip
    return sorted({*late, *differ})
