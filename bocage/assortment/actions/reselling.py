"""Goods that a hub makes of a farm's: a sack of ten kilograms becomes bags of one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from bocage.catalogue import actions as catalogue
from bocage.catalogue import queries as goods
from bocage.catalogue.rules import VariantDetails
from bocage.commons.refusals import NotFound
from bocage.network.rules import Actor
from bocage.stock import actions as stock
from bocage.stock.rules import Level


@transaction.atomic
def resell(
    *,
    hub_id: int,
    name: str,
    details: VariantDetails,
    product_id: int | None = None,
    on_hand: int = 0,
    actor: Actor,
    now: datetime,
) -> int:
    """Make a size of a hub's own of the farm's goods that `details.source_id` names; return the product's id.

    It enters the hub's product `product_id`, which is made of the same farm's product, or a new one called `name` that says
    of itself what the farm's does today. Price and stock (`on_hand` are ready) are the hub's. Raises Forbidden, NotFound,
    MayNotResell, CountOutOfRange, and what is refused of a product or size.
    """
    assert details.source_id is not None
    source = goods.resellable(variant_id=details.source_id, hub_id=hub_id, actor=actor, now=now)
    if product_id is not None and product_id not in dict(
        goods.made_of(source_product_id=source.product_id, hub_id=hub_id)
    ):
        raise NotFound
    asked: dict[str, Any] = {"actor": actor, "now": now}
    if product_id is None:
        sheet = goods.product(product_id=source.product_id, enterprise_id=hub_id, **asked)
        said = sheet.details
        inherited = goods.producer_properties(producer_id=sheet.producer_id) if said.inherits_properties else ()
        held = tuple(sorted({*said.property_ids, *inherited}))
        copy = replace(said, name=name, property_ids=held, inherits_properties=False)
        product_id = catalogue.add_product(producer_id=hub_id, details=copy, **asked)
    variant_id = catalogue.add_variant(product_id=product_id, details=details, **asked)
    stock.recount(variant_id=variant_id, hub_id=None, wanted=Level(on_hand), seen=None, **asked)
    return product_id
