"""What shops and the cooperative type about contributions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bocage.ui.fields import MoneyField, PercentField


class FreeForm(forms.Form):
    """An amount that is given freely."""

    amount = MoneyField(label=_("What you give, VAT included"), help_text=_("0 is fine too, and needs no reason."))
    is_standing = forms.BooleanField(label=_("Each month until I change it"), required=False)


class SolidarityForm(forms.Form):
    words = forms.CharField(
        label=_("How things are, in your own words"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("No papers. Three members at least read it, nobody else."),
    )


class InstalmentForm(forms.Form):
    count = forms.TypedChoiceField(
        label=_("In how many months"), choices=[(n, str(n)) for n in range(2, 7)], coerce=int
    )


class PaymentForm(forms.Form):
    bill_id = forms.IntegerField(widget=forms.HiddenInput)
    amount = MoneyField(label=_("What came"))
    on = forms.DateField(label=_("On"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    note = forms.CharField(label=_("A word about it"), max_length=120, required=False)


class CommitteeForm(forms.Form):
    """A decision of the committee: who decided, and why."""

    committee = forms.CharField(
        label=_("Who decided"), max_length=300, help_text=_("At least three names, separated by commas.")
    )

    def names(self) -> list[str]:
        return [name.strip() for name in self.cleaned_data["committee"].split(",") if name.strip()]


class GrantForm(CommitteeForm):
    percent = forms.TypedChoiceField(
        label=_("Less by"),
        choices=[(0, _("nothing this time")), *((n, f"{n} %") for n in (25, 50, 75, 100))],
        coerce=int,
    )
    months = forms.TypedChoiceField(
        label=_("For how many months"), choices=[(n, str(n)) for n in range(1, 7)], coerce=int
    )
    reply = forms.CharField(label=_("What you answer them"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class RestrictionForm(CommitteeForm):
    reasons = forms.CharField(label=_("The reasons"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class TariffForm(forms.Form):
    """Terms to try on the last twelve months."""

    rate = PercentField(label=_("Percentage of the turnover"))
    threshold = MoneyField(label=_("Free below, a month"), required=False)
    fixed = MoneyField(label=_("Fixed part, a month"), required=False)
    cap_monthly = MoneyField(label=_("At most, a month"), required=False)

    def terms(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {name: given[name] for name in ("rate", "threshold", "fixed", "cap_monthly") if given.get(name)}
