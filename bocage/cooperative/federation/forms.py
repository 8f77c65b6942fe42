"""What visitors move in the simulator."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bocage.cooperative.federation.queries.simulation import Wanted
from bocage.cooperative.federation.rules.keys import USUAL, Key, Terms
from bocage.cooperative.federation.words import CHOICES

KEYS = {
    Key.EQUAL: _("K1: the same for all"),
    Key.TURNOVER: _("K2: by turnover"),
    Key.MIXED: _("K3: a fixed part, the rest by turnover"),
    Key.SOLIDARY: _("K4: as K3, less for poorer countries"),
    Key.CAPPED: _("K5: as K4, nobody above a part of the pot"),
    Key.ABLE: _("K6: as K5, nobody above what it can carry"),
}
TARIFFS = ("0.5", "1", "1.5", "2", "2.5", "3", "3.5", "5")


class PercentsField(forms.DecimalField):
    """A percentage from 0 to 100, typed or drawn; cleaned to an exact fraction."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=100, decimal_places=2, **options)

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        return None if found is None else Fraction(found) / 100


class SimulationForm(forms.Form):
    """The pot in whole euros, the key and its parameters; read from an address, so that it can be sent to somebody."""

    key = forms.ChoiceField(label=_("Key"), choices=[(key.value, words) for key, words in KEYS.items()])
    pot = forms.IntegerField(
        label=_("Cost of the common software, a year"), min_value=0, max_value=10_000_000, help_text=_("In euros.")
    )
    f = PercentsField(label=_("Fixed part"), help_text=_("The rest follows turnover."))
    p = PercentsField(label=_("Nobody pays more than this part of the cost"))
    a = PercentsField(label=_("Nor more than this part of what its shops contribute"))
    t = forms.ChoiceField(
        label=_("What shops contribute"),
        choices=[
            ("", pgettext_lazy("contributions", "as instances declared it")),
            *((one, _("if all gave %(percent)s %% of their turnover") % {"percent": one}) for one in TARIFFS),
        ],
        required=False,
    )

    def wanted(self) -> Wanted:
        """Return the question that was asked."""
        said = self.cleaned_data
        terms = replace(USUAL[Key(said["key"])], fixed=said["f"], ceiling=said["p"], ability=said["a"])
        return Wanted(said["pot"] * 100, terms, Fraction(said["t"]) / 100 if said["t"] else None)


def asked(pot_minor: int, terms: Terms) -> dict[str, str]:
    """Return what the form shows for a pot and terms."""
    usual = USUAL[Key.ABLE]
    return {
        "key": terms.key.value,
        "pot": str(pot_minor // 100),
        "f": _percent(terms.fixed or usual.fixed),
        "p": _percent(terms.ceiling or usual.ceiling or Fraction(0)),
        "a": _percent(terms.ability or usual.ability or Fraction(0)),
        "t": "",
    }


def _percent(part: Fraction) -> str:
    written = f"{Decimal(part.numerator * 100) / part.denominator:.2f}"
    return written.rstrip("0").rstrip(".")


class VoteForm(forms.Form):
    """What our instance says of a proposal."""

    choice = forms.ChoiceField(label=_("Our vote"), choices=list(CHOICES.items()), widget=forms.RadioSelect)
