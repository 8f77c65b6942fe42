"""Keep the large sizes for those who cook for many: tags, a rule, and the customers that it names."""

from __future__ import annotations

from datetime import datetime

from bocage.network.actions import save_customer
from bocage.network.rules import SYSTEM
from bocage.network.rules.customers import CustomerDetails
from bocage.shops.actions import tagging
from bocage.shops.models import GoodsTag
from bocage.shops.rules.tagging import Kind
from bocage.web.town.data import Hub, Town
from bocage.web.town.places import Ground
from bocage.web.town.shelving import Shelved


def reserve(town: Town, ground: Ground, goods: list[Shelved], *, now: datetime) -> None:
    """Let each hub that wants it sell its large sizes to its professional customers alone."""
    for hub in town.hubs:
        if hub.reserved is not None:
            _reserve(town, hub, ground.enterprises[hub.who.slug], goods, now)


def _reserve(town: Town, hub: Hub, hub_id: int, goods: list[Shelved], now: datetime) -> None:
    kept = hub.reserved
    assert kept is not None
    GoodsTag.objects.bulk_create(
        GoodsTag(hub_id=hub_id, variant_id=one.variant_id, name=kept.tag)
        for one in goods
        if one.farm in hub.carries and one.size.unit == "weight" and one.size.size >= kept.grams
    )
    tagging.reserve(
        hub_id=hub_id, kind=Kind.GOODS, target_tags=kept.tag, customer_tags=kept.customers, actor=SYSTEM, now=now
    )
    names = {person.email: person.name for person in town.people}
    for email in kept.people:
        details = CustomerDetails(email=email, name=names[email], tags=(kept.customers,))
        save_customer(hub_id=hub_id, details=details, actor=SYSTEM, now=now)
