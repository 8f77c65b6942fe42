"""A QR code as an SVG path, to be drawn in a page that allows no inline style."""

from __future__ import annotations

from dataclasses import dataclass

import segno

MASK = 3


@dataclass(frozen=True, slots=True)
class Code:
    """The dark fields of a code as one path, and how many fields it is wide."""

    path: str
    size: int


def code(text: str) -> Code:
    """Return the QR code of `text`, readable also when a quarter of it is creased or dirty."""
    # readers read all eight masks alike, and choosing the handsomest takes ten times as long as the rest
    rows = [bytes(row) for row in segno.make(text, error="q", micro=False, boost_error=False, mask=MASK).matrix]
    runs = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            width = next((n for n in range(len(row) - x) if not row[x + n]), len(row) - x)
            if width:
                runs.append(f"M{x} {y}h{width}v1h-{width}z")
            x += width or 1
    return Code(path="".join(runs), size=len(rows))
