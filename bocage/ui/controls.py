"""A form's controls: which kind each is, and the attributes that tie it to its hint and its errors."""

from __future__ import annotations

from django import forms
from django.forms import BoundField
from django.utils.safestring import SafeString


def kind(field: BoundField) -> str:
    """Return how a field is laid out: input, select, textarea, checkbox, choices or file."""
    widget = field.field.widget
    kinds: list[tuple[type | tuple[type, ...], str]] = [
        (forms.CheckboxInput, "checkbox"),
        ((forms.RadioSelect, forms.CheckboxSelectMultiple), "choices"),
        (forms.Select, "select"),
        (forms.Textarea, "textarea"),
        (forms.FileInput, "file"),
    ]
    return next((name for widgets, name in kinds if isinstance(widget, widgets)), "input")


def control(field: BoundField, hint: str = "") -> SafeString:
    """Return a field's control as HTML, described by its hint (or its form's help text) and by its errors."""
    attrs: dict[str, str | bool] = {}
    if kind(field) in ("input", "select", "textarea", "file"):
        attrs["class"] = f"{field.field.widget.attrs.get('class', '')} input".strip()
    described = [f"{field.auto_id}_hint"] if hint or field.help_text else []
    described += [f"{field.auto_id}_error"] if field.errors else []
    if described and kind(field) != "choices":
        attrs["aria-describedby"] = " ".join(described)
    return field.as_widget(attrs=attrs)
