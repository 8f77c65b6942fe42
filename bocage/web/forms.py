"""What the pages of this app ask for."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

DISTANCES = (10, 25, 50, 100)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Near which town, how far, and which sort ("", "open", "delivery")."""

    town: str = ""
    within: int = 25
    only: str = ""

    def query(self) -> str:
        """Return town and distance as the end of an address."""
        return urlencode({"town": self.town, "within": self.within} if self.town else {})


class FindForm(forms.Form):
    """The search of the home page; whatever makes no sense is passed over, since a link may be old."""

    town = forms.CharField(max_length=80, required=False, label=_("Your town"))
    within = forms.TypedChoiceField(
        coerce=int, required=False, label=_("Within"), choices=[(km, f"{km} km") for km in DISTANCES]
    )
    only = forms.ChoiceField(required=False, choices=[("", ""), ("open", ""), ("delivery", "")])

    def wanted(self) -> Wanted:
        """Return what is asked for, with the usual answers where nothing sensible is said."""
        self.is_valid()
        given = self.cleaned_data
        return Wanted(given.get("town", ""), given.get("within") or 25, given.get("only", ""))
