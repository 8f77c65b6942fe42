"""What people type about order cycles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bocage.order_cycles.queries import FeeChoice
from bocage.order_cycles.queries.planning import MethodChoice, Partner
from bocage.order_cycles.rules import Window
from bocage.ui.fields import MomentField, give_choices


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
        named = [(row.id, f"{row.name} ({row.enterprise})" if with_owner else row.name) for row in fees]
        give_choices(self, "fee_ids", named)


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
