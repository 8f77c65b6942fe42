"""What people type about a shop's own face: its colours, its logo, the sites that show it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bocage.shops.forms.terms import PhotoForm
from bocage.shops.rules.faces import Label
from bocage.ui.fields import RichField, give_choices

PALETTE_WORDS = {
    "meadow": pgettext_lazy("colours", "Meadow green"),
    "lake": pgettext_lazy("colours", "Lake blue"),
    "heather": pgettext_lazy("colours", "Heather violet"),
    "earth": pgettext_lazy("colours", "Earth brown"),
    "slate": pgettext_lazy("colours", "Slate grey"),
}


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
