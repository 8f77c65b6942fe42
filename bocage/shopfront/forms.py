"""What the checkout asks, as typed values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bocage.commons.money import Money
from bocage.orders.forms import PHONE, AmountField, typed_amount
from bocage.orders.queries.choices import DeliveryChoice, PaymentChoice
from bocage.shopfront.rules import Details, Stored
from bocage.ui.fields import give_choices


class WhoForm(forms.Form):
    """Who orders, and how the goods get to them; errors are listed in the order of the page."""

    field_order = ("delivery_method_id", "street", "street2", "postcode", "town", "save_address", "name")

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": _("Write your name: it is called out at the pickup.")},
    )  # fmt: skip
    email = forms.EmailField(
        label=_("E-mail"), widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={
            "required": _("Write your e-mail address: the confirmation goes there."),
            "invalid": _("This is not an e-mail address. Check it, for example: marie@exemple.fr."),
        },
    )  # fmt: skip
    phone = forms.RegexField(
        PHONE, label=_("Phone"), required=False, widget=forms.TextInput({"autocomplete": "tel", "type": "tel"}),
        error_messages={"invalid": _("Write the phone number with digits only, for example: 06 12 34 56 78.")},
    )  # fmt: skip
    delivery_method_id = forms.TypedChoiceField(
        label=_("Pickup or delivery"), coerce=int, widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose where you pick up your order, or have it delivered."),
            "invalid_choice": _("This way is no longer offered. Choose another one; your basket is kept."),
        },
    )  # fmt: skip
    street = forms.CharField(
        label=_("Street and number"), max_length=160, required=False,
        widget=forms.TextInput({"autocomplete": "address-line1"}),
    )  # fmt: skip
    street2 = forms.CharField(
        label=_("Floor, building …"), max_length=160, required=False,
        widget=forms.TextInput({"autocomplete": "address-line2"}),
    )  # fmt: skip
    postcode = forms.CharField(
        label=_("Postcode"), max_length=12, required=False, widget=forms.TextInput({"autocomplete": "postal-code"})
    )
    town = forms.CharField(
        label=_("Town"), max_length=80, required=False, widget=forms.TextInput({"autocomplete": "address-level2"})
    )
    save_address = forms.BooleanField(label=_("Keep this address for next time"), required=False)
    note = forms.CharField(
        label=_("A word to the hub"), max_length=500, required=False, widget=forms.Textarea({"rows": 2})
    )

    def __init__(
        self, data: Any = None, *, details: Details, deliveries: Sequence[DeliveryChoice], needs_phone: bool
    ) -> None:
        initial = {name: getattr(details, name) for name in self.base_fields}
        known = [choice.id for choice in deliveries]
        if initial["delivery_method_id"] not in known:
            initial["delivery_method_id"] = known[0] if len(known) == 1 else None
        super().__init__(data, initial=initial)
        self.deliveries = {choice.id: choice for choice in deliveries}
        give_choices(self, "delivery_method_id", [(choice.id, choice.name) for choice in deliveries])
        self.fields["phone"].required = needs_phone
        self.fields["phone"].error_messages["required"] = _("The hub needs a phone number, to reach you on the day.")

    def clean(self) -> dict[str, Any]:
        """Ask for an address only where something is brought to it, and only where the hub goes."""
        cleaned = super().clean() or {}
        choice = self.deliveries.get(cleaned.get("delivery_method_id", 0))
        if choice is None or choice.is_pickup:
            return cleaned
        for name in ("street", "postcode", "town"):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("For a delivery we need street, postcode and town."))
        if cleaned.get("postcode") and not choice.reaches(cleaned["postcode"]):
            words = _("The hub does not deliver to %(postcode)s. Choose a pickup point or another address.")
            self.add_error("postcode", forms.ValidationError(words, params={"postcode": cleaned["postcode"]}))
        return cleaned


class PayForm(forms.Form):
    """How the order is paid."""

    payment_method_id = forms.TypedChoiceField(
        label=_("How to pay"), coerce=int, widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose how you pay."),
            "invalid_choice": _("This way to pay is no longer offered. Choose another one; your basket is kept."),
        },
    )  # fmt: skip

    use_credit = forms.BooleanField(label=_("Pay from my account"), required=False)
    credit = AmountField(label=_("How much of it"), required=False)
    gift = forms.CharField(label=_("Code of the gift voucher"), max_length=40, required=False)

    def __init__(
        self, data: Any = None, *, details: Details, payments: Sequence[PaymentChoice], credit: Money | None = None
    ) -> None:
        known = [choice.id for choice in payments]
        chosen = (
            details.payment_method_id if details.payment_method_id in known else (known[0] if len(known) == 1 else None)
        )
        self.left = credit.minor if credit else 0
        spent = min(details.credit_minor, self.left)
        initial = {
            "payment_method_id": chosen,
            "use_credit": bool(spent),
            "credit": typed_amount(Money(spent or max(self.left, 0))),
            "gift": details.gift,
        }
        super().__init__(data, initial=initial)
        give_choices(self, "payment_method_id", [(choice.id, choice.name) for choice in payments])

    @property
    def credit_minor(self) -> int:
        """Return how much of the account is to be used: what was typed, all of it where nothing was."""
        if not self.cleaned_data["use_credit"]:
            return 0
        return min(self.cleaned_data["credit"] or self.left, max(self.left, 0))


class VoucherForm(forms.Form):
    """The code of a voucher; nothing leaves one out again."""

    code = forms.CharField(label=_("Code of the voucher"), max_length=40, required=False)


class ConfirmForm(forms.Form):
    """The last step: the total that was shown, and the terms."""

    key = forms.CharField(max_length=36, widget=forms.HiddenInput)
    cycle = forms.IntegerField(min_value=1, max_value=2**62, widget=forms.HiddenInput)
    shown_total = forms.IntegerField(min_value=0, max_value=10**12, widget=forms.HiddenInput)
    shown_credit = forms.IntegerField(min_value=0, max_value=10**12, required=False, widget=forms.HiddenInput)
    shown_gift = forms.IntegerField(min_value=0, max_value=10**12, required=False, widget=forms.HiddenInput)
    shown_debt = forms.IntegerField(min_value=0, max_value=10**12, required=False, widget=forms.HiddenInput)
    accepted = forms.BooleanField(
        label=_("I accept the terms"), required=True,
        error_messages={"required": _("Please accept the terms of sale to order.")},
    )  # fmt: skip

    @property
    def shown(self) -> Money:
        """Return the total that the shopper saw."""
        return Money(self.cleaned_data["shown_total"])

    @property
    def stored(self) -> Stored:
        """Return what the shopper saw to be paid in advance, and from last time."""
        names = ("credit", "gift", "debt")
        return Stored(*(self.cleaned_data[f"shown_{name}"] or 0 for name in names))
