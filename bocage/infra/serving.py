"""How the pages are served: granian, one process tree, workers and threads from the settings."""

import sys
from pathlib import Path

from bocage.settings import number, text


def web_server(*, host: str = "", port: int = 0) -> list[str]:
    """Return the command that serves the pages; what is not given comes from BOCAGE_HOST and BOCAGE_PORT.

    BOCAGE_WEB_WORKERS processes (2), each of BOCAGE_WEB_THREADS threads (4); a worker that dies is started anew.
    """
    words = {
        "--interface": "wsgi",
        "--host": host or text("HOST", "127.0.0.1"),
        "--port": port or number("PORT", 8000),
        "--workers": number("WEB_WORKERS", 2),
        "--blocking-threads": number("WEB_THREADS", 4),
        "--backlog": 2048,
        "--log-level": "warning",
        "--workers-kill-timeout": 10,
    }
    options = [str(word) for pair in words.items() for word in pair]
    granian = Path(sys.executable).parent / "granian"
    return [str(granian), *options, "--no-ws", "--respawn-failed-workers", "bocage.web.wsgi:application"]
