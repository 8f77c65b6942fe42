"""Minutes on paper."""

from __future__ import annotations

from pathlib import Path

from bocage.cooperative.governance.queries.assemblies import AssemblyPage
from bocage.ui.paper import printed

TEMPLATES = Path(__file__).resolve().parent / "pdf"


def minutes_pdf(found: AssemblyPage, cooperative: str, when: str, language: str, words: dict[str, str]) -> bytes:
    """Return the minutes of an assembly as a tagged PDF. words: agenda, minutes, quorum, signed, hash, previous, page."""
    data = {
        "title": found.title, "cooperative": cooperative, "under": f"{when}, {found.place}", "language": language,
        "agenda": found.agenda, "body": found.body.replace("\r\n", "\n").split("\n\n"), "hash": found.hash,
        "previous": found.previous, "words": words,
    }  # fmt: skip
    return printed(TEMPLATES / "minutes.typ", data)
