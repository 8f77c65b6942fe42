"""What people type about themselves."""

from typing import Any

import phonenumbers
from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bocage.ui.fields import give_choices

COUNTRIES = [("FR", _("France")), ("BE", _("Belgium")), ("CH", _("Switzerland")), ("LU", _("Luxembourg"))]


def complete(text: str, **attributes: str) -> forms.TextInput:
    """Return a text input that browsers may fill in (`text`: HTML's autofill field name)."""
    return forms.TextInput(attrs={"autocomplete": text, **attributes})


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
