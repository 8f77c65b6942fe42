"""What people type about vouchers."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.timezone import get_current_timezone, localtime
from django.utils.translation import gettext_lazy as _

from bocage.shops.rules.vouchers import VoucherTerms
from bocage.ui.fields import MoneyField, PercentField


class VoucherForm(forms.Form):
    """A voucher: what it takes off, and its limits. Its code stays once it is made."""

    code = forms.CharField(
        label=_("Code"), max_length=40, required=False, help_text=_("Empty: we make one that nobody guesses.")
    )
    amount_minor = MoneyField(label=_("Amount off"), required=False)
    percent_millionths = PercentField(label=_("Or percentage off"), required=False)
    minimum_minor = MoneyField(
        label=_("From how much of products on"), required=False, help_text=_("Empty: whatever is ordered.")
    )
    last_day = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: until you end it."),
    )
    most_uses = forms.IntegerField(
        label=_("How often in all"), required=False, min_value=1, initial=1, help_text=_("Empty: without limit.")
    )
    most_per_customer = forms.IntegerField(
        label=_("How often per customer"), required=False, min_value=1, help_text=_("Empty: without limit.")
    )
    note = forms.CharField(label=_("Note"), max_length=160, required=False, help_text=_("Only you read it."))

    def __init__(self, *data: Any, has_code: bool = False, **options: Any):
        super().__init__(*data, **options)
        if has_code:
            self.fields["code"].disabled = self.fields["code"].required = True
            self.fields["code"].help_text = _("The code stays; make another voucher for another code.")

    @staticmethod
    def written(terms: VoucherTerms) -> dict[str, Any]:
        """Return a voucher as its form shows it."""
        shown = asdict(terms) | {
            "minimum_minor": terms.minimum_minor or None,
            "amount_minor": terms.amount_minor or None,
        }
        shown["percent_millionths"] = terms.percent_millionths or None
        shown["last_day"] = localtime(terms.expires_at - timedelta(seconds=1)).date() if terms.expires_at else None
        return shown

    def terms(self) -> VoucherTerms:
        """Return what was typed; the last day counts until midnight."""
        said = dict(self.cleaned_data)
        last_day = said.pop("last_day")
        expires_at = None
        if last_day is not None:
            expires_at = datetime.combine(last_day + timedelta(days=1), time.min, get_current_timezone())
        for name in ("amount_minor", "percent_millionths", "minimum_minor"):
            said[name] = said[name] or 0
        return VoucherTerms(**said, expires_at=expires_at)
