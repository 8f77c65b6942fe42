"""What people type about who is shown what."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bocage.shops.actions.tagging import RuleDetails
from bocage.shops.rules.tagging import Kind
from bocage.ui.fields import TagsField

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
