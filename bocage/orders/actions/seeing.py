"""Nobody orders what a hub's tag rules hide from them, whatever a form says."""

from __future__ import annotations

from collections.abc import Collection

from bocage.network.rules import Actor
from bocage.order_cycles.models import Exchange
from bocage.order_cycles.queries.offers import Offers
from bocage.orders import rules
from bocage.orders.queries.choices import DeliveryChoice, PaymentChoice
from bocage.orders.rules import Wanted
from bocage.shops import queries as shops
from bocage.shops.rules.tagging import Kind, Sight, hidden, read_tags


def check_seen(wanted: Wanted, delivery: DeliveryChoice, payment: PaymentChoice, found: Offers, actor: Actor) -> None:
    """Refuse what the buyer is not shown. Raises SaleNotForYou, NotOffered, MethodWithdrawn; four queries."""
    sight = shops.sight(hub_id=wanted.hub_id, person_id=actor.person_id)
    if not sight.shows(Kind.SALES, _tags_of_sale(wanted)):
        raise rules.SaleNotForYou()
    check_goods_seen(sight, wanted.hub_id, wanted.quantities, found)
    if not sight.shows(Kind.DELIVERY, delivery.tags) or not sight.shows(Kind.PAYMENT, payment.tags):
        raise rules.MethodWithdrawn()


def check_goods_seen(sight: Sight, hub_id: int, variant_ids: Collection[int], found: Offers) -> None:
    """Refuse goods that are not shown to whoever orders them. Raises NotOffered; one query."""
    if sight.has(Kind.GOODS):
        gone = hidden(sight, Kind.GOODS, shops.goods_tags_of(hub_id=hub_id, variant_ids=variant_ids))
        if gone:
            names = [found.by_variant[one].product_name for one in gone if one in found.by_variant]
            raise rules.NotOffered(products=", ".join(names))


def _tags_of_sale(wanted: Wanted) -> tuple[str, ...]:
    there = Exchange.objects.filter(cycle_id=wanted.cycle_id, direction="outgoing", enterprise_id=wanted.hub_id)
    return read_tags(next(iter(there.values_list("tags", flat=True)), ""))
