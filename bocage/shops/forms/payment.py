"""What people type about the ways to pay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bocage.payments.rules import Charging
from bocage.pricing.queries import RateRow
from bocage.ui.fields import MoneyField, PercentField, TagsField, give_choices

PAYMENT_KINDS = [
    ("on_site", pgettext_lazy("payment", "on the spot")),
    ("transfer", pgettext_lazy("payment", "by transfer")),
    ("card", pgettext_lazy("payment", "by card, online")),
]


class PaymentForm(forms.Form):
    """A way to pay a hub."""

    kind = forms.ChoiceField(label=_("How"), choices=PAYMENT_KINDS, widget=forms.RadioSelect)
    name = forms.CharField(label=_("Name customers read"), max_length=120)
    instructions = forms.CharField(
        label=_("What to know"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Cash, cheque, card? To whose order? By when?"),
    )
    charge_minor = MoneyField(
        label=_("Charge per order"), required=False, help_text=_("Empty: paying so costs nothing more.")
    )
    charge_millionths = PercentField(label=_("Or a percentage of the products"), required=False)
    charge_tax_id = forms.TypedChoiceField(label=_("VAT on the charge"), coerce=int, required=False, empty_value=None)
    tags = TagsField(label=_("Tags"), help_text=_("For your rules about who is shown what."))

    def __init__(self, *data: Any, rates: Sequence[RateRow] = (), **options: Any):
        super().__init__(*data, **options)
        give_choices(self, "charge_tax_id", [("", _("none")), *((row.id, row.name) for row in rates)])

    def said(self) -> dict[str, Any]:
        """Return what was typed, the charge as one thing."""
        said = dict(self.cleaned_data)
        minor, millionths, rate = (said.pop(f"charge_{name}") for name in ("minor", "millionths", "tax_id"))
        charge = Charging(max(minor or 0, 0), max(millionths or 0, 0), rate if minor or millionths else None)
        return {**said, "charge": charge}


class DebtsForm(forms.Form):
    """Up to which amount debts go with the next order."""

    up_to = MoneyField(
        label=_("Small debts, up to"), required=False,
        help_text=_("What is left to pay of an order goes with the next one. Empty: never."),
    )  # fmt: skip
