"""Pages are compressed as the browser accepts, once, and only where it is worth it."""

import gzip

import brotli
import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from bocage.ui.compression import middleware

TEXT = "Poireaux " * 400


def answer(accepts: str, content: str = TEXT, **headers: str) -> HttpResponse:
    request = RequestFactory().get("/", headers={"accept-encoding": accepts})
    return middleware(lambda _: HttpResponse(content, **headers))(request)


@pytest.mark.parametrize(
    ("accepts", "encoding", "unpack"), [("gzip, br", "br", brotli.decompress), ("gzip", "gzip", gzip.decompress)]
)
def test_a_long_text_is_compressed_as_the_browser_accepts(accepts, encoding, unpack):
    response = answer(accepts)

    assert (response["Content-Encoding"], response["Vary"]) == (encoding, "Accept-Encoding")
    assert unpack(response.content).decode() == TEXT
    assert int(response["Content-Length"]) == len(response.content) < len(TEXT)


@pytest.mark.parametrize(
    ("accepts", "content", "headers"),
    [("", TEXT, {}), ("br", "short", {}), ("br", TEXT, {"content_type": "image/webp"})],
)
def test_what_is_short_a_picture_or_not_accepted_stays_as_it_is(accepts, content, headers):
    response = answer(accepts, content, **headers)

    assert not response.has_header("Content-Encoding")
    assert response.content.decode() == content
