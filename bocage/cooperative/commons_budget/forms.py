"""What the treasurer types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bocage.cooperative.commons_budget.actions import NewBooking
from bocage.cooperative.commons_budget.queries.keeping import YearRow
from bocage.cooperative.commons_budget.rules.kinds import BUDGETED, CATEGORIES, Income, Kind
from bocage.cooperative.commons_budget.words import CATEGORIES as WORDS
from bocage.cooperative.commons_budget.words import KINDS
from bocage.ledger.rules.chain import hash_of
from bocage.ui.fields import MoneyField, PercentField, give_choices

DAY = {"type": "date"}


class BookingForm(forms.Form):
    """Something that was paid or received."""

    what = forms.ChoiceField(label=_("What it is"))
    amount_minor = MoneyField(label=_("Amount"))
    on = forms.DateField(label=pgettext_lazy("booking", "Day"), widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY))
    label = forms.CharField(
        label=_("In a few words"), max_length=160, help_text=_("Who was paid, for what, the number of the paper.")
    )
    grant_id = forms.TypedChoiceField(
        label=_("Which grant or gift"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("That pays this cost, or that this money is of."),
    )
    shop_id = forms.TypedChoiceField(label=_("Which shop contributed"), coerce=int, empty_value=None, required=False)
    page = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)

    def __init__(
        self, *data: Any, grants: Sequence[tuple[int, str]], shops: Sequence[tuple[int, str]], **options: Any
    ) -> None:
        super().__init__(*data, **options)
        groups = [
            (KINDS[kind], [(f"{kind}:{one}", WORDS[str(one)]) for one in CATEGORIES[kind]]) for kind in CATEGORIES
        ]
        give_choices(self, "what", groups)
        give_choices(self, "grant_id", [("", "–"), *grants])
        give_choices(self, "shop_id", [("", "–"), *shops])

    def booking(self) -> NewBooking:
        """Return what is to be booked."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "page"}
        kind, _, category = said.pop("what").partition(":")
        if category != Income.CONTRIBUTION:
            said["shop_id"] = None
        return NewBooking(Kind(kind), category, **said)

    def key(self) -> str:
        """Return what two clicks on one page share: the same words sent twice are one booking, other words another one."""
        page = self.cleaned_data["page"] or uuid4()
        return f"page:{page}:{hash_of(repr(self.booking()).encode())[:16]}"


class ReversalForm(forms.Form):
    """Why an entry is taken back."""

    reason = forms.CharField(label=_("Why is it taken back?"), max_length=160)


class YearForm(forms.Form):
    """The budget of a year and what is expected of it."""

    decision = forms.CharField(
        label=_("Decided by"), max_length=60, required=False, help_text=_("Assembly and number of the decision.")
    )
    variable_minor = MoneyField(label=_("What one more shop costs a year"))
    turnover_minor = MoneyField(
        label=_("Online turnover of all shops, a year"), required=False, help_text=_("Left empty: not known yet.")
    )
    low_millionths = PercentField(label=_("Slow growth of shops, a month"))
    central_millionths = PercentField(label=_("Expected growth of shops, a month"))
    high_millionths = PercentField(label=_("Fast growth of shops, a month"))

    def __init__(self, *data: Any, kept: YearRow, **options: Any) -> None:
        names = ("variable_minor", "turnover_minor", "low_millionths", "central_millionths", "high_millionths")
        initial: dict[str, Any] = {name: getattr(kept, name) for name in names}
        initial["decision"] = next((said for _planned, said in kept.planned.values()), "")
        super().__init__(*data, **{**options, "initial": initial})
        for category in BUDGETED:
            planned = kept.planned.get(category)
            self.fields[category] = MoneyField(
                label=WORDS[str(category)], required=False, initial=planned[0] if planned else None
            )
        self.order_fields([*BUDGETED])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        below = [name for name, value in said.items() if isinstance(value, int) and value < 0]
        for name in below:
            self.add_error(name, _("Write zero or more."))
        return said

    def lines(self) -> dict[str, int]:
        """Return what is planned, minor units by category."""
        return {category: self.cleaned_data[category] or 0 for category in BUDGETED}

    def expected(self) -> dict[str, int | None]:
        """Return what the members expect of the year."""
        said = {name: self.cleaned_data[name] for name in self.cleaned_data if name.endswith(("_minor", "_millionths"))}
        return said | {"variable_minor": said["variable_minor"] or 0}


class GrantForm(forms.Form):
    """Money that was promised."""

    kind = forms.ChoiceField(
        label=_("What it is"), choices=[(one, WORDS[one]) for one in ("grant", "donation", "prize")]
    )
    giver = forms.CharField(label=_("Who gives this money"), max_length=120)
    purpose = forms.CharField(label=_("What for"), max_length=200)
    amount_minor = MoneyField(label=_("Amount"))
    starts_on = forms.DateField(
        label=pgettext_lazy("first day", "From"), widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY)
    )
    ends_on = forms.DateField(label=pgettext_lazy("day", "To"), widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY))
