"""What people type about order cycles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, cast

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bocage.order_cycles.actions import SeriesTerms
from bocage.order_cycles.queries import FeeChoice
from bocage.order_cycles.queries.planning import MethodChoice, Partner, PaymentWay
from bocage.order_cycles.rhythm import MOST_AHEAD, MOST_WEEKS, HandOverTime, Rhythm, days_from
from bocage.order_cycles.rules import Window
from bocage.ui import formats
from bocage.ui.fields import MomentField, TagsField, give_choices


class CycleForm(forms.Form):
    """A cycle's name and dates."""

    name = forms.CharField(label=pgettext_lazy("order cycle", "Name"), max_length=120)
    opens_at = MomentField(label=_("Opens"))
    closes_at = MomentField(label=_("Closes"))


class ReopenForm(forms.Form):
    """Until when a closed cycle takes orders again."""

    until = MomentField(label=_("Take orders until"))


class PartnerForm(forms.Form):
    """Who else takes part."""

    enterprise_id = forms.TypedChoiceField(label=_("Who"), coerce=int)

    def __init__(self, *data: Any, partners: Sequence[Partner], **options: Any):
        super().__init__(*data, **options)
        named = [(row.id, f"{row.name}, {row.town}" if row.town else row.name) for row in partners]
        give_choices(self, "enterprise_id", named)


class GoodsForm(forms.Form):
    """What one side of a cycle carries of the goods that were shown; the page draws the boxes itself."""

    shown = forms.MultipleChoiceField(required=False)
    variant_ids = forms.MultipleChoiceField(required=False)

    def __init__(self, *data: Any, **options: Any):
        super().__init__(*data, **options)
        for name in ("shown", "variant_ids"):
            typed = cast(QueryDict, self.data).getlist(name)
            give_choices(self, name, [(one, one) for one in typed if one.isascii() and one.isdigit() and len(one) < 18])

    def take(self) -> set[int]:
        """Return what was ticked."""
        return {int(one) for one in self.cleaned_data["variant_ids"]}

    def leave(self) -> set[int]:
        """Return what was shown and not ticked."""
        return {int(one) for one in self.cleaned_data["shown"]} - self.take()


class FeesForm(forms.Form):
    """Which fees count at one place of a cycle."""

    fee_ids = forms.TypedMultipleChoiceField(
        label=_("Fees"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *data: Any, fees: Sequence[FeeChoice], with_owner: bool = False, **options: Any):
        super().__init__(*data, **options)
        give_choices(self, "fee_ids", [(row.id, self._named(row, with_owner)) for row in fees])

    @staticmethod
    def _named(fee: FeeChoice, with_owner: bool) -> str:
        name = f"{fee.name} ({fee.enterprise})" if with_owner else fee.name
        return name if fee.is_on_lines else _("%(fee)s, once per order") % {"fee": name}


class InstructionsForm(forms.Form):
    """What partners must know."""

    instructions = forms.CharField(
        label=_("What they must know"), required=False, max_length=255, widget=forms.Textarea(attrs={"rows": 2})
    )
    bring_at = MomentField(label=_("Goods due"), required=False)

    def __init__(self, *data: Any, is_incoming: bool, **options: Any):
        super().__init__(*data, **options)
        if not is_incoming:
            del self.fields["bring_at"]


class HandOversForm(forms.Form):
    """When a hub hands over, one row per delivery method: whether, from, to."""

    def __init__(self, *data: Any, methods: Sequence[MethodChoice], **options: Any):
        super().__init__(*data, **options)
        self.methods = methods
        for row in methods:
            self.fields[f"does_{row.id}"] = forms.BooleanField(
                label=row.name, required=False, initial=row.window is not None
            )
            kept = row.window
            self.fields[f"from_{row.id}"] = MomentField(
                label=_("From"), required=False, initial=kept.starts_at if kept else None
            )
            self.fields[f"to_{row.id}"] = MomentField(
                label=_("To"), required=False, initial=kept.ends_at if kept else None
            )

    def rows(self) -> Iterator[tuple[BoundField, BoundField, BoundField]]:
        """Return the fields of each method together."""
        for row in self.methods:
            yield self[f"does_{row.id}"], self[f"from_{row.id}"], self[f"to_{row.id}"]

    def clean(self) -> dict[str, Any]:
        for row in self.methods:
            for name in (f"from_{row.id}", f"to_{row.id}"):
                if (
                    self.cleaned_data.get(f"does_{row.id}")
                    and name not in self.errors
                    and not self.cleaned_data.get(name)
                ):
                    self.add_error(name, _("Say when."))
        return self.cleaned_data

    def windows(self) -> list[Window]:
        """Return the hand-overs that were ticked."""
        typed = self.cleaned_data
        ticked = [row.id for row in self.methods if typed[f"does_{row.id}"]]
        return [Window(i, starts_at=typed[f"from_{i}"], ends_at=typed[f"to_{i}"]) for i in ticked]


class TermsForm(forms.Form):
    """How a hub is paid in a cycle, and the words its rules know the cycle by."""

    payment_ids = forms.TypedMultipleChoiceField(
        label=_("Ways to pay"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all that the hub has, also those to come."),
    )
    tags = TagsField(label=_("Tags of this order cycle"), help_text=_("For your rules about who is shown what."))

    def __init__(self, *data: Any, payments: Sequence[PaymentWay], **options: Any):
        super().__init__(*data, **options)
        give_choices(self, "payment_ids", [(row.id, row.name) for row in payments])


class HourField(forms.TimeField):
    """An hour of the clock on the wall."""

    def __init__(self, **options: Any):
        widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        super().__init__(widget=widget, input_formats=["%H:%M", "%H:%M:%S"], **options)


class DayField(forms.DateField):
    """A day of the calendar."""

    def __init__(self, **options: Any):
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class SeriesForm(forms.Form):
    """How sales recur: from which weekday and hour to which, and when all is handed over."""

    name = forms.CharField(
        label=_("What each is called"), max_length=80, help_text=_("{day} becomes the day of the hand-over.")
    )
    every_weeks = forms.IntegerField(label=_("Every how many weeks"), min_value=1, max_value=MOST_WEEKS, initial=1)
    from_on = DayField(label=_("From when on"), help_text=_("The first one opens on that day or later."))
    opens_day = forms.TypedChoiceField(label=_("Opens on"), coerce=int)
    opens = HourField(label=pgettext_lazy("hour", "at"))
    closes_day = forms.TypedChoiceField(label=_("Closes on"), coerce=int)
    closes = HourField(label=pgettext_lazy("hour", "at"))
    hand_over_day = forms.TypedChoiceField(label=_("Hand-over on"), coerce=int, empty_value=None, required=False)
    hand_over_starts = HourField(label=_("From"), required=False)
    hand_over_ends = HourField(label=_("To"), required=False)
    skip_months = forms.TypedMultipleChoiceField(
        label=_("Not in"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    ahead = forms.IntegerField(label=_("How many stand ready"), min_value=1, max_value=MOST_AHEAD, initial=4)

    def __init__(self, *data: Any, **options: Any):
        super().__init__(*data, **options)
        week = [(number, name) for number, name in enumerate(formats.weekdays())]
        for field in ("opens_day", "closes_day"):
            give_choices(self, field, week)
        give_choices(self, "hand_over_day", [("", _("As in the order cycle it starts from")), *week])
        give_choices(self, "skip_months", list(enumerate(formats.months(), start=1)))

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if typed.get("hand_over_day") is not None:
            for name in ("hand_over_starts", "hand_over_ends"):
                if name not in self.errors and typed.get(name) is None:
                    self.add_error(name, _("Say when."))
        return typed

    def terms(self) -> SeriesTerms:
        """Return what was typed as the terms of a series."""
        typed = self.cleaned_data
        opens, closes = typed["opens"], typed["closes"]
        hand_over = None
        if typed["hand_over_day"] is not None:
            starts = typed["hand_over_starts"]
            after = days_from(typed["closes_day"], typed["hand_over_day"], first_at=closes, last_at=starts)
            hand_over = HandOverTime(after, starts, typed["hand_over_ends"])
        from_on = typed["from_on"]
        rhythm = Rhythm(
            every_weeks=typed["every_weeks"],
            starts_on=from_on + timedelta(days=(typed["opens_day"] - from_on.weekday()) % 7),
            opens=opens,
            closes_after=days_from(typed["opens_day"], typed["closes_day"], first_at=opens, last_at=closes),
            closes=closes,
            hand_over=hand_over,
            skip_months=frozenset(typed["skip_months"]),
        )
        return SeriesTerms(name=typed["name"], rhythm=rhythm, ahead=typed["ahead"])

    @staticmethod
    def as_typed(name: str, rhythm: Rhythm, ahead: int) -> dict[str, Any]:
        """Return a series as its form shows it."""
        closes_day = (rhythm.starts_on.weekday() + rhythm.closes_after) % 7
        hand_over = rhythm.hand_over
        return {
            "name": name,
            "every_weeks": rhythm.every_weeks,
            "from_on": rhythm.starts_on,
            "opens_day": rhythm.starts_on.weekday(),
            "opens": rhythm.opens,
            "closes_day": closes_day,
            "closes": rhythm.closes,
            "hand_over_day": (closes_day + hand_over.after_days) % 7 if hand_over else "",
            "hand_over_starts": hand_over.starts if hand_over else None,
            "hand_over_ends": hand_over.ends if hand_over else None,
            "skip_months": sorted(rhythm.skip_months),
            "ahead": ahead,
        }


class PauseForm(forms.Form):
    """Days on which a series does not sell."""

    first_on = DayField(label=_("Not from"))
    last_on = DayField(label=pgettext_lazy("day", "to"), required=False, help_text=_("Empty for one day only."))
