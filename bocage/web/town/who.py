"""Who to log in as: the table that the demo prints."""

from __future__ import annotations

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from bocage.web.demo import people
from bocage.web.town.load import town

HEAD = ("Who", "Role", "E-mail", "Page")


def who_is_who() -> str:
    """Return the people of the town with role, e-mail and first page, and their one password, as lines of text."""
    rows = [HEAD] + [
        (one.name, f"{one.role} {', '.join(one.at)}".strip(), one.email, _page(one.slug)) for one in people()
    ]
    widths = [min(max(len(row[column]) for row in rows), 52) for column in range(len(HEAD))]
    lines = ["  ".join(_cell(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.insert(1, "  ".join("─" * width for width in widths))
    return "\n".join([*lines, "", f"Password of all of them: {town().password}", f"Front door: {settings.SITE_URL}/"])


def _cell(text: str, width: int) -> str:
    return (text if len(text) <= width else f"{text[: width - 1]}…").ljust(width)


def _page(slug: str) -> str:
    try:
        return reverse("web:dashboard", args=[slug]) if slug else reverse("web:home")
    except NoReverseMatch:
        return "/"
