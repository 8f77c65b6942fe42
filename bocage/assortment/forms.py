"""What people type into the product table where their browser has no script, and the files they send."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

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
