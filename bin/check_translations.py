"""Check that French says everything: each app's sentences, collected afresh, are translated, and none is fuzzy.

The sentences are collected in a copy of the app, so that a check never writes in the tree. Needs gettext.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
ADMIN = Path(sys.executable).parent / "django-admin"


def gaps(app: Path) -> list[str]:
    """Return the app's sentences that French lacks or only guesses."""
    with tempfile.TemporaryDirectory() as made:
        copy = Path(made) / app.name
        shutil.copytree(app, copy, ignore=shutil.ignore_patterns("static", "__pycache__", "tests", "*.mo"))
        (copy / "locale").mkdir(exist_ok=True)
        command = [ADMIN, "makemessages", "--locale", "fr", "--no-location", "--no-wrap", "--verbosity", "0"]
        without_settings = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        subprocess.run(command, cwd=copy, check=True, env=without_settings)
        found = copy / "locale" / "fr" / "LC_MESSAGES" / "django.po"
        if not found.exists():
            return []
        with found.open("rb") as file:
            catalogue = read_po(file)
    return [f"{app.name}: {_why(message)}: {message.id!r}" for message in catalogue if message.id and _why(message)]


def _why(message) -> str:
    said = message.string if isinstance(message.string, tuple) else (message.string,)
    return "fuzzy" if message.fuzzy else "" if all(said) else "not translated"


def main() -> int:
    if shutil.which("xgettext") is None:
        sys.stdout.write("gettext is not installed, so the sentences could not be collected\n")
        return 1 if os.environ.get("CI") == "true" else 0
    apps = sorted(path.parent for path in (ROOT / "bocage").glob("**/apps.py"))
    found = [line for app in apps for line in gaps(app)]
    sys.stdout.write("".join(f"{line}\n" for line in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
