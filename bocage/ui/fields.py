"""Form fields for what people type everywhere: amounts, percents, moments; cleaned to whole numbers and aware datetimes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from html import unescape
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.html import linebreaks
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bocage.commons.money import MINOR_DIGITS, parse_minor

MARK = re.compile(r"<[a-z/!]", re.IGNORECASE)
DECIMAL = {"inputmode": "decimal", "autocomplete": "off"}


def give_choices(form: forms.BaseForm, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Let the field `name` of a form offer `choices`, (value, label) each, that are known only when it is shown."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


class MoneyField(forms.CharField):
    """An amount as people write it, `12,50`; cleaned to whole minor units, None where nothing is typed."""

    def __init__(self, *, currency: str = "EUR", **options: Any):
        self.currency = currency
        super().__init__(widget=forms.TextInput(attrs=DECIMAL), **{"max_length": 20, **options})

    def to_python(self, value: Any) -> Any:
        typed = super().to_python(value)
        if not typed:
            return None
        try:
            return parse_minor(typed, self.currency)
        except ValueError:
            raise forms.ValidationError(_("Write an amount such as 12.50."), code="amount") from None

    def prepare_value(self, value: Any) -> Any:
        return _written(value, MINOR_DIGITS[self.currency]) if isinstance(value, int) else value

    def validate(self, value: Any) -> None:
        forms.Field.validate(self, value)

    def run_validators(self, value: Any) -> None:
        return None


class PercentField(forms.CharField):
    """A percent as people write it, `5,5`; cleaned to millionths: 55000. Nothing typed is 0 where not required."""

    def __init__(self, **options: Any):
        super().__init__(widget=forms.TextInput(attrs=DECIMAL), **{"max_length": 12, **options})

    def to_python(self, value: Any) -> Any:
        typed = (super().to_python(value) or "").replace("%", "").replace(",", ".").strip()
        if not typed:
            return None if self.required else 0
        try:
            millionths = Decimal(typed).scaleb(4)
        except InvalidOperation:
            millionths = Decimal("0.1")
        if not millionths.is_finite() or millionths != int(millionths) or abs(millionths) > 10_000_000:
            raise forms.ValidationError(_("Write a percentage such as 5.5."), code="percent")
        return int(millionths)

    def prepare_value(self, value: Any) -> Any:
        return _written(value, 4, trim=True) if isinstance(value, int) else value

    def validate(self, value: Any) -> None:
        forms.Field.validate(self, value)

    def run_validators(self, value: Any) -> None:
        return None


class MomentField(forms.DateTimeField):
    """A day and an hour on the wall clock of the place; cleaned to an aware datetime."""

    def __init__(self, **options: Any):
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
        super().__init__(widget=widget, input_formats=formats, **options)


class TagsInput(forms.TextInput):
    """Words separated by commas; proposes `known` ones (component `tags_input`)."""

    template_name = "ui/tags_input.html"
    known: Sequence[str] = ()

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        widget = self.get_context(name, value, attrs)["widget"]
        rest = {name: one for name, one in widget["attrs"].items() if name not in ("id", "class")}
        said = widget | {"known": self.known, "id": widget["attrs"].get("id", ""), "extra": rest}
        return render_to_string(self.template_name, {"widget": said})


class TagsField(forms.CharField):
    """Tags as people write them, `pro, local`; the action that keeps them tidies them."""

    widget = TagsInput

    def __init__(self, **options: Any):
        super().__init__(**{"max_length": 800, "required": False, **options})

    def prepare_value(self, value: Any) -> Any:
        kept = isinstance(value, str) and ", " not in value
        return value.replace(",", ", ") if kept else value

    def propose(self, known: Sequence[str]) -> None:
        """Propose these words to whoever writes."""
        assert isinstance(self.widget, TagsInput)
        self.widget.known = known


def propose_tags(form: forms.BaseForm, name: str, known: Sequence[str]) -> None:
    """Let the field `name` of a form propose the tags that are `known` already."""
    field = form.fields[name]
    assert isinstance(field, TagsField)
    field.propose(known)


class RichField(forms.CharField):
    """A text of some paragraphs, kept as HTML: typed plainly with blank lines between them, or with marks of one's own.

    What it returns is not yet safe: the action that keeps it cleans it.
    """

    def __init__(self, *, rows: int = 4, **options: Any):
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **{"max_length": 10_000, **options})

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value) or ""
        return typed if MARK.search(typed) else linebreaks(typed, autoescape=True) if typed else ""

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        plain = re.sub(r"<br ?/?>", "\n", re.sub(r"</p>\s*<p>", "\n\n", value.strip()))
        plain = plain.removeprefix("<p>").removesuffix("</p>")
        return value if MARK.search(plain) else unescape(plain)


def _written(number: int, digits: int, *, trim: bool = False) -> str:
    text = f"{Decimal(number).scaleb(-digits):f}"
    if trim and "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", ",") if (get_language() or "fr").startswith("fr") else text
