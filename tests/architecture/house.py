"""Where things stand: the storeys as `.importlinter` draws them, the templates of the tree."""

from __future__ import annotations

import configparser
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def storeys() -> dict[str, int]:
    """Return each app's storey, counted from the top: the higher the number, the lower the app."""
    drawing = configparser.ConfigParser()
    drawing.read(ROOT / ".importlinter")
    layers = drawing["importlinter:contract:storeys"]["layers"].split("\n")
    lines = [line for line in layers if line.strip()]
    return {app.strip(" ()"): height for height, line in enumerate(lines) for app in line.split("|")}


def templates() -> list[Path]:
    """Return every template of every app."""
    return sorted((ROOT / "bocage").glob("**/templates/**/*.html")) + sorted(
        (ROOT / "bocage/ui/components").glob("*/*.html")
    )


def app_of(template: Path) -> str:
    """Return the app that a template belongs to."""
    wing, inside, *_ = template.relative_to(ROOT / "bocage").parts
    return inside if wing == "cooperative" else wing


def is_mail(template: Path) -> bool:
    """Return whether a template is a mail's: only there styles stand inline, since mail programs read no others."""
    return "mail" in template.parts or (
        template.name in ("layout.html", "ready.html") and app_of(template) == "messages"
    )
