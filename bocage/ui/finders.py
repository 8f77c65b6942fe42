"""Static files that live beside what they belong to: one stylesheet made of many, and each component's script."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

HERE = Path(__file__).resolve().parent
COMPONENTS = HERE / "components"
NAME = "ui/bocage.css"


def stylesheet() -> str:
    """Return tokens, base, components and the pages of every app, in the order of their layers, as one text."""
    files = [
        HERE / "styles" / f"{name}.css"
        for name in ("tokens", "palettes", "reset", "base", "frames", "icons", "account", "styleguide", "print")
    ]
    files += sorted(COMPONENTS.glob("*/*.css"))
    files += sorted(path for path in HERE.parent.glob("**/styles/*.css") if path.parent.parent != HERE)
    return "\n".join(path.read_text() for path in files)


class OneStylesheet(BaseFinder):
    """Offer `ui/bocage.css` (written to the data folder when looked for) and `ui/components/<name>/<name>.js`."""

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        target: Path | None = None
        if path == NAME:
            target = _write()
        elif path.startswith("ui/components/") and path.endswith(".js"):
            target = COMPONENTS / path.removeprefix("ui/components/")
        if target is None or not target.is_file() or not target.resolve().is_relative_to(_home(path)):
            return []
        return [str(target)] if find_all else str(target)

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        _write()
        yield NAME, FileSystemStorage(location=_made())
        scripts = FileSystemStorage(location=COMPONENTS)
        scripts.prefix = "ui/components"  # type: ignore[attr-defined]
        for script in sorted(COMPONENTS.glob("*/*.js")):
            yield script.relative_to(COMPONENTS).as_posix(), scripts


def _made() -> Path:
    return Path(settings.VAR).resolve() / "made"


def _home(path: str) -> Path:
    return _made() if path == NAME else COMPONENTS


def _write() -> Path:
    target = _made() / NAME
    text = stylesheet()
    if not target.exists() or target.read_text() != text:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_suffix(f".{os.getpid()}")
        draft.write_text(text)
        draft.replace(target)
    return target
