"""What people type about accounting: which months, which numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bocage.ledger.rules import accounts
from bocage.ui import formats

LINES = {
    "customer": _("Customers"),
    "producer": _("Owed to producers"),
    "goods": _("Sales of your own goods"),
    "fees": _("Your fees"),
    "delivery": _("Delivery charges"),
    "fees-other": _("Fees owed to other enterprises"),
    "vat": _("VAT at other rates"),
    "vat-input": _("Deductible VAT"),
    "agreed": _("Bought from farms, as agreed with them"),
    "cash": _("Cash box"),
    "cheques": _("Cheques"),
    "card": _("Card takings"),
    "online": _("Online payments"),
    "bank": _("Bank"),
    "takings": _("Other takings"),
    "capital": _("Share capital"),
    "credit": _("Prepaid by customers"),
    "gift": _("Gift vouchers to honour"),
    "allowance": _("Credits granted"),
}


class MonthField(forms.CharField):
    """A month as browsers write it, 2026-11; gives its first day."""

    def __init__(self, **values: Any) -> None:
        super().__init__(
            max_length=7, widget=forms.TextInput(attrs={"type": "month", "placeholder": "2026-11"}), **values
        )

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            month = date.fromisoformat(f"{text}-01")
        except ValueError:
            month = None
        if month is None or not 2000 <= month.year < 2200:
            raise forms.ValidationError(gettext("Write a month like 2026-11."), code="month")
        return month


class MonthsForm(forms.Form):
    """From which month to which."""

    since = MonthField(label=pgettext_lazy("first month", "From"))
    until = MonthField(label=pgettext_lazy("last month", "To"))

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if "since" in typed and "until" in typed and typed["since"] > typed["until"]:
            self.add_error("until", gettext("The last month comes before the first one."))
        return typed


class NumbersForm(forms.Form):
    """The number of each account, one field per line of the plan."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, numbers: Mapping[str, str], seen: int) -> None:
        super().__init__(data, initial={"seen": seen})
        for slot in accounts.DEFAULTS:
            self.fields[_name(slot)] = forms.CharField(
                label=_label(slot), initial=numbers[slot], max_length=12, strip=True,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        for slot in accounts.DEFAULTS:
            number = typed.get(_name(slot))
            if number and not accounts.is_number(number.upper()):
                self.add_error(_name(slot), gettext("Begin with three digits, then digits or capitals, 12 in all."))
        return typed

    def numbers(self) -> dict[str, str]:
        """Return line of the plan → number, as typed."""
        return {slot: self.cleaned_data[_name(slot)].upper() for slot in accounts.DEFAULTS}


def _name(slot: str) -> str:
    return slot.replace(":", "_")


def _label(slot: str) -> str:
    head, _colon, rate = slot.partition(":")
    return gettext("VAT at %(rate)s") % {"rate": formats.rate(int(rate))} if rate else str(LINES[head])
