"""What people type about invoices: what a seller prints on them, as whom a customer is invoiced."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bocage.invoicing.rules import Party, Place
from bocage.network.forms import COUNTRIES
from bocage.ui.fields import PercentField

MOMENTS = [
    ("never", _("Only when we ask for it")),
    ("hand_over", _("When an order is handed over")),
    ("order", _("When an order is placed")),
]
REGIMES = [
    ("franchise", _("small turnover: article 293 B of the CGI")),
    ("farmer", _("farmer under the flat-rate scheme: article 298 bis")),
    ("exempt", _("exempt activity: article 261")),
]
CONNECTORS = [("", _("none yet")), ("folder", _("a folder on the server"))]


class SellerForm(forms.Form):
    """When invoices are issued, and what they say besides who sells."""

    moment = forms.ChoiceField(label=_("An invoice is issued"), choices=MOMENTS)
    is_mailed = forms.BooleanField(label=_("Mail it to the customer at once, as a PDF"), required=False)
    legal_form = forms.CharField(
        label=_("Legal form and capital"),
        max_length=120,
        required=False,
        help_text=_("Such as: SCIC SA, variable capital"),
    )
    registration = forms.CharField(
        label=_("Registration"), max_length=80, required=False, help_text=_("Such as: RCS Alençon")
    )
    payment_days = forms.IntegerField(
        label=_("Days to pay"),
        min_value=0,
        max_value=60,
        help_text=_("0: on receipt. The law allows 30 for fresh food."),
    )
    late_rate_millionths = PercentField(
        label=_("Penalty for paying late, a year"), help_text=_("Said to professionals alone, as the law asks.")
    )
    is_vat_on_payment = forms.BooleanField(label=_("We pay VAT on the basis of debits"), required=False)
    regime = forms.ChoiceField(label=_("Why you charge no VAT"), choices=REGIMES)
    footer = forms.CharField(
        label=_("A word at the end"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    connector = forms.ChoiceField(
        label=_("Hand invoices to an e-invoicing platform by"), choices=CONNECTORS, required=False,
        help_text=_("Each invoice and credit note is put there as it is issued, as Factur-X."),
    )  # fmt: skip

    def __init__(self, *args: Any, is_vat_liable: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["is_vat_on_payment" if not is_vat_liable else "regime"]


class BuyerForm(forms.Form):
    """As whom a customer is invoiced."""

    name = forms.CharField(label=_("Name on invoices"), max_length=160)
    street = forms.CharField(label=_("Street"), max_length=160, required=False)
    street2 = forms.CharField(label=pgettext_lazy("address", "More"), max_length=160, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=12, required=False)
    town = forms.CharField(label=_("Town"), max_length=80, required=False)
    country = forms.ChoiceField(label=_("Country"), choices=COUNTRIES)
    is_professional = forms.BooleanField(
        label=_("A professional: a canteen, a restaurant, an association that buys"), required=False
    )
    siren = forms.CharField(label=_("SIREN"), max_length=14, required=False, help_text=_("Nine digits."))
    vat_number = forms.CharField(label=_("VAT number"), max_length=20, required=False)
    is_monthly = forms.BooleanField(label=_("One invoice a month for all that was handed over"), required=False)

    def clean_siren(self) -> str:
        return "".join(self.cleaned_data["siren"].split())[:9]

    def clean_vat_number(self) -> str:
        return "".join(self.cleaned_data["vat_number"].split()).upper()

    def buyer(self) -> Party:
        """Return who was typed."""
        given = self.cleaned_data
        place = Place(*(given[name] for name in ("street", "street2", "postcode", "town", "country")))
        numbers = {name: given[name] for name in ("siren", "vat_number", "is_professional")}
        return Party(name=given["name"], place=place, **numbers)
