"""The source code of this very server, packed for whoever asks (AGPL §13)."""

from __future__ import annotations

import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

TOP = ("bocage", "bin", "docs", "requirements", "tests", "COPYING", "LICENSE", "Makefile", "README.md", "README.fr.md",
       "CHANGELOG.md", "conftest.py", "manage.py", "package.json", "pyproject.toml")  # fmt: skip
LEFT_OUT = {"__pycache__", ".git", ".venv", "var", "node_modules"}


def archive(root: Path | None = None) -> Path:
    """Return a .tar.gz of the code as it runs here, packed again only when a file has changed.

    It holds the files that git tracks, else the known folders of the package; never data, keys or settings.
    """
    root = root or settings.ROOT
    files = sorted(_tracked(root) or _known(root))
    newest = max((int(file.stat().st_mtime) for file in files), default=0)
    target = Path(settings.VAR) / "made" / f"bocage-source-{newest}-{len(files)}.tar.gz"
    if not target.exists():
        _pack(files, root, target)
    return target


def _tracked(root: Path) -> list[Path]:
    try:
        listed = subprocess.run(
            ["git", "-C", str(root), "ls-files", "-z"], capture_output=True, timeout=20, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return []
    return [file for name in listed.decode().split("\0") if name and (file := root / name).is_file()]


def _known(root: Path) -> Iterator[Path]:
    for name in TOP:
        start = root / name
        for file in [start] if start.is_file() else start.rglob("*"):
            if file.is_file() and not LEFT_OUT & set(file.relative_to(root).parts):
                yield file


def _pack(files: list[Path], root: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(".part")
    with tarfile.open(draft, "w:gz", compresslevel=6) as tar:
        for file in files:
            tar.add(file, arcname=f"bocage/{file.relative_to(root)}", recursive=False, filter=_anonymous)
    draft.replace(target)
    for old in target.parent.glob("bocage-source-*.tar.gz"):
        if old != target:
            old.unlink(missing_ok=True)


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member
