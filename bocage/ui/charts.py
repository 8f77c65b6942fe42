"""Small figures as numbers for SVG: no drawing library, no inline style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT, MARGIN = 160, 38, 3


def spark_line(points: Sequence[float]) -> str:
    """Return the path of a little curve through `points`, on a field of 160 by 38."""
    lowest, span = min(points), (max(points) - min(points)) or 1
    step = WIDTH / max(len(points) - 1, 1)
    heights = [HEIGHT - MARGIN - (point - lowest) / span * (HEIGHT - 2 * MARGIN) for point in points]
    if len(heights) == 1:
        return f"M0 {heights[0]:.1f}H{WIDTH}"
    return "M" + "L".join(f"{index * step:.1f} {height:.1f}" for index, height in enumerate(heights))


def spark_area(points: Sequence[float]) -> str:
    """Return the path of the field below that curve."""
    return f"{spark_line(points)}V{HEIGHT}H0Z"


@dataclass(frozen=True, slots=True)
class BarPart:
    """One part of a bar a thousand wide."""

    kind: str
    x: str
    width: str


def bar_parts(parts: Sequence[Any]) -> list[BarPart]:
    """Return the parts of a bar, wide in proportion to their amounts, with a gap between; none is too thin to see."""
    gap, least = 6, 8
    amounts = [max(part.amount.minor, 0) for part in parts]
    room = 1000 - gap * (len(parts) - 1) - least * len(parts)
    whole, x, drawn = sum(amounts) or 1, 0.0, []
    for part, amount in zip(parts, amounts, strict=True):
        width = least + room * amount / whole
        drawn.append(BarPart(part.kind, f"{x:.1f}", f"{width:.1f}"))
        x += width + gap
    return drawn
