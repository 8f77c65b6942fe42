"""What people type into the product table where their browser has no script, and the files they send."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bocage.assortment.files.reading import MOST_BYTES
from bocage.assortment.showing import Cell


class RowForm(forms.Form):
    """A row, cell by cell, with what each held when the page was shown (`seen-…`)."""

    def __init__(self, *data: Any, cells: Sequence[Cell], choices: dict[str, list[tuple[Any, str]]], **options: Any):
        super().__init__(*data, **options)
        for cell in cells:
            column = cell.column
            if column.choices:
                field: forms.Field = forms.ChoiceField(choices=choices[column.choices])
            else:
                field = forms.CharField(max_length=400)
            field.label, field.help_text, field.required = column.label, column.hint, False
            field.initial = cell.typed
            self.fields[column.key] = field

    def changed(self) -> list[tuple[str, str, str]]:
        """Return of each cell that was typed anew its column, what was typed, and what it held before."""
        return [
            (key, self.cleaned_data[key], self.data.get(f"seen-{key}", ""))
            for key in self.fields
            if key in self.data and self.cleaned_data[key] != self.data.get(f"typed-{key}", "")
        ]


class FileForm(forms.Form):
    """A spreadsheet to read."""

    file = forms.FileField(
        label=_("Your file"),
        help_text=_("CSV, XLSX or ODS, at most 20 MB and 50,000 rows. You see what would change before it does."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xls,.ods"}),
    )
    mode = forms.ChoiceField(
        label=_("What it is about"),
        choices=[
            ("products", _("Products of the farms that you manage")),
            ("inventory", _("Your own prices and stock of other farms’ products")),
        ],
        widget=forms.RadioSelect,
        initial="products",
    )
    empties_absent = forms.BooleanField(
        label=_("What the file does not name is sold out"),
        required=False,
        help_text=_("For the farms in the file: everything that is missing from it gets a stock of 0."),
    )

    def __init__(self, *data: Any, is_hub: bool, **options: Any):
        super().__init__(*data, **options)
        if not is_hub:
            self.fields["mode"].widget = forms.HiddenInput()

    def sent(self) -> tuple[bytes, str]:
        """Return the file, read no further than it may be big, and its name."""
        return self.cleaned_data["file"].read(MOST_BYTES + 1), self.cleaned_data["file"].name
