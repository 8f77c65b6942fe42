"""A real browser and a real server for journeys: Debian's Chromium, the demo town, axe to listen for barriers.

    def test_a_shopper_orders(town, phone):
        phone.goto(town.url + "/")

`town` is one server for all journeys of a run, so a journey leaves alone what others need: it takes customers and
cycles of its own. `phone` is 360 px wide, `desk` 1280; `quiet_phone` has JavaScript off.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import socket
from typing import Any
from urllib.error import HTTPError

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
MANAGE = Path(__file__).parent.parent / "manage.py"
SHOTS = os.environ.get("BOCAGE_SHOTS")  # a folder: journeys leave pictures there
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


@dataclass(frozen=True)
class Town:
    """The demo town being served: its address and the folder of its data."""

    url: str
    var: Path

    def bocage(self, *words: str) -> str:
        """Run a `bocage` command on the town's data and return what it printed."""
        return _bocage(self.var, *words)


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose database is migrated and empty: each server of a run starts on a copy."""
    var = tmp_path_factory.mktemp("ground")
    _bocage(var, "migrate", "--verbosity", "0")
    return var


@pytest.fixture(scope="session")
def town(ground: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The demo town built once, served as in production by a web server, a worker and a clock."""
    var = shutil.copytree(ground, tmp_path_factory.mktemp("town"), dirs_exist_ok=True)
    with _served(var) as found:
        yield found


@pytest.fixture
def empty(ground: Path, tmp_path: Path) -> Iterator[Town]:
    """A server without a demo and without a platform, as somebody starts it who wants their own."""
    var = shutil.copytree(ground, tmp_path, dirs_exist_ok=True)
    with _served(var, BOCAGE_DEMO="no", BOCAGE_STAFF_NEED_SECOND_FACTOR="yes") as found:
        yield found


@contextmanager
def _served(var: Path, **environment: str) -> Iterator[Town]:
    port = _free_port()
    settings = _environment(var) | {"BOCAGE_SITE_URL": f"http://localhost:{port}"} | environment
    with (var / "log").open("w") as log:
        up = subprocess.Popen(
            [sys.executable, str(MANAGE), "up", "--port", str(port)], env=settings, stdout=log, stderr=log
        )
        try:
            _wait_for(f"http://localhost:{port}/health/", up, var / "log")
            yield Town(url=f"http://localhost:{port}", var=var)
        finally:
            up.terminate()
            up.wait(timeout=20)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the session; each page gets a context of its own."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("Chromium is not installed")
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop lives in this thread; journeys run apart
    try:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=program, args=FLAGS)
            yield chromium
            chromium.close()
    finally:
        os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE") if before is None else os.environ.update(
            DJANGO_ALLOW_ASYNC_UNSAFE=before
        )


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Any]:
    """Return a function that opens a page in a fresh context: `new_page(width=768, java_script_enabled=False)`.

    A script error or a refusal by the content security policy on any of its pages fails the test.
    """
    complaints: list[str] = []
    with ExitStack() as stack:

        def open_page(width: int = 1280, height: int = 900, **options: Any) -> Page:
            context = stack.enter_context(_context(browser, viewport={"width": width, "height": height}, **options))
            page = context.new_page()
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda message: complaints.extend(_complaint(message)))
            return page

        yield open_page
    assert complaints == []


@pytest.fixture
def desk(new_page: Any) -> Page:
    """A page 1280 px wide."""
    return new_page(1280, 900)


@pytest.fixture
def phone(new_page: Any) -> Page:
    """A page 360 px wide, with fingers."""
    return new_page(360, 740, has_touch=True, is_mobile=True)


@pytest.fixture
def quiet_phone(new_page: Any) -> Page:
    """A page 360 px wide with JavaScript off."""
    return new_page(360, 740, java_script_enabled=False)


def barriers(page: Page) -> list[str]:
    """Return what axe finds against WCAG 2.2 A and AA on the page as it stands, one line per rule and element."""
    page.evaluate(AXE.read_text())
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = page.evaluate("tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", tags)
    return [f"{v['id']}: {node['target'][0]}" for v in found["violations"] for node in v["nodes"]]


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than its window; 0 when nothing sticks out."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def far_away(page: Page) -> None:
    """Let each answer take half a second more, as at the end of a country lane."""
    speed = {"offline": False, "latency": 500, "downloadThroughput": -1, "uploadThroughput": -1}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", speed)


def picture(page: Page, name: str) -> None:
    """Keep a picture of the whole page in the folder BOCAGE_SHOTS, when that is set."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}-{page.viewport_size['width']}.png", full_page=True)


@contextmanager
def _context(browser: Browser, **options: Any) -> Iterator[BrowserContext]:
    context = browser.new_context(
        **{"locale": "fr-FR", "timezone_id": "Europe/Paris", "reduced_motion": "reduce", **options}
    )
    context.set_default_timeout(30_000)
    try:
        yield context
    finally:
        context.close()


def _complaint(message: ConsoleMessage) -> list[str]:
    return [message.text] if "Content Security Policy" in message.text else []


def _environment(var: Path) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("BOCAGE_", "PYTEST", "DATABASE_URL"))
    }
    return kept | {"BOCAGE_VAR": str(var), "BOCAGE_DEMO": "yes"}


def _bocage(var: Path, *words: str) -> str:
    command = [sys.executable, str(MANAGE), *words]
    return subprocess.run(command, env=_environment(var), check=True, capture_output=True, text=True).stdout


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path, seconds: float = 180) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=10)
            return
        except HTTPError:
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"the town does not answer:\n{log.read_text()[-3000:]}")


def _free_port() -> int:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
