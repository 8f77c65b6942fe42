"""Stored pictures, served as they are: named by content, so that whoever has one never asks again."""

from __future__ import annotations

import re

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

from bocage.commons.refusals import NotFound

NAMED_BY_CONTENT = re.compile(r"[a-z]+/[0-9a-f]{2}/[0-9a-f]{32}-\d{1,4}\.webp", re.ASCII)
HEADERS = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}


@require_safe
def media(request: HttpRequest, path: str) -> FileResponse:
    """Serve a picture that was stored under a name made of its content; nothing else is here. Raises NotFound."""
    if NAMED_BY_CONTENT.fullmatch(path) is None or not default_storage.exists(path):
        raise NotFound
    return FileResponse(default_storage.open(path), content_type="image/webp", headers=HEADERS)
