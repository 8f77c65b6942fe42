"""What one says to found a platform."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model, password_validation
from django.utils.translation import gettext_lazy as _

from bocage.commons.money import MINOR_DIGITS
from bocage.network.actions.instances import Founding
from bocage.network.forms import COUNTRIES, complete, typed_mail
from bocage.ui.fields import give_choices
from bocage.web.beginning.rules import ZONES


class BeginForm(forms.Form):
    """The platform, what it starts with, and its first steward."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
        help_text=_("The server printed it when it started. It shows that the platform is yours to found."),
    )
    name = forms.CharField(
        label=_("Name of the platform"), max_length=80, help_text=_("“Bocage of the High Country”, say.")
    )
    country = forms.ChoiceField(label=_("Country"), choices=COUNTRIES, initial="FR")
    language = forms.ChoiceField(
        label=_("Language"), help_text=_("For whoever has not chosen one, and in mails to people without an account.")
    )
    currency = forms.ChoiceField(label=_("Currency"), initial="EUR")
    timezone = forms.ChoiceField(label=_("Clock"), choices=[(zone, zone) for zone in ZONES], initial=ZONES[0])
    contact_email = forms.EmailField(label=_("Where people write to you"), widget=typed_mail("email"))
    mail_from = forms.EmailField(
        label=_("Mails come from"), help_text=_("Your mail server must be allowed to send from this address.")
    )
    lays_shelves = forms.BooleanField(
        label=_("Begin with the common shelves"),
        required=False,
        initial=True,
        help_text=_("Vegetables, dairy, bread … in French and English. You may rename and move them."),
    )
    takes_rates = forms.BooleanField(
        label=_("Begin with the usual VAT of the country"),
        required=False,
        initial=True,
        help_text=_("Look at the rates before the first sale: you answer for them."),
    )
    steward_name = forms.CharField(label=_("Your name"), max_length=120, widget=complete("name"))
    steward_email = forms.EmailField(
        label=_("Your e-mail"), widget=typed_mail("username"), help_text=_("With it you log in.")
    )
    password = forms.CharField(
        label=_("Your password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    PLATFORM = ("name", "country", "language", "currency", "timezone")
    MAIL = ("contact_email", "mail_from")
    START = ("lays_shelves", "takes_rates")
    STEWARD = ("steward_name", "steward_email", "password")

    def __init__(self, *data: Any, **options: Any) -> None:
        super().__init__(*data, **options)
        give_choices(self, "language", settings.LANGUAGES)
        give_choices(self, "currency", [(one, one) for one in MINOR_DIGITS])

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if password := said.get("password"):
            person = get_user_model()(name=said.get("steward_name", ""), email=said.get("steward_email", ""))
            try:
                password_validation.validate_password(password, person)
            except forms.ValidationError as refused:
                self.add_error("password", refused)
        return said

    def parts(self) -> list[list[forms.BoundField]]:
        """Return the fields in the order they are asked: the platform, its mail, its start, its steward."""
        return [[self[name] for name in names] for names in (self.PLATFORM, self.MAIL, self.START, self.STEWARD)]

    def wanted(self) -> Founding:
        """Return the platform and its steward."""
        return Founding(**{name: self.cleaned_data[name] for name in Founding.__dataclass_fields__})
