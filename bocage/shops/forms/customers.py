"""What people type about customers, one by one or as a file."""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bocage.network.forms import PhoneField
from bocage.network.rules.customers import CustomerDetails, tidy_tags
from bocage.ui.fields import TagsField

MOST_CSV = 12_000_000


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


class CellForm(forms.Form):
    """One thing that is noted of a customer, changed where it stands in the list; beside it what the list showed."""

    NAMES: Mapping[str, Any] = {"name": _("First and last name"), "code": _("Code"), "tags": _("Tags")}

    value = forms.CharField(max_length=1000, required=False)
    seen = forms.CharField(max_length=1000, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, name: str, **options: Any):
        super().__init__(*args, **options)
        self.name = name
        longest = {"name": 120, "code": 40}.get(name, 1000)
        self.fields["value"] = forms.CharField(max_length=longest, required=name == "name", label=self.NAMES[name])

    def on(self, details: CustomerDetails) -> tuple[CustomerDetails, CustomerDetails]:
        """Return what is to be noted, and what was noted as the list showed it; all else as `details`."""
        wanted, seen = self.cleaned_data["value"].strip(), self.cleaned_data["seen"].strip()
        if self.name == "tags":
            return replace(details, tags=tidy_tags(wanted)), replace(details, tags=tidy_tags(seen))
        return replace(details, **{self.name: wanted}), replace(details, **{self.name: seen})


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
