"""A hub to measure with: its farms, goods, stock, fees, ways to pay and fetch, and sales that offer all of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bocage.catalogue.models import Category, Product, Variant
from bocage.catalogue.rules import search_text
from bocage.network.models import Agreement, Enterprise
from bocage.order_cycles.models import CycleFee, Exchange, ExchangeVariant, HandOver, OrderCycle
from bocage.payments.models import PaymentMethod
from bocage.pricing.models import EnterpriseFee, TaxRate
from bocage.shops.models import DeliveryMethod, PickupPoint, Shop
from bocage.stock.models import Movement, StockItem
from bocage.web.scale.bulk import Bulk, chunk
from bocage.web.town.data import Good, Size
from bocage.web.town.load import town

GOODS_PER_FARM = 40
WEEK = timedelta(days=7)
OPEN_FOR = timedelta(days=5)
PLENTY = 1_000_000
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Survey:
    """What all new hubs share: the instance, its shelves, rates, and the goods of the demo town as patterns."""

    instance_id: int
    categories: dict[str, int]
    any_category: int
    rates: dict[str, int]
    rate_of_shelf: dict[str, str]
    patterns: tuple[tuple[Good, Size], ...]


@dataclass(frozen=True, slots=True)
class Cycle:
    id: int
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Ground:
    """A hub ready to sell; the last of `cycles` is open now."""

    hub_id: int
    cycles: tuple[Cycle, ...]
    payment_ids: tuple[int, ...]

    @classmethod
    def lay(cls, on: Survey, writer: Bulk, *, offers: int, cycles: int, now: datetime, rng: Random) -> Ground:
        """Write a hub with so many offers in each of so many weekly cycles."""
        with chunk():
            hub, farms = _enterprises(on, offers, rng)
            variants = _goods(on, writer, farms, offers, rng, now)
            methods, payments = _ways(hub)
            fees = _fees(hub)
            planned = _cycles(hub, cycles, now)
            for cycle in planned:
                _plan(writer, cycle, hub, variants, methods, fees)
        moments = tuple(Cycle(row.pk, row.opens_at, row.closes_at) for row in planned)
        return cls(hub.pk, moments, tuple(row.pk for row in payments))


def survey(instance_id: int) -> Survey:
    """Read what is there. Raises LookupError without any category or VAT rate."""
    categories = dict(Category.objects.order_by("id").values_list("slug", "id"))
    rates = dict(TaxRate.objects.order_by("id").values_list("code", "id"))
    if not categories or not rates:
        raise LookupError("scale grows a town: build it first with `bocage demo`")
    data = town()
    return Survey(
        instance_id=instance_id,
        categories=categories,
        any_category=next(iter(categories.values())),
        rates=rates,
        rate_of_shelf={shelf.slug: shelf.rate for shelf in data.shelves},
        patterns=tuple((good, size) for farm in data.farms for good in farm.goods for size in good.sizes),
    )


def _enterprises(on: Survey, offers: int, rng: Random) -> tuple[Enterprise, list[Enterprise]]:
    number = Enterprise.objects.filter(slug__startswith="grande-halle-").count() + 1
    hub = Enterprise.objects.create(
        instance_id=on.instance_id, slug=f"grande-halle-{number}", name=f"Grande halle {number}", kind="food_hub",
        sells="any", town="Malvran", email=f"halle-{number}@exemple.bocage.example", **_somewhere(rng),
    )  # fmt: skip
    farms = Enterprise.objects.bulk_create(
        Enterprise(
            instance_id=on.instance_id, slug=f"ferme-{number}-{farm}", name=f"Ferme {farm} de la halle {number}",
            is_producer=True, town="Malvran", **_somewhere(rng),
        )
        for farm in range(1, max(1, offers // GOODS_PER_FARM) + 1)
    )  # fmt: skip
    return hub, farms


def _somewhere(rng: Random) -> dict[str, str]:
    return {"latitude": f"{48.4 + rng.uniform(-1, 1):.6f}", "longitude": f"{-1.0 + rng.uniform(-1.5, 1.5):.6f}"}


def _goods(on: Survey, writer: Bulk, farms: list[Enterprise], offers: int, rng: Random, now: datetime) -> list[Variant]:
    """Write so many variants, of goods as in the town, with stock that does not run out (one in ten: on demand)."""
    patterns = [on.patterns[number % len(on.patterns)] for number in range(offers)]
    products = Product.objects.bulk_create(
        [
            Product(
                producer=farms[number % len(farms)],
                category_id=on.categories.get(good.shelf, on.any_category),
                name=good.name,
                picture=good.picture,
                keywords=good.keywords,
                origin=good.origin,
                search_text=search_text(good.name, good.keywords, ()),
            )
            for number, (good, _) in enumerate(patterns)
        ],
        BATCH,
    )
    variants = Variant.objects.bulk_create(
        [
            Variant(
                product=product, unit=size.unit, size=size.size, pack=size.pack, is_weighed=size.is_weighed,
                price_minor=max(10, size.price_minor + rng.randint(-30, 30)),
                tax_rate_id=on.rates.get(on.rate_of_shelf.get(good.shelf, "reduced"), next(iter(on.rates.values()))),
            )
            for product, (good, size) in zip(products, patterns, strict=True)
        ],
        BATCH,
    )  # fmt: skip
    items = list(zip(writer.ids(StockItem, len(variants)), variants, strict=True))
    writer.write(
        StockItem,
        ("id", "variant_id", "hub_id", "on_demand", "on_hand"),
        [(pk, variant.pk, None, pk % 10 == 0, 0 if pk % 10 == 0 else PLENTY) for pk, variant in items],
    )
    counted = [pk for pk, _ in items if pk % 10]
    writer.write(
        Movement,
        ("id", "item_id", "change", "reason", "about", "by", "at"),
        [
            (pk, item_id, PLENTY, "count", "", "system", writer.moment(now - timedelta(days=90)))
            for pk, item_id in zip(writer.ids(Movement, len(counted)), counted, strict=True)
        ],
    )
    return variants


def _ways(hub: Enterprise) -> tuple[list[DeliveryMethod], list[PaymentMethod]]:
    Shop.objects.create(hub=hub, needs_phone=False)
    point = PickupPoint.objects.create(hub=hub, name="Sous la halle", street="Place", postcode="35980", town="Malvran")
    methods = DeliveryMethod.objects.bulk_create(
        [
            DeliveryMethod(hub=hub, kind="pickup", point=point, name="Sous la halle"),
            DeliveryMethod(
                hub=hub, kind="delivery", name="Tournée du soir", calculator="sack", amount_minor=450,
                threshold_minor=6000, reduced_minor=0, position=1,
            ),
        ]
    )  # fmt: skip
    payments = PaymentMethod.objects.bulk_create(
        [
            PaymentMethod(hub=hub, kind="on_site", name="Sur place"),
            PaymentMethod(hub=hub, kind="transfer", name="Virement", position=1),
        ]
    )
    return methods, payments


def _fees(hub: Enterprise) -> dict[str, EnterpriseFee]:
    fees = {
        "coordinator": EnterpriseFee(
            enterprise=hub, name="Coordination", kind="admin", calculator="percent", percent_millionths=60_000,
            tax="inherit",
        ),
        "outgoing": EnterpriseFee(
            enterprise=hub, name="Emballage", kind="packing", calculator="per_item", amount_minor=8, tax="inherit"
        ),
        "order": EnterpriseFee(
            enterprise=hub, name="Part du local", kind="fundraising", calculator="flat", amount_minor=50, tax="none"
        ),
    }  # fmt: skip
    EnterpriseFee.objects.bulk_create(fees.values())
    return fees


def _cycles(hub: Enterprise, count: int, now: datetime) -> list[OrderCycle]:
    """Weekly sales: the last opened two days ago and is open for three more."""
    last = now.replace(minute=0, second=0, microsecond=0) - timedelta(days=2)
    rows = []
    for back in reversed(range(count)):
        opens_at = last - back * WEEK
        told = opens_at + OPEN_FOR if back else None
        rows.append(
            OrderCycle(
                coordinator=hub, name=f"Vente {count - back}", opens_at=opens_at, closes_at=opens_at + OPEN_FOR,
                opening_told_at=opens_at, closing_told_at=told, created_at=opens_at - WEEK,
            )
        )  # fmt: skip
    return OrderCycle.objects.bulk_create(rows)


def _plan(
    writer: Bulk,
    cycle: OrderCycle,
    hub: Enterprise,
    variants: list[Variant],
    methods: list[DeliveryMethod],
    fees: dict[str, EnterpriseFee],
) -> None:
    """Let every variant enter the cycle from its farm and leave it to the hub."""
    farms = sorted({variant.product.producer_id for variant in variants})
    _agree(farms, hub, cycle)
    incoming = Exchange.objects.bulk_create(
        Exchange(cycle=cycle, direction="incoming", enterprise_id=pk) for pk in farms
    )
    outgoing = Exchange.objects.create(cycle=cycle, direction="outgoing", enterprise=hub)
    of_farm = {row.enterprise_id: row.pk for row in incoming}
    carried = [(of_farm[one.product.producer_id], one.pk) for one in variants]
    carried += [(outgoing.pk, one.pk) for one in variants]
    ids = writer.ids(ExchangeVariant, len(carried))
    writer.write(
        ExchangeVariant,
        ("id", "exchange_id", "variant_id"),
        [(pk, *pair) for pk, pair in zip(ids, carried, strict=True)],
    )
    places = {"coordinator": None, "outgoing": outgoing, "order": None}
    CycleFee.objects.bulk_create(CycleFee(cycle=cycle, exchange=places[key], fee=fee) for key, fee in fees.items())
    start = cycle.closes_at + timedelta(days=1)
    HandOver.objects.bulk_create(
        HandOver(exchange=outgoing, method=method, starts_at=start, ends_at=start + timedelta(hours=3))
        for method in methods
    )


def _agree(farms: list[int], hub: Enterprise, cycle: OrderCycle) -> None:
    rows = [Agreement(producer_id=pk, hub=hub, starts_at=cycle.created_at) for pk in farms]
    Agreement.objects.bulk_create(rows, ignore_conflicts=True)
