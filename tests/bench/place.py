"""Where a measure happens: a database of its own with the data asked for, and a server as in production."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import postgres
from tests.bench.wire import HOST, Wire

ROOT = Path(__file__).resolve().parent.parent.parent
WORKERS = 2
PATIENCE = 60.0


@dataclass(slots=True)
class Place:
    """A database and its folder; commands run in processes of their own that know no other database."""

    vendor: str
    env: dict[str, str]

    def bocage(self, *words: str) -> str:
        """Run a management command and return what it says."""
        return self._run([sys.executable, "manage.py", *words])

    def python(self, module: str, *words: str, job: Any = None) -> str:
        """Run a module and return what it prints; `job` is given to it as JSON."""
        return self._run([sys.executable, "-m", module, *words], json.dumps(job) if job is not None else None)

    def _run(self, command: list[str], given: str | None = None) -> str:
        done = subprocess.run(command, cwd=ROOT, env=self.env, input=given, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
        return done.stdout


@contextmanager
def place(vendor: str) -> Iterator[Place]:
    """Yield an empty place on "sqlite" or "postgresql"; all of it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="bocage-bench-", dir="/tmp") as folder:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("BOCAGE_", "DATABASE_URL"))}
        env = kept | {"BOCAGE_VAR": folder, "BOCAGE_WEB_WORKERS": str(WORKERS), "PYTHONPATH": str(ROOT)}
        if vendor == "sqlite":
            yield Place(vendor, env)
            return
        with postgres.running() as url:
            yield Place(vendor, env | {"DATABASE_URL": url})


@dataclass(slots=True)
class Server:
    """A running server: its port, how long it took to answer, its processes."""

    port: int
    pid: int
    first_answer_s: float

    def memory_mb(self) -> tuple[float, float]:
        """Return resident memory of all its processes: each counted whole, and with what they share counted once."""
        pids = [self.pid, *_children(self.pid)]
        return sum(_kept(pid, "Rss") for pid in pids) / 1024, sum(_kept(pid, "Pss") for pid in pids) / 1024

    def cpu_s(self) -> float:
        """Return the processor time that its processes have taken so far."""
        ticks = sum(_ticks(pid) for pid in [self.pid, *_children(self.pid)])
        return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def server(here: Place) -> Iterator[Server]:
    """Serve as `bocage serve` does in production, until the block ends."""
    port = _free_port()
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(port)],
        cwd=ROOT, env=here.env | {"BOCAGE_SITE_URL": f"http://{HOST}:{port}"}, start_new_session=True,
    )  # fmt: skip
    try:
        _wait(port, process)
        yield Server(port, process.pid, time.perf_counter() - began)
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait(port: int, process: subprocess.Popen) -> None:
    end = time.perf_counter() + PATIENCE
    while time.perf_counter() < end:
        if process.poll() is not None:
            raise RuntimeError("the server stopped")
        try:
            if Wire(port).get("/health/").status == 200:
                return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError(f"no answer after {PATIENCE:.0f} s")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _children(pid: int) -> list[int]:
    """Return the processes below one, from /proc."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == pid:
            child = int(stat.parent.name)
            found += [child, *_children(child)]
    return found


def _ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


def _kept(pid: int, what: str) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith(f"{what}:"))
