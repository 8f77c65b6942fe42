"""Invented farms and figures for the gallery of components."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django import forms
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bocage.commons.money import Money

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Row:
    """Whatever a component's row may carry."""

    label: str = ""
    key: str = ""
    url: str = "#"
    icon: str = ""
    count: int | None = None
    kind: str = ""
    amount: Money | None = None
    when: str = ""
    state: str = ""
    text: str = ""
    words: str = ""
    name: str = ""
    detail: str = ""
    picture: str = ""
    field: str = ""


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(
        label=gettext_lazy("Your name"), help_text=gettext_lazy("As it will be called at the stall.")
    )
    phone = forms.CharField(label=gettext_lazy("Telephone"), required=False)
    place = forms.ChoiceField(
        label=gettext_lazy("Pickup point"), choices=[("hall", "Sous la halle"), ("town", "Mairie")]
    )
    note = forms.CharField(
        label=gettext_lazy("A word for the hub"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    how = forms.ChoiceField(
        label=gettext_lazy("How do you pay?"),
        choices=[("spot", gettext_lazy("On the spot")), ("transfer", gettext_lazy("By transfer"))],
        widget=forms.RadioSelect,
    )
    picture = forms.FileField(label=gettext_lazy("Photo"), required=False)
    accept = forms.BooleanField(
        label=gettext_lazy("I accept the hub’s terms"), help_text=gettext_lazy("Two pages, in plain words.")
    )


class SampleSlider(forms.Form):
    """A number that may be drawn."""

    part = forms.IntegerField(label=gettext_lazy("Fixed part"), min_value=0, max_value=100, initial=25)


def gallery(now: datetime) -> dict[str, Any]:
    """Return what the gallery shows."""
    return {
        "icons": re.findall(r'data-icon="([\w-]+)"', (HERE / "styles/icons.css").read_text()),
        "colours": COLOURS,
        "fields": ["meadow", "wheat", "barley", "flax", "buckwheat", "soil", "squash"],
        "amount": Money(620),
        "big_amount": Money(128460),
        "form": SampleForm(),
        "drawn": SampleSlider(),
        "wrong_form": _wrong_form(),
        "steps": [Row(_("Pickup")), Row(_("Payment")), Row(_("Confirmation"))],
        "tabs": [Row(_("Products"), "products"), Row(_("Farms"), "farms", count=14), Row(_("About us"), "about")],
        "trail": [Row(_("Sales around Malvran")), Row("Le Panier de la Halle"), Row(_("Leeks"))],
        "parts": _parts(),
        "lines": _lines(),
        "charges": [
            Row(_("Products"), amount=Money(1460)),
            Row(_("Pickup at the market hall"), words=_("free of charge")),
        ],
        "total": Money(1460),
        "moments": _moments(),
        "facts": [(_("Customer"), "Armelle Quéré"), (_("Order number"), "R7K2"), (_("Telephone"), "06 55 01 27 90")],
        "points": [24, 29, 27, 33, 30, 36, 31],
        "farms": _farms(),
        "closes": now + timedelta(days=1, hours=10, minutes=48),
        "opened": now - timedelta(days=4),
    }


def hub() -> dict[str, Any]:
    """Return what the hub's frame asks for."""
    rows = [
        Row(_("Today"), "today", icon="sun"),
        Row(_("Order cycles"), "cycles", icon="repeat"),
        Row(_("Orders"), "orders", icon="list", count=3),
        Row(_("To pack"), "packing", icon="box"),
        Row(_("Products"), "products", icon="sprout"),
        Row(_("Customers"), "customers", icon="users"),
        Row(_("Settings"), "settings", icon="sliders"),
    ]
    frame = {"name": "Le Panier de la Halle", "url": "#", "switch_url": "#", "shop_url": "#", "role": _("coordinator")}
    return {"hub": frame, "hub_nav": rows}


def _wrong_form() -> SampleForm:
    form = SampleForm({"phone": "06", "how": "spot", "place": "hall"})
    form.is_valid()
    return form


def _parts() -> list[Row]:
    return [
        Row("Fournil des Deux Talus", kind="producer", amount=Money(492)),
        Row(_("Le Panier de la Halle, for coordinating"), kind="hub", amount=Money(70)),
        Row(_("Friday’s round"), kind="transport", amount=Money(20)),
        Row(_("Bocage, the platform (1 %)"), kind="commons", amount=Money(6)),
        Row(_("VAT 5.5 %"), kind="tax", amount=Money(32)),
    ]


def _lines() -> list[Row]:
    def line(name: str, detail: str, minor: int, drawing: str, field: str) -> Row:
        return Row(
            name=name, detail=detail, amount=Money(minor), field=field, picture=static(f"ui/drawings/{drawing}.svg")
        )

    return [
        line(_("Leeks"), _("2 bunches"), 560, "leek", "meadow"),
        line(_("Country bread"), "1 kg", 620, "bread", "wheat"),
        line(_("Juice of old apples from the orchards of Upper Malvran"), "1 L", 280, "juice", "squash"),
    ]


def _moments() -> list[Row]:
    return [
        Row(_("Opening"), when=_("Friday at 8"), state="done"),
        Row(_("Closing"), when=_("Wednesday at 20"), state="now", text=_("31 orders")),
        Row(_("Farms deliver"), when=_("Thursday at 18"), state="next"),
        Row(_("Pickup"), when=_("Friday from 16:30"), state="later"),
    ]


def _farms() -> list[Row]:
    return [
        Row(name="Ferme du Champ-Rossignol", detail="Trévéan", count=38, amount=Money(37240), when=_("Thursday at 18")),
        Row(name="Groupement agricole de la Basse-Bretonnière et du Haut-Champ-Guérin", detail="Bréhaudais", count=19,
            amount=Money(14340), when=_("Thursday at 18")),
        Row(name="Les Ruches de Kermorvan", detail="Plessis-Gaudin", count=9, amount=Money(6375), when=_("Friday at 14")),
    ]  # fmt: skip


COLOURS = [
    *("ground", "surface", "surface-sunken", "surface-pressed", "accent", "accent-soft", "attention", "attention-soft"),
    *("danger", "danger-soft", "info-soft", "deep"),
]
