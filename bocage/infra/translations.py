"""Compile translations with Babel, so that running Bocage needs no gettext: `python -m bocage.infra.translations`."""

from __future__ import annotations

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

HOME = Path(__file__).resolve().parent.parent


def compile_stale(home: Path = HOME) -> list[Path]:
    """Compile each `.po` below `home` that is newer than its `.mo`; return those compiled."""
    stale = [source for source in sorted(home.glob("**/LC_MESSAGES/*.po")) if _is_stale(source)]
    for source in stale:
        with source.open("rb") as po, source.with_suffix(".mo").open("wb") as mo:
            write_mo(mo, read_po(po))
    return stale


def _is_stale(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime


if __name__ == "__main__":
    compile_stale()
