"""The JavaScript modules of all apps under short names, so that pages need no bundler."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

HERE = Path(__file__).resolve().parent


def import_map() -> SafeString:
    """Return the import map as JSON: each custom element under its own name, and htmx."""
    return _made() if settings.DEBUG else _made_once()


def _made() -> SafeString:
    paths = {"htmx": "vendor/htmx/htmx.esm.js", "ui/toasts": "ui/toasts.js"}
    paths |= {
        file.stem: f"ui/components/{file.parent.name}/{file.name}" for file in (HERE / "components").glob("*/*.js")
    }
    for file in HERE.parent.glob("**/static/*/elements/*.js"):
        paths[file.stem] = file.relative_to(file.parents[2]).as_posix()
    imports = {name: static(path) for name, path in sorted(paths.items())}
    return mark_safe(json.dumps({"imports": imports}).replace("<", "\\u003c"))


_made_once = lru_cache(maxsize=1)(_made)
