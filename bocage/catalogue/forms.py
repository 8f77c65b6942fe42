"""What people type about goods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bocage.catalogue.drawings import drawings
from bocage.catalogue.queries import CategoryRow, Choice
from bocage.catalogue.rules import MOST_BYTES, MOST_YIELDED, ProductDetails, VariantDetails
from bocage.commons.measures import measure_of, parse_number, size_of, typed
from bocage.pricing.queries import RateRow
from bocage.ui.fields import MoneyField, RichField, give_choices

PIECES = "items"
MEASURES_TO_CHOOSE: list[tuple[Any, Any]] = [
    (_("Weight"), [(code, code) for code in ("g", "kg", "t", "mg")]),
    (_("Volume"), [(code, code) for code in ("L", "cL", "mL", "dL", "kL")]),
    (PIECES, pgettext_lazy("unit", "pieces")),
    (_("Imperial measures"), [("oz", _("oz (ounce)")), ("lb", _("lb (pound)")), ("gal", _("gal (gallon)"))]),
]


class ProductForm(forms.Form):
    """What is said of a product, whatever its size."""

    name = forms.CharField(label=pgettext_lazy("product", "Name"), max_length=255)
    category_id = forms.TypedChoiceField(label=_("Category"), coerce=int)
    description = RichField(label=_("Description"), required=False)
    origin = forms.CharField(label=_("Origin"), required=False, max_length=160)
    allergens = forms.CharField(label=_("Allergens"), required=False, max_length=255)
    keywords = forms.CharField(
        label=_("Other words people search it by"),
        required=False,
        max_length=255,
        help_text=_("Not shown in the shop."),
    )
    property_ids = forms.TypedMultipleChoiceField(
        label=_("What is true of it"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    inherits_properties = forms.BooleanField(
        label=_("What is true of all the farm’s products holds here too"), required=False
    )

    def __init__(self, *data: Any, categories: Sequence[CategoryRow], properties: Sequence[Choice], **options: Any):
        super().__init__(*data, **options)
        give_choices(self, "category_id", [("", "…"), *((row.id, _under(row)) for row in categories)])
        give_choices(self, "property_ids", [(row.id, row.name) for row in properties])

    def details(self, picture: str = "") -> ProductDetails:
        """Return what was typed, with the picture that stays."""
        values = {**self.cleaned_data, "property_ids": tuple(self.cleaned_data["property_ids"])}
        return ProductDetails(**values, picture=picture)


class PhotoForm(forms.Form):
    """A photo of a product."""

    photo = forms.FileField(
        label=_("A photo from your device"),
        help_text=_("JPEG, PNG or WebP, at most 10 MB. We show its middle as a square."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    def sent(self) -> bytes:
        """Return the file, read no further than a photo may be big."""
        return self.cleaned_data["photo"].read(MOST_BYTES + 1)


class DrawingForm(forms.Form):
    """One of our drawings, or none: the category's."""

    picture = forms.ChoiceField(label=_("Drawing"), required=False)

    def __init__(self, *data: Any, **options: Any):
        super().__init__(*data, **options)
        give_choices(self, "picture", [("", ""), *((one.path, one.label) for one in drawings())])


class VariantForm(forms.Form):
    """One size of a product and its price."""

    size = forms.CharField(
        label=_("How much one contains"),
        max_length=24,
        help_text=_("A number: 800, or 1.5."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    measure = forms.ChoiceField(label=pgettext_lazy("of a number", "Measured in"), choices=MEASURES_TO_CHOOSE)
    pack = forms.CharField(
        label=_("How it comes"), required=False, max_length=40, help_text=_("Bunch, jar, box … Empty: loose.")
    )
    price_minor = MoneyField(label=_("Price for one"))
    tax_rate_id = forms.TypedChoiceField(label=_("VAT"), coerce=int, required=False, empty_value=None)
    is_weighed = forms.BooleanField(
        label=_("Weighed when packed"), required=False, help_text=_("The customer pays for the final weight.")
    )
    name = forms.CharField(
        label=_("Name of this size"),
        required=False,
        max_length=120,
        help_text=_("Only if the size does not say it all."),
    )
    weight_g = forms.IntegerField(
        label=_("Net weight of pieces, in grams"),
        required=False,
        min_value=1,
        help_text=_("For the price per kilogram."),
    )
    sku = forms.CharField(label=_("Your own code"), required=False, max_length=60)
    is_for_sale = forms.BooleanField(
        label=_("For sale"), required=False, help_text=_("Untick it for a season: it is kept, and offered nowhere.")
    )

    source_yields = forms.IntegerField(
        label=_("How many come out of one"), min_value=1, max_value=MOST_YIELDED, help_text=_("10 bags of 1 kg: 10.")
    )
    splits_stock = forms.BooleanField(
        label=_("When none is ready, open one of the farm’s"),
        required=False,
        help_text=_("What the farm has in stock can be ordered too. Without it, only what you counted."),
    )

    def __init__(self, *data: Any, rates: Sequence[RateRow], is_resold: bool = False, **options: Any):
        super().__init__(*data, **options)
        give_choices(self, "tax_rate_id", [("", _("none")), *((row.id, row.name) for row in rates)])
        if not is_resold:
            del self.fields["source_yields"], self.fields["splits_stock"]

    def details(self, position: int = 0, kept: VariantDetails | None = None) -> VariantDetails:
        """Return what was typed, at its place among the sizes, made of what `kept` is made of."""
        said = {**self.cleaned_data}
        measure = measure_of(said.pop("measure"))
        unit, code = (measure.unit, measure.code) if measure else (PIECES, "")
        source_id = kept.source_id if kept else None
        return VariantDetails(**said, unit=unit, measure=code, source_id=source_id, position=position)

    def clean(self) -> dict[str, Any]:
        """Read the size in its measure: exact, above zero."""
        said = super().clean() or self.cleaned_data
        if "size" in said and "measure" in said:
            try:
                said["size"] = size_of(parse_number(said["size"]), measure_of(said["measure"]))
            except ValueError:
                self.add_error("size", _("Write a number above zero, such as 800 or 1.5, with at most six decimals."))
        return said


def typed_size(details: VariantDetails, language: str) -> dict[str, Any]:
    """Return what a form of a size starts with, as one would type it."""
    amount, code = typed(details.unit, details.size, details.measure)
    shown = amount.replace(".", ",") if language.startswith("fr") else amount
    return {**asdict(details), "size": shown, "measure": code or PIECES}


class PropertiesForm(forms.Form):
    """What is true of all products of a producer."""

    property_ids = forms.TypedMultipleChoiceField(
        label=_("What is true of all products"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *data: Any, properties: Sequence[Choice], **options: Any):
        super().__init__(*data, **options)
        give_choices(self, "property_ids", [(row.id, row.name) for row in properties])


def _under(row: CategoryRow) -> str:
    return f"{row.parent} › {row.name}" if row.parent else row.name
