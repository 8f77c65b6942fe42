"""Stored pictures, served as they are: named by content, so that whoever has one never asks again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.apps import apps
from django.core.files.storage import default_storage
from django.db.models import FileField
from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

from bocage.commons.refusals import NotFound
from bocage.infra.models import Leftover

NAMED_BY_CONTENT = re.compile(r"([a-z]+/[0-9a-f]{2}/[0-9a-f]{32})-\d{1,4}\.webp", re.ASCII)
FIELD = "picture"  # every column of this name, of whatever table, may hold the path of a stored picture; no other does
GRACE = timedelta(days=2)  # pages that were opened before still show what was replaced meanwhile
HEADERS = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}


@require_safe
def media(request: HttpRequest, path: str) -> FileResponse:
    """Serve a picture that was stored under a name made of its content; nothing else is here. Raises NotFound."""
    if NAMED_BY_CONTENT.fullmatch(path) is None or not default_storage.exists(path):
        raise NotFound
    return FileResponse(default_storage.open(path), content_type="image/webp", headers=HEADERS)


def sweep(*, now: datetime) -> int:
    """Delete the pictures that nothing has referred to for two days, all sizes of each; return how many files.

    A column holds the path of one size; the others are named like it. What is not named as `media` serves it is not ours.
    """
    shown = {_stem(path) for path in _referred()}
    left = {path for path in _stored() if _stem(path) not in shown}
    known = set(Leftover.objects.values_list("path", flat=True))
    Leftover.objects.filter(path__in=known - left).delete()
    Leftover.objects.bulk_create(
        [Leftover(path=path, since=now) for path in sorted(left - known)], ignore_conflicts=True
    )
    due = list(Leftover.objects.filter(since__lte=now - GRACE).order_by("path").values_list("path", flat=True))
    for path in due:
        default_storage.delete(path)
    Leftover.objects.filter(path__in=due).delete()
    return len(due)


def _stem(path: str) -> str:
    named = NAMED_BY_CONTENT.fullmatch(path)
    return named[1] if named else path


def _referred() -> Iterator[str]:
    """The paths of stored pictures in all tables; drawings of ours are static files and lie elsewhere."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.name == FIELD or isinstance(field, FileField):
                yield from (
                    model._default_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True).distinct()
                )


def _stored() -> Iterator[str]:
    for kind in _folders(""):
        for shelf in _folders(kind):
            for name in default_storage.listdir(shelf)[1]:
                if NAMED_BY_CONTENT.fullmatch(path := f"{shelf}/{name}"):
                    yield path


def _folders(within: str) -> list[str]:
    if within == "" and not default_storage.exists(""):
        return []
    return [f"{within}/{name}" if within else name for name in default_storage.listdir(within)[0]]
