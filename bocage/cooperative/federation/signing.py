"""How entries are signed: by the instance's key of the ledger, which it publishes."""

from __future__ import annotations

from bocage.cooperative.federation.rules.feed import to_bytes
from bocage.ledger import keys


def sign(hashed: bytes) -> bytes:
    """Return our signature over the bytes of a hash."""
    return bytes.fromhex(keys.sign(hashed.hex()))


def is_signed(key: str, hashed: str, signature: str) -> bool:
    """Return whether a signature (base64url) over a hash is that of a key, both hexadecimal."""
    try:
        return keys.is_signed(key, hashed, to_bytes(signature).hex())
    except ValueError:
        return False
