"""What people type about money: charges and fees, own prices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bocage.pricing.queries import RateRow
from bocage.pricing.terms import FeeTerms
from bocage.ui.fields import MoneyField, PercentField, TagsField, give_choices

CALCULATORS = [
    ("percent", pgettext_lazy("calculator", "a percentage of the goods")),
    ("per_item", pgettext_lazy("calculator", "an amount per item")),
    ("per_kilogram", pgettext_lazy("calculator", "an amount per kilogram")),
    ("per_pound", pgettext_lazy("calculator", "an amount per pound")),
    ("flat", pgettext_lazy("calculator", "an amount per order")),
    ("sack", pgettext_lazy("calculator", "an amount per order, reduced from a total on")),
    ("flexible", pgettext_lazy("calculator", "an amount for the first item, another for each further one")),
]


USED = {
    "percent": {"percent_millionths"},
    "per_item": {"amount_minor"},
    "per_kilogram": {"amount_minor"},
    "per_pound": {"amount_minor"},
    "flat": {"amount_minor"},
    "sack": {"amount_minor", "threshold_minor", "reduced_minor"},
    "flexible": {"amount_minor", "additional_minor", "limit"},
}


KINDS = [
    ("packing", pgettext_lazy("fee", "packing")),
    ("transport", pgettext_lazy("fee", "transport")),
    ("admin", pgettext_lazy("fee", "coordination")),
    ("sales", pgettext_lazy("fee", "selling")),
    ("fundraising", pgettext_lazy("fee", "solidarity")),
]


TAXES = [
    ("none", pgettext_lazy("fee tax", "no VAT")),
    ("inherit", pgettext_lazy("fee tax", "the VAT of the goods")),
    ("own", pgettext_lazy("fee tax", "a rate of its own")),
]


class ChargeForm(forms.Form):
    """How an amount counts: shared by fees and delivery methods. What a way of counting does not use stays 0.

    The page shows only the amounts that the chosen way of counting uses (`styles/settings.css`).
    """

    def amounts(self) -> dict[str, Any]:
        """Return the amounts that count, 0 where nothing was typed and for those that the page does not show."""
        names = ("percent_millionths", "amount_minor", "additional_minor", "threshold_minor", "reduced_minor", "limit")
        used = USED[self.cleaned_data["calculator"]]
        return {name: self.cleaned_data.get(name) or 0 if name in used else 0 for name in names}

    def _offer_rates(self, rates: Sequence[RateRow]) -> None:
        give_choices(self, "tax_rate_id", [("", _("none")), *((row.id, row.name) for row in rates)])


class FeeForm(ChargeForm):
    """What an enterprise takes for its part of the work."""

    name = forms.CharField(label=_("Name customers read"), max_length=80)
    kind = forms.ChoiceField(label=_("For"), choices=KINDS)
    calculator = forms.ChoiceField(label=_("Counts as"), choices=CALCULATORS)
    percent_millionths = PercentField(label=_("Percentage"), required=False)
    amount_minor = MoneyField(
        label=_("Amount"), required=False, help_text=_("Per item, per kilogram, per order or for the first.")
    )
    additional_minor = MoneyField(label=_("For each further item"), required=False)
    limit = forms.IntegerField(label=_("Up to how many items"), required=False, min_value=0, max_value=9999)
    threshold_minor = MoneyField(label=_("Reduced from a total of"), required=False)
    reduced_minor = MoneyField(label=_("Reduced amount"), required=False)
    tax = forms.ChoiceField(label=_("VAT on it"), choices=TAXES)
    tax_rate_id = forms.TypedChoiceField(label=_("Its own rate"), coerce=int, required=False, empty_value=None)

    def __init__(self, *data: Any, rates: Sequence[RateRow], **options: Any):
        super().__init__(*data, **options)
        self._offer_rates(rates)

    def terms(self) -> FeeTerms:
        """Return what was typed."""
        plain = {name: self.cleaned_data[name] for name in ("name", "kind", "calculator", "tax", "tax_rate_id")}
        return FeeTerms(**plain, **self.amounts())


class ListingForm(forms.Form):
    """A hub's own price for one variant, or not to show it, and the words it goes by there."""

    price_minor = MoneyField(label=_("Your price"), required=False)
    is_hidden = forms.BooleanField(label=_("Not in our shop"), required=False)
    tags = TagsField(label=_("Tags"))
