"""Tables to test with: makers of the catalogue, stock, and somebody who is signed in."""

from __future__ import annotations

from typing import Any

from bocage.catalogue.models import Variant
from bocage.catalogue.tests.make import (
    NOW,
    agreement,
    category,
    farm,
    hub,
    manager,
    person,
    product,
    prop,
    rate,
    variant,
)
from bocage.network.models import Enterprise, Person, Role
from bocage.stock.models import StockItem

__all__ = [
    "NOW", "Role", "agreement", "category", "farm", "hub", "manager", "person", "product", "prop", "rate", "signed_in",
    "stocked", "variant",
]  # fmt: skip


def signed_in(client: Any, *enterprises: Enterprise, language: str = "en") -> Person:
    """Sign somebody in who manages these enterprises; return that person."""
    someone = person(language=language)
    for one in enterprises:
        Role.objects.create(person=someone, enterprise=one, name="manager")
    client.force_login(someone)
    client.cookies["django_language"] = language
    return someone


def stocked(
    variant: Variant, on_hand: int = 14, *, hub: Enterprise | None = None, on_demand: bool = False
) -> StockItem:
    return StockItem.objects.create(variant=variant, hub=hub, on_hand=on_hand, on_demand=on_demand)
