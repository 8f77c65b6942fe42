"""Ready-made barns for tests: a hub, its people, a closed sale, orders with lines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from bocage.catalogue.models import Category, Product, Variant
from bocage.ledger import actions as ledger
from bocage.ledger.rules import AccountKey
from bocage.network.models import Customer, Enterprise, Instance, Person, Role
from bocage.network.queries import actor_for
from bocage.network.rules import Actor
from bocage.order_cycles.models import Exchange, OrderCycle
from bocage.orders.models import Order, OrderLine
from bocage.payments.models import PaymentMethod
from bocage.shops.models import DeliveryMethod, PickupPoint

NOW = datetime(2026, 6, 16, 9, 0, tzinfo=UTC)
_numbers = count(1)


def instance() -> Instance:
    found = Instance.objects.order_by("id").first()
    return found or Instance.objects.create(
        slug="fr", name="Bocage", mail_from="bonjour@bocage.example", contact_email="aide@bocage.example"
    )


def enterprise(name: str = "Le Panier de la Halle", **fields: Any) -> Enterprise:
    given = {"sells": "any", "kind": "food_hub", "town": "Malvran", **fields}
    return Enterprise.objects.create(instance=instance(), name=name, slug=f"maison-{next(_numbers)}", **given)


def farm(name: str = "Ferme du Champ-Rossignol", **fields: Any) -> Enterprise:
    return enterprise(name, **{"is_producer": True, "sells": "none", "kind": "farm", "town": "Trévéan", **fields})


def person(role: str = "", *, hub: Enterprise | None = None, name: str = "Nolwenn Hamonic") -> Person:
    someone = Person.objects.create_user(f"personne{next(_numbers)}@exemple.example", "secret-long", name=name)
    if hub is not None:
        Role.objects.create(person=someone, enterprise=hub, name=role)
    return someone


def actor(role: str, hub: Enterprise) -> Actor:
    return actor_for(person(role, hub=hub))


def cycle(hub: Enterprise, *, name: str = "Vente du 17 juin", closes_at: datetime | None = None) -> OrderCycle:
    closes_at = closes_at or NOW - timedelta(hours=12)
    return OrderCycle.objects.create(
        coordinator=hub, name=name, opens_at=closes_at - timedelta(days=6), closes_at=closes_at, created_at=NOW
    )


def bringing(sale: OrderCycle, farm: Enterprise, *, at: datetime | None = None, instructions: str = "") -> Exchange:
    return Exchange.objects.create(
        cycle=sale, direction="incoming", enterprise=farm, bring_at=at, instructions=instructions
    )


def pickup(hub: Enterprise, *, name: str = "Halle de Malvran") -> DeliveryMethod:
    point = PickupPoint.objects.create(hub=hub, name=name, town="Malvran")
    return DeliveryMethod.objects.create(hub=hub, kind="pickup", point=point, name=name)


def variant(producer: Enterprise, *, name: str = "Poireaux", **fields: Any) -> Variant:
    category, _ = Category.objects.get_or_create(
        slug="legumes", defaults={"name_fr": "Légumes", "name_en": "Vegetables"}
    )
    product = Product.objects.create(producer=producer, category=category, name=name)
    given = {"unit": "weight", "size": 800, "pack": "botte", "price_minor": 280, **fields}
    return Variant.objects.create(product=product, **given)


def order(
    hub: Enterprise,
    sale: OrderCycle,
    *,
    lines: list[OrderLine] | None = None,
    name: str = "Mireille Ropars",
    method: DeliveryMethod | None = None,
    due: int | None = None,
    **fields: Any,
) -> Order:
    """Write an order with `lines` (see `line`); it owes `due` cents in the ledger, all of its total unless said."""
    number = next(_numbers)
    lines = lines or []
    method = method or pickup(hub)
    total = sum(one.total_minor for one in lines)
    given = {
        "ref": f"R{number:05d}", "key": f"cle-{number}", "email": f"client{number}@exemple.example",
        "phone": "06 00 00 00 00",
        "language": "fr", "delivery_name": method.name, "hand_over_from": NOW + timedelta(hours=6),
        "hand_over_to": NOW + timedelta(hours=9), "total_minor": total, "placed_at": NOW - timedelta(days=2), **fields,
    }  # fmt: skip
    made = Order.objects.create(
        hub=hub,
        cycle=sale,
        name=name,
        delivery_method=method,
        customer=Customer.objects.create(hub=hub, email=given["email"], name=name, created_at=NOW),
        payment_method=PaymentMethod.objects.create(hub=hub, kind="on_site", name="Sur place"),
        **given,
    )
    for one in lines:
        one.order = made
        one.save()
    owed = total if due is None else due
    customer = AccountKey("customer", f"customer:{made.customer_id}")
    ledger.post(
        book_id=hub.pk, key=f"vente-{number}", about=f"order:{made.ref}", what="sale", by="guest", at=NOW,
        postings={customer: owed, AccountKey("sales"): -owed},
    )  # fmt: skip
    return made


def line(of: Variant, quantity: int = 1, **fields: Any) -> OrderLine:
    """Return a line, not saved yet: `order` saves it."""
    price = of.price_minor * quantity
    given = {"goods_minor": price, "total_minor": price, **fields}
    return OrderLine(
        variant=of,
        producer=of.product.producer,
        product_name=of.product.name,
        variant_name=of.name,
        unit=of.unit,
        size=of.size,
        pack=of.pack,
        is_weighed=of.is_weighed,
        quantity=quantity,
        price_minor=of.price_minor,
        **given,
    )
