"""What stewards type about their platform."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from bocage.network.rules.links import LONGEST_URL, LONGEST_WORDS, MOST_LINKS, Link, Place
from bocage.network.rules.switches import State, Switch
from bocage.ui.fields import PercentField, RichField, give_choices

FIELDS = ("meadow", "wheat", "barley", "flax", "buckwheat", "soil", "squash")


class InstanceForm(forms.Form):
    """What the platform says of itself, and from which address it writes."""

    name = forms.CharField(label=_("Name of the platform"), max_length=80)
    promise = forms.CharField(
        label=_("Its promise, in one sentence"),
        max_length=200,
        required=False,
        help_text=_("Read at the foot of pages."),
    )
    description = forms.CharField(label=_("What search engines show under its name"), max_length=200, required=False)
    language = forms.ChoiceField(
        label=_("Language"), help_text=_("For whoever has not chosen one, and in mails to people without an account.")
    )
    mail_name = forms.CharField(
        label=_("Name that mails come from"), max_length=80, required=False, help_text=_("Left empty: the platform’s.")
    )
    mail_from = forms.EmailField(
        label=_("Mails come from"), help_text=_("Your mail server must be allowed to send from this address.")
    )
    contact_email = forms.EmailField(label=_("Where people write to you"))

    def __init__(self, *data: Any, **options: Any) -> None:
        super().__init__(*data, **options)
        give_choices(self, "language", settings.LANGUAGES)


class LinksForm(forms.Form):
    """The links that the platform adds to its menus: seven lines of words, address and place."""

    PLACES = ((Place.FOOT.value, _("at the foot of pages")), (Place.MENU.value, _("in the menu")))

    def __init__(self, *data: Any, kept: Sequence[Mapping[str, str]] = (), **options: Any) -> None:
        super().__init__(*data, **options)
        for number in range(MOST_LINKS):
            one = kept[number] if number < len(kept) else {}
            self.fields[f"words_{number}"] = forms.CharField(
                label=_("Words"), max_length=LONGEST_WORDS, required=False, initial=one.get("words", "")
            )
            self.fields[f"url_{number}"] = forms.CharField(
                label=_("Address"), max_length=LONGEST_URL, required=False, initial=one.get("url", "")
            )
            self.fields[f"place_{number}"] = forms.ChoiceField(
                label=_("Where"), choices=self.PLACES, required=False, initial=one.get("place", Place.FOOT.value)
            )

    def lines(self) -> list[list[forms.BoundField]]:
        """Return the fields, a line per link."""
        return [[self[f"{name}_{number}"] for name in ("words", "url", "place")] for number in range(MOST_LINKS)]

    def links(self) -> list[Link]:
        """Return what was typed, empty lines too, so that a refusal can name its line."""
        said = self.cleaned_data
        return [
            Link(said[f"words_{number}"], said[f"url_{number}"], Place(said[f"place_{number}"] or Place.FOOT))
            for number in range(MOST_LINKS)
        ]


class PlatformTermsForm(forms.Form):
    """The next version of the platform's terms."""

    title = forms.CharField(label=_("Title"), max_length=160)
    body = RichField(label=_("Text"), rows=16)


class AskingForm(forms.Form):
    """Who accepts the platform's terms, and when."""

    terms_to_order = forms.BooleanField(
        label=_("Whoever orders accepts them"),
        required=False,
        help_text=_("Besides the terms of sale of the hub, which are always accepted."),
    )
    terms_to_register = forms.BooleanField(label=_("Whoever opens an enterprise accepts them"), required=False)


class OwnTextForm(forms.Form):
    """What the platform says in its own words, in place of ours."""

    title = forms.CharField(label=_("Title"), max_length=160, required=False)
    body = RichField(
        label=_("Text"), rows=10, required=False, help_text=_("Title and text left empty: ours stand again.")
    )


class TaxForm(forms.Form):
    """A kind of VAT, with its rate from today on."""

    code = forms.SlugField(label=_("Code"), max_length=20, help_text=_("For tables and files, such as reduced."))
    name = forms.CharField(label=_("Name people read"), max_length=40)
    rate_millionths = PercentField(label=_("Percentage"))
    is_included = forms.BooleanField(label=_("Prices contain it"), required=False, initial=True)


class RateForm(forms.Form):
    """Another rate of a kind of VAT from a day on, at home or in a zone."""

    category_id = forms.TypedChoiceField(label=_("Kind of VAT"), coerce=int)
    zone_id = forms.TypedChoiceField(label=_("Where"), coerce=int, required=False, empty_value=None)
    starts_on = forms.DateField(
        label=_("From which day on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("What is handed over from this day on, whenever it was ordered."),
    )
    rate_millionths = PercentField(label=_("Percentage"), help_text=_("0: from then on it has no VAT there."))
    is_included = forms.BooleanField(
        label=_("Prices contain it"),
        required=False,
        initial=True,
        help_text=_(
            "In a zone: the price stays as in the shop. Otherwise the VAT of home leaves it, and this is added."
        ),
    )

    def __init__(
        self, *data: Any, categories: list[tuple[int, str]], zones: list[tuple[int, str]], **options: Any
    ) -> None:
        super().__init__(*data, **options)
        give_choices(self, "category_id", categories)
        give_choices(self, "zone_id", [("", _("at home")), *zones])


class ZoneForm(forms.Form):
    """Places with a VAT of their own."""

    name = forms.CharField(label=_("Name of the zone"), max_length=80)
    places = forms.CharField(
        label=_("Its places"),
        max_length=800,
        help_text=_("Countries by their two letters, parts of one by how postcodes begin: BE, FR 971, FR 972."),
    )


class ShelfForm(forms.Form):
    """A shelf of the catalogue."""

    name_fr = forms.CharField(label=_("Name in French"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=80)
    slug = forms.SlugField(label=_("Address"), max_length=50)
    parent_id = forms.TypedChoiceField(label=_("Under"), coerce=int, required=False, empty_value=None)
    picture = forms.ChoiceField(label=_("Drawing"))
    field = forms.ChoiceField(label=_("Ground of its pictures"), choices=[(name, name) for name in FIELDS])
    dfc_type = forms.CharField(
        label=_("Product type of the Data Food Consortium"), max_length=120, required=False, help_text="dfc-pt:…"
    )

    def __init__(
        self, *data: Any, shelves: list[tuple[int, str]], pictures: list[tuple[str, str]], **options: Any
    ) -> None:
        super().__init__(*data, **options)
        give_choices(self, "parent_id", [("", _("nothing: at the top")), *shelves])
        give_choices(self, "picture", pictures)


class SwitchForm(forms.Form):
    """Who has a feature."""

    STATES = (
        (State.ALL.value, _("On for all")),
        (State.CHOSEN.value, _("On for those chosen below")),
        (State.OFF.value, _("Off")),
    )

    switch = forms.CharField(widget=forms.HiddenInput)
    state = forms.ChoiceField(label=_("Who has it"), choices=STATES, widget=forms.RadioSelect)
    enterprise_ids = forms.TypedMultipleChoiceField(
        label=_("For whom"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *data: Any, enterprises: Sequence[tuple[int, str]], **options: Any) -> None:
        super().__init__(*data, **options)
        give_choices(self, "enterprise_ids", enterprises)

    def clean_switch(self) -> Switch:
        try:
            return Switch(self.cleaned_data["switch"])
        except ValueError:
            raise forms.ValidationError(_("There is no such feature.")) from None


class VisitForm(forms.Form):
    """Why a steward acts as a person."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=255,
        help_text=_("The person reads it: in a mail now, and in their account for ever."),
    )


class ForgetForm(forms.Form):
    """Forgetting a person: why, and their address once more, so that it is nobody else."""

    reason = forms.CharField(
        label=_("Why"), max_length=255, help_text=_("Kept with your name, without theirs. “They asked by mail”, say.")
    )
    typed = forms.EmailField(label=_("Their e-mail address, typed once more"))

    def __init__(self, *data: Any, email: str, **options: Any) -> None:
        super().__init__(*data, **options)
        self.email = email

    def clean_typed(self) -> str:
        if self.cleaned_data["typed"].strip().lower() != self.email.lower():
            raise forms.ValidationError(_("That is not their address. Nothing was deleted."))
        return self.email
