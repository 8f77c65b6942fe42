"""What is typed about statements: which sale, what is not right, the answer, a payment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bocage.settlements.queries import Payable
from bocage.settlements.rules import ListMoved
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


class TransfersForm(forms.Form):
    """Which statements a file of transfers pays, and when; each choice says in how many files it was shown to be."""

    chosen = forms.MultipleChoiceField(
        label=_("Statements"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _(ListMoved.message), "required": _("Choose at least one statement.")},
    )
    on = forms.DateField(
        label=_("The bank sends the money on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, rows: Iterable[Payable], today: date, **options: Any) -> None:
        offered = [(f"{one.row.id}:{len(one.files)}", one) for one in rows if one.row.iban]
        fresh = [value for value, one in offered if not one.files]
        super().__init__(*args, **options)
        self.initial = {"chosen": fresh, "on": today}
        self.today = today
        give_choices(self, "chosen", [(value, _in_words(one)) for value, one in offered])

    def clean_chosen(self) -> dict[int, int]:
        pairs = (value.partition(":") for value in self.cleaned_data["chosen"])
        return {int(pk): int(seen) for pk, _colon, seen in pairs}

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if not self.today <= on <= self.today + timedelta(days=90):
            raise forms.ValidationError(_("Choose today or a day of the next three months."), code="day")
        return on


def _in_words(one: Payable) -> str:
    row = one.row
    words = f"{row.farm}, {formats.money(row.left)} ({row.number}, {row.sale})"
    if one.files:
        already = gettext("already in %(files)s") % {"files": ", ".join(one.files)}
        words = f"{words} · {already}"
    return words


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
