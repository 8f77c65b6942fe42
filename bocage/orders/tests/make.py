"""A small market for tests: a hub, two farms, a cycle that is open at NOON."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from bocage.catalogue.models import Category, Product, Variant
from bocage.commons.money import Money
from bocage.network.models import Enterprise, Instance, Person, Role
from bocage.network.queries import actor_for
from bocage.network.rules import GUEST, Actor
from bocage.order_cycles.models import CycleFee, Exchange, ExchangeVariant, HandOver, OrderCycle
from bocage.orders.actions import Placed, place_order
from bocage.orders.queries.quoting import quote
from bocage.orders.rules import Buyer, Delivered, Wanted
from bocage.payments.models import PaymentMethod
from bocage.pricing.models import EnterpriseFee, TaxRate
from bocage.shops.models import DeliveryMethod, PickupPoint, Shop
from bocage.stock.models import StockItem

NOON = datetime(2026, 10, 6, 12, 0, tzinfo=UTC)
_count = itertools.count(1)


def euros(text: str) -> Money:
    whole, _, cents = text.partition(".")
    return Money(int(whole) * 100 + int(cents.ljust(2, "0") or 0), "EUR")


@dataclass
class Market:
    """Everything a test needs to order something."""

    instance: Instance
    hub: Enterprise
    farm: Enterprise
    other_farm: Enterprise
    shop: Shop
    cycle: OrderCycle
    outgoing: Exchange
    incoming: Exchange
    other_incoming: Exchange
    pickup: DeliveryMethod
    delivery: DeliveryMethod
    cash: PaymentMethod
    reduced: TaxRate
    category: Category
    manager: Actor
    variants: dict[str, Variant] = field(default_factory=dict)

    def offer(
        self, name: str, price: str, *, stock: int | None = 50, farm: Enterprise | None = None, **fields
    ) -> Variant:
        """Put a product on sale in the cycle; stock None is on demand."""
        producer = farm or self.farm
        product = Product.objects.create(producer=producer, category=self.category, name=name)
        values = {"unit": "weight", "size": 500, "tax_rate": self.reduced} | fields
        variant = Variant.objects.create(product=product, price_minor=euros(price).minor, **values)
        StockItem.objects.create(variant=variant, on_demand=stock is None, on_hand=stock or 0)
        incoming = self.incoming if producer == self.farm else self.other_incoming
        for exchange in (incoming, self.outgoing):
            ExchangeVariant.objects.create(exchange=exchange, variant=variant)
        self.variants[name] = variant
        return variant

    def charge(self, calculator: str, *, exchange: Exchange | None = None, **fields) -> EnterpriseFee:
        """Attach a fee of the hub to the cycle, or to one exchange."""
        values = {"name": "Frais", "kind": "admin", "tax": "none"} | fields
        fee = EnterpriseFee.objects.create(enterprise=self.hub, calculator=calculator, **values)
        CycleFee.objects.create(cycle=self.cycle, exchange=exchange, fee=fee)
        return fee

    def wanted(self, quantities: dict[Variant, int], **fields) -> Wanted:
        values = {
            "key": f"key-{next(_count)}",
            "hub_id": self.hub.pk,
            "cycle_id": self.cycle.pk,
            "quantities": {variant.pk: quantity for variant, quantity in quantities.items()},
            "delivery_method_id": self.pickup.pk,
            "payment_method_id": self.cash.pk,
            "buyer": Buyer("Armelle Le Goff", "armelle@exemple.bocage.example", "0600000000"),
            "address": Delivered(),
        }
        return Wanted(**(values | fields))

    def place(self, quantities: dict[Variant, int], *, actor: Actor = GUEST, now: datetime = NOON, **fields) -> Placed:
        """Place an order at the total that the shop shows."""
        wanted = self.wanted(quantities, **fields)
        shown = quote(
            cycle_id=wanted.cycle_id,
            hub_id=wanted.hub_id,
            quantities=wanted.quantities,
            delivery_method_id=wanted.delivery_method_id,
            at=now,
        ).total
        return place_order(wanted=wanted, shown_total=shown, actor=actor, now=now)

    def on_hand(self, variant: Variant) -> int:
        return StockItem.objects.get(variant=variant, hub__isnull=True).on_hand


def person(name: str = "Nolwenn", **fields) -> Person:
    return Person.objects.create_user(
        f"{name.lower()}{next(_count)}@exemple.bocage.example", "secret-pass-12", name=name, **fields
    )


def actor(role: str = "", *, on: Enterprise | None = None, who: Person | None = None) -> Actor:
    """Return somebody signed in, with a role in an enterprise if given."""
    who = who or person()
    if role and on is not None:
        Role.objects.create(person=who, enterprise=on, name=role)
    return actor_for(who)


def enterprise(instance: Instance, name: str, **fields) -> Enterprise:
    slug = f"{name.lower().replace(' ', '-')}-{next(_count)}"
    return Enterprise.objects.create(instance=instance, name=name, slug=slug, **fields)


def market() -> Market:
    """Return a hub with two farms, open from two days before NOON until two days after."""
    n = next(_count)
    instance = Instance.objects.create(
        slug=f"fr{n}", name="Bocage", host=f"h{n}", mail_from="b@b.example", contact_email="b@b.example"
    )
    hub = enterprise(instance, "Panier", kind="food_hub", sells="any", email="hub@exemple.bocage.example")
    farm = enterprise(instance, "Ferme", is_producer=True)
    other = enterprise(instance, "Moulin", is_producer=True)
    cycle = OrderCycle.objects.create(
        coordinator=hub,
        name="Vente",
        opens_at=NOON - timedelta(days=2),
        closes_at=NOON + timedelta(days=2),
        created_at=NOON,
    )
    out = Exchange.objects.create(cycle=cycle, direction="outgoing", enterprise=hub)
    point = PickupPoint.objects.create(hub=hub, name="Halle", town="Malvran", street="Place", postcode="61000")
    pickup = DeliveryMethod.objects.create(hub=hub, kind="pickup", point=point, name="Halle")
    round_ = DeliveryMethod.objects.create(
        hub=hub, kind="delivery", name="Tournée", postcodes="61,50", calculator="sack", amount_minor=500,
        threshold_minor=6000, reduced_minor=0, position=1,
    )  # fmt: skip
    for method in (pickup, round_):
        HandOver.objects.create(
            exchange=out, method=method, starts_at=NOON + timedelta(days=3), ends_at=NOON + timedelta(days=3, hours=2)
        )
    reduced, _ = TaxRate.objects.get_or_create(
        country="FR", code="reduced", defaults={"name": "5,5 %", "rate_millionths": 55_000}
    )
    made = SimpleNamespace(
        incoming=Exchange.objects.create(cycle=cycle, direction="incoming", enterprise=farm),
        other=Exchange.objects.create(cycle=cycle, direction="incoming", enterprise=other),
        category=Category.objects.create(
            slug=f"legumes-{n}", name_fr="Légumes", name_en="Vegetables", picture="leek.svg"
        ),
        cash=PaymentMethod.objects.create(hub=hub, kind="on_site", name="Sur place"),
    )
    return Market(
        instance=instance,
        hub=hub,
        farm=farm,
        other_farm=other,
        shop=Shop.objects.create(hub=hub),
        cycle=cycle,
        outgoing=out,
        incoming=made.incoming,
        other_incoming=made.other,
        pickup=pickup,
        delivery=round_,
        cash=made.cash,
        reduced=reduced,
        category=made.category,
        manager=actor("manager", on=hub),
    )
