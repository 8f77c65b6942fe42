"""A shop's face as pages show it: in the place of the platform's bar and colours."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from bocage.shops.rules.faces import PALETTES, Label


@dataclass(frozen=True, slots=True)
class ShownFace:
    """What the layouts `ui/shop.html` and `ui/calm.html` read as `face`."""

    name: str
    shop_url: str
    hides: bool
    logo: str
    link: str
    palette: str


def face(label: Label, *, name: str, slug: str) -> ShownFace:
    """Return the face of the hub `name` under its label."""
    try:
        shop_url = reverse("shopfront:shop", args=[slug])
    except NoReverseMatch:
        shop_url = ""
    return ShownFace(
        name=name,
        shop_url=shop_url,
        hides=label.hides_platform,
        logo=f"{settings.MEDIA_URL}{label.picture}" if label.picture else "",
        link=label.logo_link,
        palette="" if label.palette == PALETTES[0] else label.palette,
    )
