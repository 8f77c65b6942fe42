"""A PostgreSQL of one's own, in a temporary directory, for as long as one command runs.

    python -m tests.postgres pytest bocage        # the command finds its server in DATABASE_URL

Durability is off and nothing listens on the network: made for tests and measures, never for data.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

WHERE_DEBIAN_KEEPS_IT = Path("/usr/lib/postgresql")
MIN_VERSION = 15
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "on",
    "shared_buffers": "128MB",
    "max_connections": "100",
    "listen_addresses": "",
    "lc_messages": "C",
}


def programs() -> Path | None:
    """Return the folder of a PostgreSQL new enough for Bocage, the newest first; None where there is none."""
    folders = sorted(WHERE_DEBIAN_KEEPS_IT.glob("*/bin"), key=lambda folder: -int(folder.parent.name))
    if found := shutil.which("pg_ctl"):
        folders.append(Path(found).resolve().parent)
    return next((folder for folder in folders if _version(folder) >= MIN_VERSION), None)


@contextmanager
def running(settings: dict[str, str] | None = None) -> Iterator[str]:
    """Start a server, yield its DATABASE_URL, stop it and remove its files. Raises LookupError without PostgreSQL."""
    folder = programs()
    if folder is None:
        raise LookupError(f"PostgreSQL {MIN_VERSION} or newer is not installed")
    home = Path(tempfile.mkdtemp(prefix="bocage-pg-", dir="/tmp"))  # a short path: sockets allow 107 characters
    data, as_owner = home / "data", _as_owner(home)
    try:
        _run(
            [
                *as_owner,
                folder / "initdb",
                "-D",
                data,
                "-A",
                "trust",
                "-U",
                "postgres",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "-N",
            ]
        )
        options = " ".join(f"-c {name}='{value}'" for name, value in {**FAST, **(settings or {})}.items())
        _run(
            [*as_owner, folder / "pg_ctl", "-D", data, "-w", "-l", home / "log", "-o", f"-k {home} {options}", "start"]
        )
        try:
            yield f"postgresql://postgres@{quote(str(home), safe='')}/postgres"
        finally:
            _run([*as_owner, folder / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _as_owner(home: Path) -> list[str]:
    """Return the words to put before a command: the server refuses root, so root becomes `postgres`."""
    if os.geteuid() != 0:
        return []
    shutil.chown(home, "postgres", "postgres")
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]


def _version(folder: Path) -> int:
    if not (folder / "initdb").exists():
        return 0
    said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    return int(said.split()[2].split(".")[0])


def _run(command: Sequence[str | Path]) -> None:
    done = subprocess.run(
        [str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd="/"
    )
    if done.returncode:
        raise RuntimeError(f"{command[-1]} failed:\n{done.stdout}")


def main(command: list[str]) -> int:
    """Run a command beside its own server and return the command's own exit status."""
    with running() as url:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
