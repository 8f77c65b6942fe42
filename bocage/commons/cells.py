"""The cells of spreadsheets as text: never a formula, and read in whatever letters a program saved them."""

from __future__ import annotations

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))

ZIP = b"PK\x03\x04"  # how workbooks begin


class NotText(ValueError):
    """Bytes that are no text of a kind that spreadsheets write."""


def guarded(text: str) -> str:
    """Return text that no spreadsheet takes for a formula: an apostrophe goes before the sign that would begin one.

    Source: OWASP, CSV injection.
    """
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def unguarded(text: str) -> str:
    """Return text as it was before `guarded`; an apostrophe that guards nothing stays."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA_SIGNS) else text


def decoded(data: bytes) -> str:
    """Return the text of a file: UTF-8 with or without mark, UTF-16 with mark, else Windows-1252. Raises NotText."""
    encodings = [name for mark, name in MARKS if data.startswith(mark)] or ["utf-8", "cp1252"]
    if data.startswith(ZIP) or (b"\x00" in data and "utf-16" not in encodings):
        raise NotText
    for name in encodings:
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            continue
    raise NotText
