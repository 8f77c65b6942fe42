"""What people type to find something by its name: without accents, word by word."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """Return `text` as it is searched: lower case, no accents, ligatures written out."""
    if text.isascii():
        return text.casefold()
    plain = text.casefold().replace("œ", "oe").replace("æ", "ae").replace("’", "'")
    return "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))


def folded(text: str) -> str:
    """Return `text` as names are compared, idle spaces left out too: "Œufs  Frais" → "oeufs frais"."""
    return " ".join(fold(text).split())


def words(text: str) -> list[str]:
    """Return what to look for, word by word; a plural's s or x counts for nothing."""
    found = [word[:-1] if len(word) > 3 and word[-1] in "sx" else word for word in fold(text).split()]
    return found[:8]
