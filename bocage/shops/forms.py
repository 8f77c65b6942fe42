"""What people type about a shop: its terms, its profile, places, ways to get orders, fees, own prices."""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.timezone import get_current_timezone, localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bocage.catalogue.rules import MOST_BYTES
from bocage.network.forms import COUNTRIES, PhoneField
from bocage.network.rules.customers import CustomerDetails, tidy_tags
from bocage.pricing.queries import RateRow
from bocage.pricing.terms import FeeTerms
from bocage.shops.actions.tagging import RuleDetails
from bocage.shops.queries import PointRow
from bocage.shops.rules import MethodDetails, PointDetails, ShopTerms
from bocage.shops.rules.faces import Label
from bocage.shops.rules.tagging import Kind
from bocage.shops.rules.vouchers import VoucherTerms
from bocage.ui.fields import MoneyField, PercentField, RichField, TagsField, give_choices

PALETTE_WORDS = {
    "meadow": pgettext_lazy("colours", "Meadow green"),
    "lake": pgettext_lazy("colours", "Lake blue"),
    "heather": pgettext_lazy("colours", "Heather violet"),
    "earth": pgettext_lazy("colours", "Earth brown"),
    "slate": pgettext_lazy("colours", "Slate grey"),
}
CALCULATORS = [
    ("percent", pgettext_lazy("calculator", "a percentage of the goods")),
    ("per_item", pgettext_lazy("calculator", "an amount per item")),
    ("per_kilogram", pgettext_lazy("calculator", "an amount per kilogram")),
    ("per_pound", pgettext_lazy("calculator", "an amount per pound")),
    ("flat", pgettext_lazy("calculator", "an amount per order")),
    ("sack", pgettext_lazy("calculator", "an amount per order, reduced from a total on")),
    ("flexible", pgettext_lazy("calculator", "an amount for the first item, another for each further one")),
]
USED = {
    "percent": {"percent_millionths"},
    "per_item": {"amount_minor"},
    "per_kilogram": {"amount_minor"},
    "per_pound": {"amount_minor"},
    "flat": {"amount_minor"},
    "sack": {"amount_minor", "threshold_minor", "reduced_minor"},
    "flexible": {"amount_minor", "additional_minor", "limit"},
}
KINDS = [
    ("packing", pgettext_lazy("fee", "packing")),
    ("transport", pgettext_lazy("fee", "transport")),
    ("admin", pgettext_lazy("fee", "coordination")),
    ("sales", pgettext_lazy("fee", "selling")),
    ("fundraising", pgettext_lazy("fee", "solidarity")),
]
TAXES = [
    ("none", pgettext_lazy("fee tax", "no VAT")),
    ("inherit", pgettext_lazy("fee tax", "the VAT of the goods")),
    ("own", pgettext_lazy("fee tax", "a rate of its own")),
]


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

    @staticmethod
    def packed(text: str) -> str:
        """Return a file's text as the form carries it until it is confirmed."""
        return b64encode(zlib.compress(text.encode())).decode()

    def clean_text(self) -> str:
        """Return the text that was packed; never more than a file may hold."""
        if not self.cleaned_data["text"]:
            return ""
        try:
            unpacked = zlib.decompressobj().decompress(b64decode(self.cleaned_data["text"], validate=True), MOST_CSV)
            return unpacked.decode()
        except (ValueError, zlib.error):
            raise forms.ValidationError(_("Choose the file once more."), code="unpackable") from None

    def sent(self) -> bytes:
        """Return the file, read no further than a photo may be big."""
        return self.cleaned_data["photo"].read(MOST_BYTES + 1)


class FaceForm(forms.Form):
    """How a shop looks."""

    palette = forms.ChoiceField(
        label=_("Colours"), required=False, widget=forms.RadioSelect, help_text=_("On each of these, text can be read.")
    )
    hides_platform = forms.BooleanField(
        label=_("Leave out the platform’s menus and foot"),
        required=False,
        help_text=_("In your shop, at the checkout, on the pages and in the mails of its orders."),
    )
    hides_groups = forms.BooleanField(label=_("Do not say which groups you belong to"), required=False)
    logo_link = forms.URLField(
        label=_("Where your logo leads"),
        required=False,
        assume_scheme="https",
        help_text=_("Your own site, for instance. Left empty: to your shop."),
    )
    page_title = forms.CharField(
        label=_("Title of a page of your own"),
        required=False,
        max_length=20,
        help_text=_("At most 20 characters. It becomes a tab of your shop."),
    )
    page_body = RichField(label=_("What stands on it"), required=False)

    def __init__(self, *data: Any, **options: Any) -> None:
        super().__init__(*data, **options)
        give_choices(self, "palette", list(PALETTE_WORDS.items()))

    def label(self) -> Label:
        """Return what was typed; the logo is another form's."""
        return Label(**{name: value for name, value in self.cleaned_data.items() if name != "page_body"})


class LogoForm(PhotoForm):
    """The logo of a shop."""

    photo = forms.FileField(
        label=_("Your logo"),
        help_text=_("PNG, WebP or JPEG, at most 10 MB. Wide rather than high; it is shown 44 pixels high."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )


class SitesForm(forms.Form):
    """In which other sites a shop may be shown."""

    typed = forms.CharField(
        label=_("Sites that may show your shop"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line, such as https://www.my-site.example. No line: none may."),
    )


class TermsForm(forms.Form):
    """The next version of a hub's terms of sale."""

    title = forms.CharField(label=_("Title"), max_length=160, initial=_("Terms of sale"))
    body = RichField(label=_("Text"), rows=16)


PAYMENT_KINDS = [
    ("on_site", pgettext_lazy("payment", "on the spot")),
    ("transfer", pgettext_lazy("payment", "by transfer")),
    ("card", pgettext_lazy("payment", "by card, online")),
]


class PaymentForm(forms.Form):
    """A way to pay a hub."""

    kind = forms.ChoiceField(label=_("How"), choices=PAYMENT_KINDS, widget=forms.RadioSelect)
    name = forms.CharField(label=_("Name customers read"), max_length=120)
    instructions = forms.CharField(
        label=_("What to know"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Cash, cheque, card? To whose order? By when?"),
    )
    tags = TagsField(label=_("Tags"), help_text=_("For your rules about who is shown what."))


class PointForm(forms.Form):
    """A place where a hub hands over."""

    name = forms.CharField(label=_("Name"), max_length=120)
    street = forms.CharField(label=_("Street"), required=False, max_length=160)
    postcode = forms.CharField(label=_("Postcode"), required=False, max_length=12)
    town = forms.CharField(label=_("Town"), max_length=80)
    directions = forms.CharField(label=_("How to find it"), required=False, max_length=255)
    latitude = forms.DecimalField(
        label=_("Latitude"), required=False, max_digits=9, decimal_places=6, min_value=-90, max_value=90
    )
    longitude = forms.DecimalField(
        label=_("Longitude"), required=False, max_digits=9, decimal_places=6, min_value=-180, max_value=180
    )

    def details(self) -> PointDetails:
        """Return what was typed."""
        return PointDetails(**self.cleaned_data)


class ChargeForm(forms.Form):
    """How an amount counts: shared by fees and delivery methods. What a way of counting does not use stays 0.

    The page shows only the amounts that the chosen way of counting uses (`styles/settings.css`).
    """

    def amounts(self) -> dict[str, Any]:
        """Return the amounts that count, 0 where nothing was typed and for those that the page does not show."""
        names = ("percent_millionths", "amount_minor", "additional_minor", "threshold_minor", "reduced_minor", "limit")
        used = USED[self.cleaned_data["calculator"]]
        return {name: self.cleaned_data.get(name) or 0 if name in used else 0 for name in names}

    def _offer_rates(self, rates: Sequence[RateRow]) -> None:
        give_choices(self, "tax_rate_id", [("", _("none")), *((row.id, row.name) for row in rates)])


class FeeForm(ChargeForm):
    """What an enterprise takes for its part of the work."""

    name = forms.CharField(label=_("Name customers read"), max_length=80)
    kind = forms.ChoiceField(label=_("For"), choices=KINDS)
    calculator = forms.ChoiceField(label=_("Counts as"), choices=CALCULATORS)
    percent_millionths = PercentField(label=_("Percentage"), required=False)
    amount_minor = MoneyField(
        label=_("Amount"), required=False, help_text=_("Per item, per kilogram, per order or for the first.")
    )
    additional_minor = MoneyField(label=_("For each further item"), required=False)
    limit = forms.IntegerField(label=_("Up to how many items"), required=False, min_value=0, max_value=9999)
    threshold_minor = MoneyField(label=_("Reduced from a total of"), required=False)
    reduced_minor = MoneyField(label=_("Reduced amount"), required=False)
    tax = forms.ChoiceField(label=_("VAT on it"), choices=TAXES)
    tax_rate_id = forms.TypedChoiceField(label=_("Its own rate"), coerce=int, required=False, empty_value=None)

    def __init__(self, *data: Any, rates: Sequence[RateRow], **options: Any):
        super().__init__(*data, **options)
        self._offer_rates(rates)

    def terms(self) -> FeeTerms:
        """Return what was typed."""
        plain = {name: self.cleaned_data[name] for name in ("name", "kind", "calculator", "tax", "tax_rate_id")}
        return FeeTerms(**plain, **self.amounts())


class MethodForm(ChargeForm):
    """A way to get an order, and its charge."""

    kind = forms.ChoiceField(
        label=_("How"),
        choices=[
            ("pickup", pgettext_lazy("method", "fetched at a pickup point")),
            ("delivery", pgettext_lazy("method", "brought to an address")),
        ],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label=_("Name customers read"), max_length=120)
    point_id = forms.TypedChoiceField(label=_("Pickup point"), coerce=int, required=False, empty_value=None)
    postcodes = forms.CharField(
        label=_("Only to postcodes beginning with"),
        required=False,
        max_length=255,
        help_text=_("For deliveries, separated by commas. Empty: everywhere."),
    )
    description = forms.CharField(label=_("What to know"), required=False, max_length=255)
    tags = TagsField(label=_("Tags"), help_text=_("For your rules about who is shown what."))
    calculator = forms.ChoiceField(label=_("The charge counts as"), choices=CALCULATORS, initial="flat")
    amount_minor = MoneyField(label=_("Amount"), required=False, help_text=_("Empty: free."))
    percent_millionths = PercentField(label=_("Percentage"), required=False)
    threshold_minor = MoneyField(label=_("Reduced from a total of"), required=False)
    reduced_minor = MoneyField(label=_("Reduced amount"), required=False)
    additional_minor = MoneyField(label=_("For each further item"), required=False)
    limit = forms.IntegerField(label=_("Up to how many items"), required=False, min_value=0, max_value=9999)
    tax_rate_id = forms.TypedChoiceField(label=_("VAT"), coerce=int, required=False, empty_value=None)

    def __init__(self, *data: Any, rates: Sequence[RateRow], points: Sequence[PointRow], **options: Any):
        super().__init__(*data, **options)
        self._offer_rates(rates)
        give_choices(self, "point_id", [("", "…"), *((row.id, row.details.name) for row in points)])

    def details(self, position: int = 0) -> MethodDetails:
        """Return what was typed, at its place among the methods."""
        names = ("kind", "name", "point_id", "postcodes", "description", "calculator", "tax_rate_id", "tags")
        return MethodDetails(**{name: self.cleaned_data[name] for name in names}, **self.amounts(), position=position)


class ListingForm(forms.Form):
    """A hub's own price for one variant, or not to show it, and the words it goes by there."""

    price_minor = MoneyField(label=_("Your price"), required=False)
    is_hidden = forms.BooleanField(label=_("Not in our shop"), required=False)
    tags = TagsField(label=_("Tags"))


RULE_KINDS = [
    (Kind.GOODS.value, pgettext_lazy("tag rule", "products")),
    (Kind.DELIVERY.value, pgettext_lazy("tag rule", "pickups and deliveries")),
    (Kind.PAYMENT.value, pgettext_lazy("tag rule", "ways to pay")),
    (Kind.SALES.value, pgettext_lazy("tag rule", "order cycles")),
]


class ReserveForm(forms.Form):
    """What is kept for some customers: hidden by default, shown to them."""

    kind = forms.ChoiceField(label=pgettext_lazy("tag rule", "Keep"), choices=RULE_KINDS)
    target_tags = TagsField(label=pgettext_lazy("tag rule", "tagged"), required=True)
    customer_tags = TagsField(label=_("for customers tagged"), required=True)

    def clean_kind(self) -> Kind:
        return Kind(self.cleaned_data["kind"])


class RuleForm(forms.Form):
    """One rule, word by word. Only hiding can be for everybody."""

    who = forms.ChoiceField(
        label=_("Whom it is about"),
        choices=[
            ("all", pgettext_lazy("tag rule", "everybody, by default")),
            ("some", pgettext_lazy("tag rule", "customers with a tag")),
        ],
        widget=forms.RadioSelect,
    )
    customer_tags = TagsField(
        label=_("Customers tagged"), help_text=_("Several, separated by commas: whoever has one of them.")
    )
    does = forms.ChoiceField(
        label=_("What happens"),
        choices=[
            ("show", pgettext_lazy("tag rule", "they see")),
            ("hide", pgettext_lazy("tag rule", "they do not see")),
        ],
        widget=forms.RadioSelect,
    )
    kind = forms.ChoiceField(label=_("What it is about"), choices=RULE_KINDS)
    target_tags = TagsField(
        label=pgettext_lazy("tag rule", "Tagged"),
        required=True,
        help_text=_("Several, separated by commas: whatever has one of them."),
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("who") == "some" and not said.get("customer_tags"):
            self.add_error("customer_tags", _("Write the tag of the customers it is about."))
        if said.get("who") == "all" and said.get("does") == "show":
            self.add_error("does", _("By default everybody sees everything: a rule for everybody only hides."))
        return said

    def details(self) -> RuleDetails:
        """Return what was written."""
        said = self.cleaned_data
        customers = said["customer_tags"] if said["who"] == "some" else ""
        return RuleDetails(Kind(said["kind"]), said["target_tags"], customers, said["does"] == "show")


class VoucherForm(forms.Form):
    """A voucher: what it takes off, and its limits. Its code stays once it is made."""

    code = forms.CharField(
        label=_("Code"), max_length=40, required=False, help_text=_("Empty: we make one that nobody guesses.")
    )
    amount_minor = MoneyField(label=_("Amount off"), required=False)
    percent_millionths = PercentField(label=_("Or percentage off"), required=False)
    minimum_minor = MoneyField(
        label=_("From how much of products on"), required=False, help_text=_("Empty: whatever is ordered.")
    )
    last_day = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: until you end it."),
    )
    most_uses = forms.IntegerField(
        label=_("How often in all"), required=False, min_value=1, initial=1, help_text=_("Empty: without limit.")
    )
    most_per_customer = forms.IntegerField(
        label=_("How often per customer"), required=False, min_value=1, help_text=_("Empty: without limit.")
    )
    note = forms.CharField(label=_("Note"), max_length=160, required=False, help_text=_("Only you read it."))

    def __init__(self, *data: Any, has_code: bool = False, **options: Any):
        super().__init__(*data, **options)
        if has_code:
            self.fields["code"].disabled = self.fields["code"].required = True
            self.fields["code"].help_text = _("The code stays; make another voucher for another code.")

    @staticmethod
    def written(terms: VoucherTerms) -> dict[str, Any]:
        """Return a voucher as its form shows it."""
        shown = asdict(terms) | {
            "minimum_minor": terms.minimum_minor or None,
            "amount_minor": terms.amount_minor or None,
        }
        shown["percent_millionths"] = terms.percent_millionths or None
        shown["last_day"] = localtime(terms.expires_at - timedelta(seconds=1)).date() if terms.expires_at else None
        return shown

    def terms(self) -> VoucherTerms:
        """Return what was typed; the last day counts until midnight."""
        said = dict(self.cleaned_data)
        last_day = said.pop("last_day")
        expires_at = None
        if last_day is not None:
            expires_at = datetime.combine(last_day + timedelta(days=1), time.min, get_current_timezone())
        for name in ("amount_minor", "percent_millionths", "minimum_minor"):
            said[name] = said[name] or 0
        return VoucherTerms(**said, expires_at=expires_at)


class CustomerForm(forms.Form):
    """What a hub notes of a customer. The address of somebody with an account is theirs to change."""

    name = forms.CharField(label=_("First and last name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"))
    phone = PhoneField(required=False)
    code = forms.CharField(
        label=_("Code"), max_length=40, required=False, help_text=_("Your own number for them, each once.")
    )
    tags = TagsField(label=_("Tags"), help_text=_("Words separated by commas, such as: staff, school."))
    is_member = forms.BooleanField(label=_("May enter the shop for members"), required=False)
    note = forms.CharField(
        label=_("Note"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The customer may ask to read it."),
    )

    def __init__(self, *data: Any, has_account: bool = False, **options: Any):
        super().__init__(*data, **options)
        self.fields["email"].disabled = has_account
        if has_account:
            self.fields["email"].help_text = _("They have an account: the address is theirs to change.")

    def seen(self) -> CustomerDetails | None:
        """Return what was noted when the page was shown, where it says so."""
        try:
            said = json.loads(self.data.get("seen", ""))
            return CustomerDetails(**{**said, "tags": tuple(said["tags"])})
        except (ValueError, TypeError, KeyError):
            return None

    def tell_theirs(self, theirs: Mapping[str, object]) -> None:
        """Say below each field what somebody else wrote there meanwhile."""
        for name, value in theirs.items():
            said = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
            if isinstance(value, bool):
                said = str(_("yes") if value else _("no"))
            words = _("Somebody else wrote: %(value)s")
            params = {"value": said or "–"}
            self.add_error(name, forms.ValidationError(words, code="changed_meanwhile", params=params))

    def details(self) -> CustomerDetails:
        """Return what was typed."""
        said = self.cleaned_data
        return CustomerDetails(**{**said, "name": said["name"].strip(), "tags": tidy_tags(said["tags"])})


class ImportForm(forms.Form):
    """A file of customers, or, once its effect was read, its text to be taken: packed, as a form carries no megabytes."""

    file = forms.FileField(
        label=_("A CSV file"), required=False, widget=forms.FileInput(attrs={"accept": ".csv,text/csv,text/plain"})
    )
    text = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    @staticmethod
    def packed(text: str) -> str:
        """Return a file's text as the form carries it until it is confirmed."""
        return b64encode(zlib.compress(text.encode())).decode()

    def clean_text(self) -> str:
        """Return the text that was packed; never more than a file may hold."""
        if not self.cleaned_data["text"]:
            return ""
        try:
            unpacked = zlib.decompressobj().decompress(b64decode(self.cleaned_data["text"], validate=True), MOST_CSV)
            return unpacked.decode()
        except (ValueError, zlib.error):
            raise forms.ValidationError(_("Choose the file once more."), code="unpackable") from None

    def sent(self) -> bytes:
        """Return the file, read no further than a table of customers may be big."""
        return self.cleaned_data["file"].read(MOST_CSV)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        file = said.get("file")
        if not file and not said.get("text") and not self.errors:
            self.add_error("file", forms.ValidationError(_("Choose a file first."), code="no_file"))
        elif file and file.size >= MOST_CSV:
            self.add_error("file", forms.ValidationError(_("This file is too big. Split it."), code="too_big"))
        return said


MOST_CSV = 12_000_000
