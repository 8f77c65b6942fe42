"""A mail's three texts (subject, plain, HTML) from its templates, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.template import Context, engines
from django.template.loader import get_template, render_to_string
from django.utils import translation


@dataclass(frozen=True, slots=True)
class Texts:
    """What a mail says: one line, the plain text, and its HTML twin."""

    subject: str
    text: str
    html: str


def render(template: str, *, language: str, context: Mapping[str, Any]) -> Texts:
    """Render `<template>.subject.txt`, `<template>.txt` and `<template>.html` in `language`."""
    with translation.override(language):
        subject = " ".join(_plain(f"{template}.subject.txt", context).split())
        text = _plain(f"{template}.txt", context).strip() + "\n"
        html = render_to_string(f"{template}.html", {**context, "subject": subject, "language": language})
    return Texts(subject, text, html)


def dress(subject: str, text: str, *, language: str, context: Mapping[str, Any]) -> Texts:
    """Give a ready plain text its HTML twin in our mail layout; its addresses become links."""
    with translation.override(language):
        more = {"subject": subject, "text": text, "language": language}
        return Texts(subject, text, render_to_string("messages/ready.html", {**context, **more}))


def _plain(name: str, context: Mapping[str, Any]) -> str:
    """Render a text template without HTML's escapes: « & » stays « & » in plain text."""
    get_template(name)  # a missing template is named here
    return engines["django"].engine.get_template(name).render(Context(dict(context), autoescape=False))  # type: ignore[attr-defined]
