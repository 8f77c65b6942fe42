"""Words as people search and compare them: whatever their case, accents and ligatures."""

from __future__ import annotations

import unicodedata


def folded(text: str) -> str:
    """Return `text` in lower case, without accents, ligatures written out: "Œufs  Frais" → "oeufs frais"."""
    plain = text.casefold().replace("œ", "oe").replace("æ", "ae").replace("’", "'")
    letters = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return " ".join(letters.split())
