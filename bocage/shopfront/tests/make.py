"""A market whose shop is open at NOON, and shoppers in it."""

from __future__ import annotations

import uuid

from bocage.network.rules import GUEST, Actor
from bocage.orders.tests.make import NOON, Market, actor, euros, market, person
from bocage.shopfront import actions
from bocage.shopfront.models import Basket, BasketLine
from bocage.shopfront.queries import baskets, shops, snapshots
from bocage.shopfront.queries.baskets import BasketView
from bocage.shopfront.queries.snapshots import Snapshot
from bocage.shopfront.rules import Owner

__all__ = [
    "NOON",
    "Market",
    "actor",
    "basket",
    "device",
    "euros",
    "held",
    "market",
    "person",
    "put",
    "snapshot",
    "view",
]


def device(name: str = "phone") -> Owner:
    return Owner(device=name.ljust(64, "0"))


def snapshot(market: Market) -> Snapshot:
    """Return what the market's shop shows now."""
    snapshots.forget()
    return fresh(market)


def fresh(market: Market) -> Snapshot:
    """Return what the market's shop shows, as the process keeps it."""
    shop, [sale, *_] = shops.doorway(market.hub.slug, now=NOON)
    return snapshots.snapshot(
        cycle_id=sale.id, hub_id=shop.hub_id, cycle_version=sale.version, shop_version=shop.version, at=NOON
    )


def put(market: Market, owner: Owner, quantities: dict, *, who: Actor = GUEST, **options: object) -> list[actions.Put]:
    snapshots.forget()
    return actions.put(
        owner=owner,
        slug=market.hub.slug,
        cycle_id=market.cycle.pk,
        quantities={variant.pk: quantity for variant, quantity in quantities.items()},
        actor=who,
        now=NOON,
        **options,
    )


def basket(market: Market, owner: Owner, quantities: dict, *, shown: int = 0) -> Basket:
    """Return a basket as it lies in the database, whatever the shop would say to it."""
    made = Basket.objects.create(
        person_id=owner.person_id, device=owner.device, hub=market.hub, cycle=market.cycle, key=str(uuid.uuid4()),
        changed_at=NOON,
    )  # fmt: skip
    for variant, quantity in quantities.items():
        BasketLine.objects.create(
            basket=made, variant=variant, quantity=quantity, shown_minor=shown or variant.price_minor
        )
    return made


def held(market: Market, owner: Owner) -> dict[int, int]:
    """Return what an owner's basket holds, by variant id."""
    stored = baskets.kept(owner=owner, hub_id=market.hub.pk, cycle_id=market.cycle.pk)
    return {variant_id: quantity for variant_id, (quantity, _) in stored.lines.items()}


def view(market: Market, owner: Owner) -> BasketView:
    return baskets.basket(owner=owner, hub_id=market.hub.pk, cycle_id=market.cycle.pk, snapshot=snapshot(market))
