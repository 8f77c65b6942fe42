"""Static files gathered for serving, only when one of them changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

MARK = ".fingerprint"


def collect_if_changed() -> bool:
    """Gather, name by content and compress all static files unless that was done for these very files."""
    mark, found = Path(settings.STATIC_ROOT) / MARK, fingerprint()
    if mark.exists() and mark.read_text() == found:
        return False
    call_command("collectstatic", verbosity=0, interactive=False, clear=mark.parent.exists())
    mark.write_text(found)
    return True


def fingerprint() -> str:
    """Return one text that changes when any static file is added, removed or edited, or its storage changes."""
    digest = hashlib.sha256(str(settings.STORAGES["staticfiles"]).encode())
    for line in sorted(_lines()):
        digest.update(line.encode())
    return digest.hexdigest()


def _lines() -> Iterator[str]:
    for finder in get_finders():
        for name, storage in finder.list([]):
            try:
                stat = Path(storage.path(name)).stat()
                yield f"{storage.path(name)} {stat.st_mtime_ns} {stat.st_size}"
            except NotImplementedError:  # a made file has no path: its content speaks
                with storage.open(name) as made:
                    yield f"{name} {hashlib.sha256(made.read()).hexdigest()}"
