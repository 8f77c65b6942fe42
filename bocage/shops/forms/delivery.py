"""What people type about places, and the ways to get orders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bocage.pricing.queries import RateRow
from bocage.shops.forms.money import CALCULATORS, ChargeForm
from bocage.shops.queries import PointRow
from bocage.shops.rules import MethodDetails, PointDetails
from bocage.ui.fields import MoneyField, PercentField, TagsField, give_choices


class PointForm(forms.Form):
    """A place where a hub hands over."""

    name = forms.CharField(label=_("Name"), max_length=120)
    street = forms.CharField(label=_("Street"), required=False, max_length=160)
    postcode = forms.CharField(label=_("Postcode"), required=False, max_length=12)
    town = forms.CharField(label=_("Town"), max_length=80)
    directions = forms.CharField(label=_("How to find it"), required=False, max_length=255)
    latitude = forms.DecimalField(
        label=_("Latitude"), required=False, max_digits=9, decimal_places=6, min_value=-90, max_value=90
    )
    longitude = forms.DecimalField(
        label=_("Longitude"), required=False, max_digits=9, decimal_places=6, min_value=-180, max_value=180
    )

    def details(self) -> PointDetails:
        """Return what was typed."""
        return PointDetails(**self.cleaned_data)


class MethodForm(ChargeForm):
    """A way to get an order, and its charge."""

    kind = forms.ChoiceField(
        label=_("How"),
        choices=[
            ("pickup", pgettext_lazy("method", "fetched at a pickup point")),
            ("delivery", pgettext_lazy("method", "brought to an address")),
        ],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label=_("Name customers read"), max_length=120)
    point_id = forms.TypedChoiceField(label=_("Pickup point"), coerce=int, required=False, empty_value=None)
    postcodes = forms.CharField(
        label=_("Only to postcodes beginning with"),
        required=False,
        max_length=255,
        help_text=_("For deliveries, separated by commas. Empty: everywhere."),
    )
    description = forms.CharField(label=_("What to know"), required=False, max_length=255)
    tags = TagsField(label=_("Tags"), help_text=_("For your rules about who is shown what."))
    calculator = forms.ChoiceField(label=_("The charge counts as"), choices=CALCULATORS, initial="flat")
    amount_minor = MoneyField(label=_("Amount"), required=False, help_text=_("Empty: free."))
    percent_millionths = PercentField(label=_("Percentage"), required=False)
    threshold_minor = MoneyField(label=_("Reduced from a total of"), required=False)
    reduced_minor = MoneyField(label=_("Reduced amount"), required=False)
    additional_minor = MoneyField(label=_("For each further item"), required=False)
    limit = forms.IntegerField(label=_("Up to how many items"), required=False, min_value=0, max_value=9999)
    tax_rate_id = forms.TypedChoiceField(label=_("VAT"), coerce=int, required=False, empty_value=None)

    def __init__(self, *data: Any, rates: Sequence[RateRow], points: Sequence[PointRow], **options: Any):
        super().__init__(*data, **options)
        self._offer_rates(rates)
        give_choices(self, "point_id", [("", "…"), *((row.id, row.details.name) for row in points)])

    def details(self, position: int = 0) -> MethodDetails:
        """Return what was typed, at its place among the methods."""
        names = ("kind", "name", "point_id", "postcodes", "description", "calculator", "tax_rate_id", "tags")
        return MethodDetails(**{name: self.cleaned_data[name] for name in names}, **self.amounts(), position=position)
