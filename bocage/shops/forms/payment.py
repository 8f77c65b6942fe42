"""What people type about the ways to pay."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bocage.ui.fields import TagsField

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
