"""Refuse what belongs to one machine or one person in tracked files: registry addresses, absolute paths, keys."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SKIPPED = {"COPYING", "bin/check_words.py"}
FORBIDDEN = {
    "a registry's address": re.compile(
        r"--(?:extra-)?index-url|--find-links|\bregistry\s*=|(?:pypi|pythonhosted|npmjs)\.(?:org|com)/(?:simple|packages|-/)",
        re.I,
    ),
    "a path of one machine": re.compile(r"(?<![\w.])/(?:work|home|root|Users)/[\w.-]+/"),
    "a key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|\bsk_live_\w{8}|\bAKIA[0-9A-Z]{16}\b"),
    "an unmerged change": re.compile(r"^(?:<{7}|>{7}) ", re.M),
}


def findings(name: str) -> list[str]:
    """Return what is wrong with a tracked file, one line each; nothing for pictures and fonts."""
    try:
        text = (ROOT / name).read_text()
    except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
        return []
    return [
        f"{name}:{text.count(chr(10), 0, hit.start()) + 1}: {what}: {hit.group()!r}"
        for what, words in FORBIDDEN.items()
        for hit in words.finditer(text)
    ]


def main() -> int:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    names = [name for name in listed.split("\0") if name and name not in SKIPPED and "/vendor/" not in name]
    found = [line for name in names for line in findings(name)]
    sys.stdout.write("".join(f"{line}\n" for line in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
