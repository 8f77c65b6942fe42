"""What people type into the product table where their browser has no script, and the files they send."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bocage.assortment.files.reading import MOST_BYTES
from bocage.assortment.showing import Cell
from bocage.catalogue.forms import VariantForm, typed_size
from bocage.catalogue.queries import SourceRow
from bocage.catalogue.rules import VariantDetails, yields_of
from bocage.stock.rules import MOST
from bocage.ui.fields import give_choices


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


class ResaleForm(VariantForm):
    """A size of a hub's own that is made of a farm's goods: what it is, how many come out of one, at what price."""

    product_id = forms.TypedChoiceField(label=_("It becomes"), coerce=int, required=False, empty_value=None)
    name_of_product = forms.CharField(label=_("Name of your product"), max_length=255)
    on_hand = forms.IntegerField(
        label=_("How many are ready now"), required=False, min_value=0, max_value=MOST, help_text=_("Empty: none yet.")
    )

    def __init__(
        self, *data: Any, source: SourceRow, products: Sequence[tuple[int, str]], language: str, **options: Any
    ):
        self.source = source
        start = {
            **typed_size(source.details, language),
            "size": "",
            "name": "",
            "sku": "",
            "pack": "",
            "price_minor": None,
            "is_for_sale": True,
            "splits_stock": True,
            "source_yields": None,
            "name_of_product": source.product,
            "product_id": products[0][0] if products else "",
        }
        super().__init__(*data, is_resold=True, initial=start, **options)
        self.fields["source_yields"].required = False
        self.fields["source_yields"].help_text = _("Empty: as many as the sizes say.")
        give_choices(self, "product_id", [("", _("a new product")), *products])
        if not products:
            self.fields["product_id"].widget = forms.HiddenInput()

    def details(self, position: int = 0, kept: VariantDetails | None = None) -> VariantDetails:
        """Return what was typed, made of the source; where nobody said how many, as many as go into one."""
        said = {**self.cleaned_data}
        try:
            for name in ("product_id", "name_of_product", "on_hand"):
                self.cleaned_data.pop(name, None)
            found = super().details(position, replace(self.source.details, source_id=self.source.id))
        finally:
            self.cleaned_data = said
        if found.source_yields is None and found.unit == self.source.details.unit:
            found = replace(found, source_yields=yields_of(self.source.details.size, found.size))
        return found


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
