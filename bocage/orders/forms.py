"""What a hub's people type about an order: money, quantities, weights."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bocage.commons.money import MINOR_DIGITS, Money, parse_minor
from bocage.orders.actions.lines import LineValue
from bocage.orders.rules import Delivered
from bocage.orders.sharing import Sharing
from bocage.ui import formats
from bocage.ui.fields import give_choices

MEANS = [
    ("cash", pgettext_lazy("means of payment", "Cash")),
    ("cheque", pgettext_lazy("means of payment", "Cheque")),
    ("card", pgettext_lazy("means of payment", "Card terminal")),
    ("transfer", pgettext_lazy("means of payment", "Bank transfer")),
]
PHONE = r"\A[0-9+() ./-]{6,32}\Z"
KEY = r"\A[A-Za-z0-9-]{1,64}\Z"
WEIGHT = re.compile(r"(?P<whole>\d{0,5})(?:[.,](?P<decimals>\d{1,3}))?(?P<unit>k?g)?", re.IGNORECASE)


class AmountField(forms.CharField):
    """An amount as people write it, `12,50`; cleaned to whole minor units."""

    def __init__(self, **options: Any):
        options.setdefault("max_length", 20)
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}), **options)

    def to_python(self, value: Any) -> Any:
        typed = super().to_python(value)
        if not typed:
            return None
        try:
            minor = parse_minor(typed)
        except ValueError:
            raise forms.ValidationError(_("Write an amount such as 12.50."), code="amount") from None
        if minor <= 0:
            raise forms.ValidationError(_("An amount is more than zero."), code="amount")
        return minor

    def validate(self, value: Any) -> None:
        forms.Field.validate(self, value)

    def run_validators(self, value: Any) -> None:
        return None


class WeightField(forms.CharField):
    """A weight as people write it, `1,51` (kilograms unless it says g); cleaned to whole grams."""

    def __init__(self, **options: Any):
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(widget=widget, **{"required": False, "max_length": 12, **options})

    def to_python(self, value: Any) -> Any:
        typed = "".join(str(super().to_python(value) or "").split())
        if not typed:
            return None
        match = WEIGHT.fullmatch(typed)
        if match is None or not (match["whole"] or match["decimals"]):
            raise forms.ValidationError(_("Write a weight such as 1.51 kg or 850 g."), code="weight")
        in_grams = (match["unit"] or "kg").lower() == "g"
        if in_grams and match["decimals"]:
            raise forms.ValidationError(_("Write whole grams, such as 850 g."), code="weight")
        whole = int(match["whole"] or 0)
        return whole if in_grams else whole * 1000 + int((match["decimals"] or "").ljust(3, "0"))

    def validate(self, value: Any) -> None:
        forms.Field.validate(self, value)

    def run_validators(self, value: Any) -> None:
        return None


class MoneyForm(forms.Form):
    """Money that moves for an order. The hidden key makes the same click twice one payment."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    amount = AmountField(label=_("Amount"))
    means = forms.ChoiceField(label=_("How"), choices=MEANS, widget=forms.RadioSelect)
    note = forms.CharField(label=_("Note"), max_length=255, required=False)

    def __init__(self, *args: Any, online: bool = False, **options: Any):
        super().__init__(*args, **options)
        extra = [("online", _("online, the way it was paid"))] if online else []
        stored = [] if self.prefix in ("top_up", "pay_out") else [self._stored()]
        give_choices(self, "means", [*extra, *MEANS, *stored])

    def _stored(self) -> tuple[str, Any]:
        is_back = self.prefix == "refund"
        return ("credit", _("Kept as credit on their account") if is_back else _("From the credit on their account"))

    @classmethod
    def fresh(cls, amount: Money, *, prefix: str, online: bool = False) -> MoneyForm:
        """Return the form not filled in yet, proposing `amount` where that is more than nothing.

        online: whether money can go back the way it was paid online.
        """
        proposed = typed_amount(amount) if amount.minor > 0 else ""
        means = "online" if online else "cash"
        first = {"key": str(uuid.uuid4()), "amount": proposed, "means": means}
        return cls(prefix=prefix, initial=first, online=online)


class QuantitiesForm(forms.Form):
    """How many of each line: one number per variant; 0 takes it out.

    Beside each, what the page showed: only what was changed there is asked for, and held against what is.
    """

    def __init__(self, *args: Any, lines: Iterable[Any], **options: Any):
        super().__init__(*args, **options)
        for line in lines:
            self.fields[f"q{line.variant_id}"] = forms.IntegerField(
                label=line.product_name, min_value=0, max_value=999, initial=line.quantity
            )
            self.fields[f"s{line.variant_id}"] = forms.IntegerField(
                required=False, min_value=0, max_value=999, initial=line.quantity, widget=forms.HiddenInput
            )

    def seen(self) -> dict[int, int]:
        """Return variant id → units that the page showed, of those that were changed there."""
        seen = self._numbers("s")
        return {variant_id: seen[variant_id] for variant_id in self.quantities() if variant_id in seen}

    def quantities(self) -> dict[int, int]:
        """Return variant id → units as typed, where that is not what the page showed."""
        seen = self._numbers("s")
        return {variant_id: n for variant_id, n in self._numbers("q").items() if seen.get(variant_id) != n}

    def _numbers(self, start: str) -> dict[int, int]:
        given = self.cleaned_data.items()
        return {int(name[1:]): n for name, n in given if name[0] == start and n is not None}


class AddForm(forms.Form):
    """How many of one product an order shall hold, and how many it held when that was asked."""

    variant = forms.IntegerField(min_value=1, max_value=2**62, widget=forms.HiddenInput)
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, max_value=999)
    seen = forms.IntegerField(min_value=0, max_value=999, widget=forms.HiddenInput)


class AddressForm(forms.Form):
    """Where something is brought to; blank for a pickup."""

    street = forms.CharField(label=_("Street and number"), max_length=160, required=False)
    street2 = forms.CharField(label=_("Floor, building …"), max_length=160, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=12, required=False)
    town = forms.CharField(label=_("Town"), max_length=80, required=False)

    def delivered(self) -> Delivered:
        """Return the address, as typed."""
        return Delivered(**{name: self.cleaned_data[name] for name in ("street", "street2", "postcode", "town")})


class PhoneForm(AddressForm):
    """An order as somebody takes it by phone: who, which sale, how it is handed over and paid; lines are read apart."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    shown = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**12)
    customer = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62, required=False)
    name = forms.CharField(
        label=_("Name"), max_length=120, widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": _("Write the name that is called out at the hand-over.")},
    )  # fmt: skip
    email = forms.EmailField(
        label=_("E-mail"), widget=forms.EmailInput({"autocomplete": "off"}),
        error_messages={"required": _("Write an e-mail address: the confirmation goes there.")},
    )  # fmt: skip
    phone = forms.RegexField(
        PHONE, label=_("Phone"), required=False, widget=forms.TextInput({"autocomplete": "off", "type": "tel"}),
        error_messages={"invalid": _("Write the phone number with digits only, for example: 06 12 34 56 78.")},
    )  # fmt: skip
    delivery = forms.TypedChoiceField(
        label=_("Pickup or delivery"), coerce=int, widget=forms.RadioSelect,
        error_messages={"required": _("Choose where the order is handed over.")},
    )  # fmt: skip
    payment = forms.TypedChoiceField(
        label=_("How it is paid"), coerce=int, widget=forms.RadioSelect,
        error_messages={"required": _("Choose how the order is paid.")},
    )  # fmt: skip
    voucher = forms.CharField(
        label=_("Voucher code"), max_length=40, required=False, widget=forms.TextInput({"autocomplete": "off"})
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, deliveries: Iterable[Any], payments: Iterable[Any], **options: Any):
        super().__init__(*args, **options)
        give_choices(self, "delivery", [(one.id, one.name) for one in deliveries])
        give_choices(self, "payment", [(one.id, one.name) for one in payments])


class HandOverForm(AddressForm):
    """How a placed order is handed over, and what the page showed of it."""

    delivery = forms.TypedChoiceField(label=_("Pickup or delivery"), coerce=int, widget=forms.RadioSelect)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16, required=False)

    def __init__(self, *args: Any, ways: Iterable[Any], **options: Any):
        super().__init__(*args, **options)
        give_choices(self, "delivery", [(way.id, way.name) for way in ways])


class BuyerForm(forms.Form):
    """Whose order it is: one of the hub's customers or somebody new, and how to call and reach them."""

    customer = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16, required=False)
    name = forms.CharField(
        label=_("Name"), max_length=120, widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": _("Write the name that is called out at the hand-over.")},
    )  # fmt: skip
    email = forms.EmailField(
        label=_("E-mail"), widget=forms.EmailInput({"autocomplete": "off"}),
        error_messages={"required": _("Write an e-mail address: the confirmation goes there.")},
    )  # fmt: skip
    phone = forms.RegexField(
        PHONE, label=_("Phone"), required=False, widget=forms.TextInput({"autocomplete": "off", "type": "tel"}),
        error_messages={"invalid": _("Write the phone number with digits only, for example: 06 12 34 56 78.")},
    )  # fmt: skip
    sends_confirmation = forms.BooleanField(label=_("Send them the confirmation of the order"), required=False)


class PaymentWayForm(forms.Form):
    """How a placed order is to be paid."""

    method = forms.TypedChoiceField(label=_("How it is paid"), coerce=int, widget=forms.RadioSelect)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16, required=False)

    def __init__(self, *args: Any, ways: Iterable[Any], **options: Any):
        super().__init__(*args, **options)
        give_choices(self, "method", [(way.id, way.name) for way in ways])


class NoteForm(forms.Form):
    """What was noted about an order."""

    note = forms.CharField(label=_("Note"), max_length=500, required=False, widget=forms.Textarea({"rows": 3}))
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16, required=False)


class AdjustmentForm(forms.Form):
    """A discount or an extra made by hand. The hidden key makes the same click twice one of them."""

    key = forms.RegexField(KEY, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=_("What it is"), choices=[("discount", _("Discount")), ("extra", _("Extra"))],
        widget=forms.RadioSelect, initial="discount",
    )  # fmt: skip
    label = forms.CharField(
        label=_("What the customer reads"), max_length=120,
        error_messages={"required": _("Write what it is for: the customer and the invoice say it.")},
    )  # fmt: skip
    amount = AmountField(label=_("Amount, VAT included"))
    rate = forms.TypedChoiceField(label=_("VAT in it"), coerce=int, required=False, empty_value=None)

    def __init__(self, *args: Any, rates: Iterable[Any], **options: Any):
        super().__init__(*args, **options)
        rates = list(rates)
        if rates:
            give_choices(self, "rate", [("", _("None")), *((rate.id, rate.name) for rate in rates)])
        else:
            del self.fields["rate"]

    @classmethod
    def fresh(cls, rates: Iterable[Any]) -> AdjustmentForm:
        """Return the form not filled in yet."""
        return cls(prefix="adjustment", rates=rates, initial={"key": str(uuid.uuid4()), "kind": "discount"})

    def signed(self) -> int:
        """Return the amount in minor units, below zero for a discount."""
        amount = int(self.cleaned_data["amount"])
        return -amount if self.cleaned_data["kind"] == "discount" else amount


class VoucherForm(forms.Form):
    """The code of a voucher."""

    code = forms.CharField(
        label=_("Voucher code"), max_length=40, widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": _("Write the code of the voucher.")},
    )  # fmt: skip


class CancelForm(forms.Form):
    """How an order is cancelled."""

    no_mail = forms.BooleanField(label=_("Send no mail"), required=False)
    no_stock = forms.BooleanField(label=_("Do not put the goods back into stock"), required=False)


class ActForm(CancelForm):
    """An act on many orders, as its preview showed it. The hidden key makes the same click twice one act."""

    key = forms.RegexField(KEY, widget=forms.HiddenInput)
    orders = forms.CharField(widget=forms.HiddenInput, max_length=100_000, required=False)
    means = forms.ChoiceField(
        label=_("How it was paid"), choices=MEANS, widget=forms.RadioSelect, required=False, initial="transfer"
    )

    @classmethod
    def fresh(cls, key: str, orders: Iterable[str]) -> ActForm:
        """Return the form for these orders, by reference."""
        return cls(initial={"key": key, "orders": " ".join(orders), "means": "transfer"})

    def clean_means(self) -> str:
        """Take a transfer where nothing was chosen: that is how many are paid at once."""
        return self.cleaned_data["means"] or "transfer"


class RemovalForm(CancelForm):
    """Lines to take out of their orders, as they were shown: line:units each. The hidden key makes twice once."""

    key = forms.RegexField(KEY, widget=forms.HiddenInput)
    lines = forms.RegexField(r"\A\d{1,18}:\d{1,3}(?: \d{1,18}:\d{1,3})*\Z", widget=forms.HiddenInput)

    def seen(self) -> dict[int, int]:
        """Return line id → units that were shown."""
        parts = (one.split(":") for one in self.cleaned_data["lines"].split())
        return {int(pk): int(units) for pk, units in parts}


class FilterForm(forms.Form):
    """A name for what one looks for."""

    name = forms.CharField(label=_("Name of the filter"), max_length=60)
    query = forms.CharField(widget=forms.HiddenInput, max_length=255, required=False)


class LineForm(forms.Form):
    """One line of many: its units, its final weight where it is weighed, its price where that may be set; beside them
    what the page showed.
    """

    quantity = forms.IntegerField(label=_("Quantity"), min_value=0, max_value=999)
    weight = WeightField(label=_("Final weight"))
    seen_quantity = forms.IntegerField(min_value=0, max_value=999, widget=forms.HiddenInput)
    seen_weight = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)
    price = AmountField(label=_("Price of one"), required=False)
    seen_price = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def wanted(self) -> LineValue:
        """Return what the line is to be; a price that the page did not show is not spoken of, an empty one stays."""
        given = self.cleaned_data
        seen = given["seen_price"]
        price = None if seen is None else seen if given["price"] is None else given["price"]
        return LineValue(given["quantity"], given["weight"], price)

    def is_conflict(self) -> bool:
        """Return whether somebody else changed the line meanwhile."""
        return self.has_error(NON_FIELD_ERRORS, "orders.changed_meanwhile")

    def seen(self) -> LineValue:
        """Return what the page showed."""
        given = self.cleaned_data
        return LineValue(given["seen_quantity"], given["seen_weight"], given["seen_price"])


class FarmAccessForm(forms.Form):
    """What farms may do with the lines of their own goods, and see of who ordered them."""

    edits_lines = forms.BooleanField(label=_("Farms change quantities and weights of their own goods"), required=False)
    adds_lines = forms.BooleanField(label=_("Farms also add and take out their own goods"), required=False)
    edits_prices = forms.BooleanField(label=_("Farms also change the prices of their own goods"), required=False)
    sees_names = forms.BooleanField(label=_("Farms read the names of who ordered"), required=False)


class ShortageForm(forms.Form):
    """How many came, and by which rule they are shared."""

    came = forms.IntegerField(label=_("How many came"), min_value=0, max_value=100_000)
    rule = forms.ChoiceField(
        label=_("How they are shared"),
        widget=forms.RadioSelect,
        choices=[
            (Sharing.FIRST.value, _("Who ordered first is served first")),
            (Sharing.EVEN.value, _("Everybody gets the same part of what they ordered")),
            (Sharing.FEWEST.value, _("As few people as possible are cut, the largest orders first")),
        ],
    )


class SharesForm(ShortageForm):
    """The shares as they were shown: reference, ordered, kept, of each order that is cut."""

    key = forms.RegexField(KEY, widget=forms.HiddenInput)
    shares = forms.RegexField(r"\A\w{1,12}:\d{1,3}:\d{1,3}(?: \w{1,12}:\d{1,3}:\d{1,3})*\Z", widget=forms.HiddenInput)

    def plans(self) -> dict[str, dict[str, int]]:
        """Return reference → before and after, units."""
        parts = (one.split(":") for one in self.cleaned_data["shares"].split())
        return {ref: {"before": int(before), "after": int(after)} for ref, before, after in parts}


class BatchForm(forms.Form):
    """In which lots something comes: 25 kg, 6 L or 12 pieces; blank forgets it."""

    UNITS: Mapping[str, int] = {"weight": 1000, "volume": 1000, "items": 1}

    size = forms.DecimalField(
        label=_("A batch is"), min_value=0, max_value=100_000, max_digits=9, decimal_places=3, required=False,
        localize=True, widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip
    unit = forms.ChoiceField(choices=[(name, name) for name in UNITS], widget=forms.HiddenInput)

    def in_units(self) -> int:
        """Return the size in g, mL or items."""
        return int((self.cleaned_data["size"] or 0) * self.UNITS[self.cleaned_data["unit"]])


class WeightsForm(forms.Form):
    """What weighed lines really weigh; a blank one is not weighed yet.

    Beside each, what the page showed: only what was changed there is asked for, and held against what is.
    """

    def __init__(self, *args: Any, lines: Iterable[Any], **options: Any):
        super().__init__(*args, **options)
        for line in lines:
            weighed = typed_weight(line.final_weight_g)
            self.fields[f"w{line.id}"] = WeightField(label=line.product_name, initial=weighed)
            self.fields[f"s{line.id}"] = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def weights(self) -> Mapping[int, int]:
        """Return line id → whole grams of the lines that were weighed, where that is not what the page showed."""
        shown = self._grams("s")
        return {pk: grams for pk, grams in self._grams("w").items() if grams is not None and grams != shown[pk]}

    def seen(self) -> Mapping[int, int | None]:
        """Return line id → grams that the page showed, None while not weighed, of those that were changed there."""
        shown = self._grams("s")
        return {pk: shown[pk] for pk in self.weights() if self.add_prefix(f"s{pk}") in self.data}

    def _grams(self, start: str) -> dict[int, int | None]:
        return {int(name[1:]): grams for name, grams in self.cleaned_data.items() if name[0] == start}


class TopUpForm(forms.Form):
    """What a customer pays in advance."""

    amount = AmountField(label=_("Amount"))


class GrantForm(forms.Form):
    """A credit: how much, why, who bears it, for which order if any."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    amount = AmountField(label=_("Amount"))
    reason = forms.CharField(label=_("Why"), max_length=255, help_text=_("The customer reads it."))
    bearer = forms.TypedChoiceField(label=_("Who bears it"), coerce=int)
    ref = forms.CharField(
        label=_("Order"), max_length=12, required=False,
        help_text=_("Its number, where the credit is for an order: then its VAT is less too."),
    )  # fmt: skip

    def __init__(self, *args: Any, bearers: Iterable[tuple[int, str]], **options: Any):
        super().__init__(*args, **options)
        give_choices(self, "bearer", list(bearers))

    @classmethod
    def fresh(cls, *, ref: str, bearers: Iterable[tuple[int, str]]) -> GrantForm:
        """Return the form not filled in yet."""
        return cls(bearers=bearers, initial={"key": str(uuid.uuid4()), "ref": ref})


def typed_amount(amount: Money) -> str:
    """Return an amount as one would type it: 21,68 in French, 21.68 in English."""
    digits = MINOR_DIGITS[amount.currency]
    plain = f"{Decimal(amount.minor).scaleb(-digits):.{digits}f}"
    return plain.replace(".", ",") if (get_language() or "fr").startswith("fr") else plain


def typed_weight(grams: int | None) -> str:
    """Return a weight in kilograms as one would type it; nothing when there is none."""
    return formats.decimal(Decimal(grams).scaleb(-3)) if grams else ""
