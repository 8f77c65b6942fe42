"""Static files that are made, not stored: one stylesheet from the tokens, the base and each component's own file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage

HERE = Path(__file__).resolve().parent
NAME = "ui/bocage.css"


def stylesheet() -> str:
    """Return tokens, base and components in the order of their layers, as one text."""
    files = [HERE / "styles" / f"{name}.css" for name in ("tokens", "base", "icons")]
    files += sorted((HERE / "components").glob("*/*.css"))
    files += sorted(path for path in HERE.parent.glob("*/styles/*.css") if path.parent.parent != HERE)
    return "\n".join(path.read_text() for path in files if path.exists())


class _Made(Storage):
    prefix = ""

    def _open(self, name: str, mode: str = "rb") -> File:
        return ContentFile(stylesheet().encode(), name=NAME)

    def exists(self, name: str) -> bool:
        return name == NAME

    def get_modified_time(self, name: str) -> Any:
        from datetime import UTC, datetime

        newest = max(path.stat().st_mtime for path in HERE.parent.rglob("*.css"))
        return datetime.fromtimestamp(newest, tz=UTC)


class OneStylesheet(BaseFinder):
    """Offer `ui/bocage.css`; in development it is written to the data folder on each look."""

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path != NAME:
            return []
        from django.conf import settings

        target = settings.VAR / "made" / "bocage.css"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(stylesheet())
        return [str(target)] if find_all else str(target)

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, Storage]]:
        yield NAME, _Made()
