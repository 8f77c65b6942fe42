"""What people type who count stock."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bocage.stock.rules import MOST


class CountForm(forms.Form):
    """How many there are, or that it is made on demand; for a hub's own stock neither: as the producer has it."""

    on_hand = forms.IntegerField(label=_("How many there are"), required=False, min_value=0, max_value=MOST)
    on_demand = forms.BooleanField(label=_("made on demand"), required=False)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *data: Any, whose: str, **options: Any):
        super().__init__(*data, **options)
        self.whose = whose

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.whose == "pool" and self.drops:
            self.add_error("on_hand", _("Say how many there are, or that it is made on demand."))
        return values

    @property
    def drops(self) -> bool:
        """Whether nothing was said: a hub's own stock is given up for the producer's."""
        values = self.cleaned_data
        return "on_hand" in values and values["on_hand"] is None and not values.get("on_demand")
