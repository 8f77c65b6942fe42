"""The one-time code that shows who started the server: made for an empty platform, kept beside the data, spent once."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.conf import settings

from bocage.network.rules import AlreadyFounded
from bocage.web.beginning.rules import WrongCode

LENGTH = 4  # groups of four letters: 64 bits in all


def code() -> str:
    """Return the code, made now if there is none; only the server's own user may read where it is kept."""
    place = _place()
    if not place.exists():
        new = "-".join(secrets.token_hex(2) for _ in range(LENGTH))
        with open(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(new)
    return place.read_text().strip()


def check(typed: str) -> None:
    """Refuse another code than the one that was printed. Raises WrongCode."""
    place = _place()
    kept = place.read_text().strip() if place.exists() else ""
    if not kept or not secrets.compare_digest(_plain(typed), _plain(kept)):
        raise WrongCode()


def spend() -> None:
    """Let nobody use the code again. Raises AlreadyFounded where somebody did in the same moment."""
    try:
        _place().unlink()
    except FileNotFoundError:
        raise AlreadyFounded() from None


def _plain(text: str) -> bytes:
    return "".join(text.split()).replace("-", "").lower().encode()


def _place() -> Path:
    return Path(settings.VAR) / "founding-code"
