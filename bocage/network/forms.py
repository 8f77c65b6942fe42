"""What people type about themselves and about the enterprises that they found and run."""

from datetime import date, datetime, time, timedelta
from typing import Any

import phonenumbers
from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bocage.network.rules.agreements import Terms
from bocage.ui.fields import RichField, give_choices

COUNTRIES = [("FR", _("France")), ("BE", _("Belgium")), ("CH", _("Switzerland")), ("LU", _("Luxembourg"))]


def complete(text: str, **attributes: str) -> forms.TextInput:
    """Return a text input that browsers may fill in (`text`: HTML's autofill field name)."""
    return forms.TextInput(attrs={"autocomplete": text, **attributes})


def typed_mail(text: str) -> forms.EmailInput:
    """Return an input for an e-mail address that browsers may fill in."""
    return forms.EmailInput(attrs={"autocomplete": text})


class PhoneField(forms.CharField):
    """A phone number as people write it; refused only when no country could dial it."""

    def __init__(self, **options: Any) -> None:
        widget = complete("tel", type="tel", inputmode="tel")
        super().__init__(**{"label": _("Phone"), "max_length": 32, "widget": widget, **options})

    def clean(self, value: Any) -> str:
        typed = super().clean(value).strip()
        if typed and not _can_be_dialled(typed):
            raise forms.ValidationError(gettext("This phone number has too few or too many digits."), code="phone")
        return typed


class SignupForm(forms.Form):
    """The one extra question at sign-up: what to call you."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=complete("name"))
    field_order = ["name", "email", "password1"]

    def signup(self, request: Any, user: Any) -> None:
        user.name = self.cleaned_data["name"].strip()
        user.language = request.LANGUAGE_CODE[:2]
        user.save(update_fields=["name", "language"])


class ProfileForm(forms.Form):
    """Name, phone, language."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=complete("name"))
    phone = PhoneField(required=False, help_text=_("A hub calls when something is wrong with your order."))
    language = forms.ChoiceField(label=_("Language"), help_text=_("Of these pages, and of the mails we send you."))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        give_choices(self, "language", settings.LANGUAGES)


class AddressForm(forms.Form):
    """Where to bring something, and to whom."""

    name = forms.CharField(label=_("First and last name"), max_length=120, widget=complete("name"))
    street = forms.CharField(label=_("Number and street"), max_length=160, widget=complete("address-line1"))
    street2 = forms.CharField(
        label=_("Building, floor, hamlet"), max_length=160, required=False, widget=complete("address-line2")
    )
    postcode = forms.CharField(label=_("Postcode"), max_length=12, widget=complete("postal-code", inputmode="numeric"))
    town = forms.CharField(label=_("Town"), max_length=80, widget=complete("address-level2"))
    country = forms.ChoiceField(label=_("Country"), choices=COUNTRIES, initial="FR")
    phone = PhoneField(required=False)
    is_default = forms.BooleanField(label=_("Use this address unless I choose another"), required=False)


def _can_be_dialled(typed: str) -> bool:
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(typed, "FR"))
    except phonenumbers.NumberParseException:
        return False


class ErasureForm(forms.Form):
    """That it is meant, and that it is them: by the password, where there is one."""

    sure = forms.BooleanField(label=_("I know that this cannot be undone"))
    password = forms.CharField(
        label=_("Your password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, *args: Any, person: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.person = person
        if not person.has_usable_password():
            del self.fields["password"]

    def clean_password(self) -> str:
        """Refuse another password than theirs."""
        if not self.person.check_password(self.cleaned_data["password"]):
            raise forms.ValidationError(gettext("This is not your password."), code="password")
        return self.cleaned_data["password"]


ROLE_NAMES = [
    ("manager", pgettext_lazy("role", "manager: does everything, invites others")),
    ("volunteer", pgettext_lazy("role", "volunteer: sees orders, packs, notes payments")),
    ("bookkeeper", pgettext_lazy("role", "bookkeeper: sees orders, notes payments")),
]
ROLE_WORDS = [
    ("manager", pgettext_lazy("role", "manager")),
    ("volunteer", pgettext_lazy("role", "volunteer")),
    ("bookkeeper", pgettext_lazy("role", "bookkeeper")),
]
SHAPES = [
    ("farm", _("A farm that sells through others"), _("You make; hubs you choose sell for you.")),
    ("farm_shop", _("A farm with its own shop"), _("You make and sell what you make.")),
    (
        "both",
        _("A farm shop that sells for neighbours too"),
        _("You make, and sell your own goods and those of others."),
    ),
    ("hub", _("A hub for many farms"), _("Farms bring, you pack and hand over, at one place or several.")),
    ("buying_group", _("A buying group"), _("Members order together at the farms’ prices.")),
    ("profile", _("Just a page about us"), _("You are found in the directory; nothing is sold here.")),
]


class WhatForm(forms.Form):
    """What somebody founds, and its name."""

    shape = forms.ChoiceField(
        label=_("What are you opening?"),
        choices=[(key, words) for key, words, _more in SHAPES],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label=_("Its name"), max_length=255, help_text=_("As your customers say it."), widget=complete("organization")
    )


class WhereForm(forms.Form):
    """Where it is."""

    street = forms.CharField(
        label=_("Number and street"), max_length=160, required=False, widget=complete("address-line1")
    )
    street2 = forms.CharField(
        label=_("Building, floor, hamlet"), max_length=160, required=False, widget=complete("address-line2")
    )
    postcode = forms.CharField(label=_("Postcode"), max_length=12, widget=complete("postal-code", inputmode="numeric"))
    town = forms.CharField(label=_("Town"), max_length=80, widget=complete("address-level2"))
    country = forms.ChoiceField(label=_("Country"), choices=COUNTRIES, initial="FR")


class WhoForm(forms.Form):
    """Whom to ask, what to say, and whether VAT is owed."""

    contact_name = forms.CharField(label=_("Whom to ask for"), max_length=120, widget=complete("name"))
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("Shown on your page. Orders are written to you as well."),
        widget=typed_mail("email"),
    )
    phone = PhoneField(required=False)
    teaser = forms.CharField(
        label=_("You in one sentence"),
        max_length=255,
        required=False,
        help_text=_("Read under your name, in the list."),
    )
    is_vat_liable = forms.TypedChoiceField(
        label=_("Do your sales carry VAT?"),
        choices=[("yes", _("Yes")), ("no", _("No: we are exempt, as small enterprises and many associations are"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
    accept = forms.BooleanField(label=_("I have read and accept the terms of this platform"))

    def __init__(self, *args: Any, has_terms: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not has_terms:
            del self.fields["accept"]


class InviteForm(forms.Form):
    """Whom to invite, as what."""

    email = forms.EmailField(label=_("Their e-mail address"), widget=typed_mail("off"))
    role = forms.ChoiceField(label=_("They will be"), choices=ROLE_NAMES, widget=forms.RadioSelect, initial="volunteer")


class RoleForm(forms.Form):
    """What somebody of the team is from now on."""

    role = forms.ChoiceField(choices=ROLE_NAMES)


class AgreementForm(forms.Form):
    """What a producer lets a hub do, from which day to which day; cleaned to terms and moments."""

    may_sell = forms.BooleanField(label=_("sell the farm’s goods"), required=False, initial=True)
    handling = forms.ChoiceField(
        label=_("At whose price, from whose stock?"),
        choices=[
            ("as_is", _("at the farm’s price, from the farm’s stock")),
            ("own_price", _("at a price of its own, and from a stock of its own if it likes")),
            ("resells", _("it buys, and makes products of its own from them, under its name")),
        ],
        widget=forms.RadioSelect,
        initial="own_price",
    )
    edits_goods = forms.BooleanField(
        label=_("keep the farm’s products up to date"),
        required=False,
        help_text=_("Its people may add, change and withdraw them, prices included."),
    )
    edits_profile = forms.BooleanField(
        label=_("keep the farm’s page up to date"),
        required=False,
        help_text=_("Words, contact and address. Never its bank account, its team or how it sells."),
    )
    starts_on = forms.DateField(
        label=pgettext_lazy("first day", "From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=pgettext_lazy("last day", "Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The last day included. Empty: until one of you ends it."),
    )
    words = forms.CharField(
        label=_("What else you agree"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Margin, crates, when goods are brought, how you pay: for people to read."),
    )

    def terms(self) -> Terms:
        """Return what was ticked."""
        return Terms(**{name: self.cleaned_data[name] for name in TERM_NAMES})

    def starts_at(self) -> datetime:
        """Return the midnight, on the clock of the place, that begins the first day."""
        return _midnight(self.cleaned_data["starts_on"])

    def ends_at(self) -> datetime | None:
        """Return the midnight that ends the last day; None without one."""
        last = self.cleaned_data["ends_on"]
        return _midnight(last + timedelta(days=1)) if last else None


class GroupForm(forms.Form):
    """What a group of farms and hubs says of itself."""

    name = forms.CharField(label=_("Name"), max_length=160)
    teaser = forms.CharField(label=_("In one sentence"), max_length=255)
    story = RichField(label=_("Story"), required=False)
    town = forms.CharField(label=_("Town"), max_length=80, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    is_listed = forms.BooleanField(label=_("Show it among all groups"), required=False, initial=True)


class PartnerForm(forms.Form):
    """What a hub may say of a farm that lets it."""

    teaser = forms.CharField(label=_("In one sentence"), max_length=255, required=False)
    story = RichField(label=_("Story"), required=False)
    contact_name = forms.CharField(label=_("Whom to ask for"), max_length=120, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = PhoneField(required=False)
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    street = forms.CharField(label=_("Number and street"), max_length=160, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=12, required=False)
    town = forms.CharField(label=_("Town"), max_length=80, required=False)


TERM_NAMES = ("may_sell", "handling", "edits_goods", "edits_profile", "words")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
