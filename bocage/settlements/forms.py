"""What is typed about statements: which sale, what is not right, the answer, a payment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bocage.ui import formats
from bocage.ui.fields import MoneyField, give_choices

TWO_YEARS = timedelta(days=731)


class SaleForm(forms.Form):
    """Of which closed sale statements are drawn up."""

    cycle_id = forms.TypedChoiceField(label=_("Sale"), coerce=int)

    def __init__(self, *args: Any, sales: Iterable[tuple[int, str, datetime]], **options: Any) -> None:
        super().__init__(*args, **options)
        offered = [(pk, f"{name}, {formats.short_day(at)}") for pk, name, at in sales]
        self.has_sales = bool(offered)
        give_choices(self, "cycle_id", offered)


class ShownForm(forms.Form):
    """The sum that was shown, in minor units, to whoever says yes to it."""

    shown = forms.IntegerField(widget=forms.HiddenInput)


class ContestForm(forms.Form):
    reason = forms.CharField(label=_("What is not right?"), max_length=300, required=False)


class AnswerForm(forms.Form):
    """Words, and by how much the statement changes; nothing typed is a refusal."""

    words = forms.CharField(label=_("Your answer"), max_length=300, required=False)
    correction = MoneyField(
        label=_("Correction, VAT included"),
        help_text=_("Such as 4.50, or −4.50 to take off. Leave it empty to refuse."),
        required=False,
    )


class PaymentForm(forms.Form):
    amount = MoneyField(label=_("Amount"))
    on = forms.DateField(label=_("Paid on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    reference = forms.CharField(label=_("Reference of the transfer"), max_length=60)

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if not self.today - TWO_YEARS <= on <= self.today:
            raise forms.ValidationError(_("Choose a day of the last two years, not one to come."), code="day")
        return on
