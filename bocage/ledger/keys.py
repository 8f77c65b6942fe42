"""The instance's key that signs closings: Ed25519, made at first start, kept beside the data, its public half published."""

from __future__ import annotations

from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings


def public() -> str:
    """Return the public key that closings are signed with today, 32 bytes in hexadecimal."""
    return _private().public_key().public_bytes_raw().hex()


def sign(hashed: str) -> str:
    """Return the signature over the bytes of a hash, both hexadecimal."""
    return _private().sign(bytes.fromhex(hashed)).hex()


def is_signed(key: str, hashed: str, signature: str) -> bool:
    """Return what `rules.chain.is_signed_by` returns, some hundred times faster."""
    try:
        _public(key).verify(bytes.fromhex(signature), bytes.fromhex(hashed))
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=64)
def _public(key: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))


def _private() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(settings.LEDGER_KEY))
