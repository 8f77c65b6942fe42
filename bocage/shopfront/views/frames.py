"""What every page of a shop has: the hub's band, the panel of its sale, its tabs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext

from bocage.network.requests import HubRequest
from bocage.shopfront.queries.shops import ShopRow
from bocage.shopfront.views.hours import hand_over
from bocage.shopfront.views.visits import Visit
from bocage.shops.faces import ShownFace, face


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter, as a link."""

    label: str
    url: str
    current: bool
    picture: str = ""


def frame(request: HubRequest, here: Visit, current: str) -> dict[str, Any]:
    """Return what every page of a shop needs: its band, the panel of the sale, its tabs."""
    first = here.main_hand_over
    return {
        "here": here,
        "shop": here.shop,
        "face": face_of(here.shop),
        "sale": here.sale,
        "hand_over": hand_over(first) if first else None,
        "other_hand_overs": [hand_over(one) for one in here.snapshot.deliveries if one != first]
        if here.snapshot
        else [],
        "sales": [Choice(sale.name, _sale_url(here, sale.id), sale == here.sale) for sale in here.sales],
        "tabs": _tabs(here),
        "tab": current,
        "basket_url": here.url("basket"),
        "shop_url": here.url("shop"),
        "here_url": request.get_full_path(),
    }


def face_of(shop: ShopRow) -> ShownFace:
    """Return the face that a shop shows in the place of the platform's."""
    return face(shop.label, name=shop.name, slug=shop.slug)


def filtered_url(here: Visit, asked: dict[str, str]) -> str:
    kept = {name: value for name, value in asked.items() if value}
    if not kept:
        return here.url("shop")
    return f"{here.url('shop')}{'&' if here.query else '?'}{urlencode(kept)}"


def _sale_url(here: Visit, sale_id: int) -> str:
    said = {"cycle": str(sale_id)} | ({"as": here.looking.key} if here.looking else {})
    return f"{here.url('shop').partition('?')[0]}?{urlencode(said)}"


def _tabs(here: Visit) -> list[dict[str, Any]]:
    count = len(here.snapshot.farms) if here.snapshot else ""
    found = [("products", gettext("The products"), "shop", ""), ("farms", gettext("The farms"), "farms", count)]
    found += [("about", gettext("Who we are"), "about", ""), ("contact", gettext("Contact"), "contact", "")]
    if here.shop.label.page_title:
        found.append(("own", here.shop.label.page_title, "own", ""))
    kept = found if here.snapshot else [found[0], *found[2:]]
    return [{"key": key, "label": label, "url": here.url(name), "count": said} for key, label, name, said in kept]
