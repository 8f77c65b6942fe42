"""Answering a request: a whole page or, for htmx, a named part of it; refusals shown in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, Any

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext

from bocage.commons.money import Money
from bocage.commons.refusals import Forbidden, NotFound, Refused


class PageRequest(HttpRequest):
    """A request with its moment (infra.clock), for the types of views below the network."""

    now: datetime


def page(request: HttpRequest, template: str, *, part: str = "", status: int = 200, **context: Any) -> HttpResponse:
    """Return `template` rendered; for an htmx request that wants a part, only its partial named `part`."""
    wants_part = part and getattr(request, "htmx", None) and not request.htmx.boosted  # type: ignore[attr-defined]
    return render(request, f"{template}#{part}" if wants_part else template, context, status=status)


def go(request: HttpRequest, url: str) -> HttpResponse:
    """Send the browser on to `url` after a write, also when htmx asked."""
    if getattr(request, "htmx", None):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url, status=303)


def send_file(write: Callable[[IO[bytes]], object], *, name: str, content_type: str) -> FileResponse:
    """Send what `write` puts into a file as a download called `name`; memory stays flat, the file goes with the answer."""
    file = TemporaryFile()  # noqa: SIM115  the response closes it
    try:
        write(file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=content_type)


def say(refusal: Refused) -> str:
    """Return a refusal as a sentence in the present language, amounts and moments written as people read them."""
    values = {key: _written(value) for key, value in refusal.values.items()}
    sentence = gettext(refusal.message)
    return sentence % values if values else sentence


def _written(value: Any) -> Any:
    from bocage.ui.formats import day_hour, money

    if isinstance(value, Money):
        return money(value)
    return day_hour(value) if isinstance(value, datetime) else value


@contextmanager
def showing_refusals(form: forms.BaseForm) -> Iterator[None]:
    """Turn a refusal into an error of `form`; Forbidden and NotFound pass through to their own pages."""
    try:
        yield
    except (Forbidden, NotFound):
        raise
    except Refused as refusal:
        form.is_valid()
        form.add_error(None, forms.ValidationError(say(refusal), code=refusal.code))
