"""What people type about an enterprise's page and its shop's terms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bocage.catalogue.rules import MOST_BYTES
from bocage.network.forms import COUNTRIES
from bocage.shops.rules import ShopTerms
from bocage.ui.fields import RichField


class ShopForm(forms.Form):
    """Who may enter a shop and what is said there."""

    is_members_only = forms.BooleanField(label=_("Only for members"), required=False)
    allows_guests = forms.BooleanField(
        label=_("Order without an account"), required=False, help_text=_("A name and an e-mail address are enough.")
    )
    allows_changes = forms.BooleanField(
        label=_("Customers may change or cancel their order until the order cycle closes"), required=False
    )
    needs_phone = forms.BooleanField(label=_("Ask for a phone number"), required=False)
    shows_low_stock_from = forms.IntegerField(
        label=_("Say how many are left from"), min_value=0, max_value=999, help_text=_("0: never say it.")
    )
    message = RichField(label=_("Welcome on top of the shop"), required=False)
    closed_message = RichField(label=_("While nothing is open"), required=False)

    def terms(self) -> ShopTerms:
        """Return what was typed."""
        return ShopTerms(**self.cleaned_data)


class ProfileForm(forms.Form):
    """What the public reads of an enterprise, what it is, and what stands on its papers.

    How it sells is its owner's to change: others see it and cannot.
    """

    PARTS = (
        ("name", "slug", "teaser", "story", "since", "visibility"),
        ("kind", "is_producer", "sells"),
        ("contact_name", "email", "phone", "whatsapp", "website", "facebook", "instagram", "linkedin", "mastodon"),
        ("street", "street2", "postcode", "town", "country", "latitude", "longitude"),
        ("legal_name", "legal_address", "siret", "vat_number", "is_vat_liable", "iban"),
    )

    name = forms.CharField(label=_("Name"), max_length=255)
    slug = forms.SlugField(
        label=_("Address of your page"),
        max_length=50,
        help_text=_("Small letters and hyphens. Links to the old address stop working when you change it."),
    )
    teaser = forms.CharField(label=_("One sentence about you"), required=False, max_length=255)
    story = RichField(label=_("Your story"), required=False)
    since = forms.IntegerField(label=_("Since which year"), required=False, min_value=1000, max_value=2100)
    kind = forms.ChoiceField(
        label=_("You call yourselves"),
        choices=[
            ("farm", pgettext_lazy("kind", "a farm")),
            ("farm_shop", pgettext_lazy("kind", "a farm shop")),
            ("food_hub", pgettext_lazy("kind", "a food hub")),
            ("buying_group", pgettext_lazy("kind", "a buying group")),
        ],
    )
    is_producer = forms.BooleanField(label=_("We produce"), required=False)
    sells = forms.ChoiceField(
        label=_("You sell here"),
        choices=[
            ("none", pgettext_lazy("sells", "nothing yourselves")),
            ("own", pgettext_lazy("sells", "what you make")),
            ("any", pgettext_lazy("sells", "goods of others too")),
        ],
        help_text=_("Only the owner changes this."),
    )
    contact_name = forms.CharField(label=_("Whom to ask for"), required=False, max_length=120)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Phone"), required=False, max_length=32)
    whatsapp = forms.CharField(label="WhatsApp", required=False, max_length=32, help_text=_("A phone number."))
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    facebook = forms.CharField(label="Facebook", required=False, max_length=140)
    instagram = forms.CharField(label="Instagram", required=False, max_length=140)
    linkedin = forms.CharField(label="LinkedIn", required=False, max_length=140)
    mastodon = forms.CharField(label="Mastodon", required=False, max_length=120, help_text="@nom@serveur")
    street = forms.CharField(label=_("Street"), required=False, max_length=160)
    street2 = forms.CharField(label=_("Building, floor, hamlet"), required=False, max_length=160)
    postcode = forms.CharField(label=_("Postcode"), required=False, max_length=12)
    town = forms.CharField(label=_("Town"), required=False, max_length=80)
    country = forms.ChoiceField(label=_("Country"), choices=COUNTRIES)
    latitude = forms.DecimalField(
        label=_("Latitude"), required=False, max_digits=9, decimal_places=6, min_value=-90, max_value=90
    )
    longitude = forms.DecimalField(
        label=_("Longitude"), required=False, max_digits=9, decimal_places=6, min_value=-180, max_value=180
    )
    visibility = forms.ChoiceField(
        label=_("Shown"),
        choices=[
            ("public", pgettext_lazy("visibility", "to everybody, in the directory too")),
            ("linked", pgettext_lazy("visibility", "to whoever has a link, not in the directory")),
            ("hidden", pgettext_lazy("visibility", "to nobody yet")),
        ],
    )
    legal_name = forms.CharField(
        label=_("Name on papers"), required=False, max_length=160, help_text=_("Empty: the name above.")
    )
    legal_address = forms.CharField(
        label=_("Address on papers"), required=False, max_length=255, help_text=_("Empty: the address above.")
    )
    siret = forms.CharField(label="SIRET", required=False, max_length=20)
    vat_number = forms.CharField(label=_("VAT number"), required=False, max_length=24)
    is_vat_liable = forms.BooleanField(label=_("Our sales carry VAT"), required=False)
    iban = forms.CharField(label="IBAN", required=False, max_length=42)

    def __init__(self, *data: Any, decides: bool, **options: Any):
        super().__init__(*data, **options)
        self.fields["sells"].disabled = not decides

    def parts(self) -> list[list[forms.BoundField]]:
        """Return the fields by the parts of the page: who, what, contact, place, papers."""
        return [[self[name] for name in names] for names in self.PARTS]


class PhotoForm(forms.Form):
    """A photo of an enterprise."""

    photo = forms.FileField(
        label=_("A photo from your device"),
        help_text=_("JPEG, PNG or WebP, at most 10 MB. We show its middle as a square."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    def sent(self) -> bytes:
        """Return the file, read no further than a photo may be big."""
        return self.cleaned_data["photo"].read(MOST_BYTES + 1)


class TermsForm(forms.Form):
    """The next version of a hub's terms of sale."""

    title = forms.CharField(label=_("Title"), max_length=160, initial=_("Terms of sale"))
    body = RichField(label=_("Text"), rows=16)
