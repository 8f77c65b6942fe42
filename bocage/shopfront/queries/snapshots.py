"""What a hub sells in a cycle, computed once per change and kept by each process until one of its versions moves."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Lock
from typing import Any

from django.db.models import F

from bocage.catalogue.models import Category, ProducerProperty, Product, Property, Variant
from bocage.commons.searching import fold, words
from bocage.commons.units import system_of
from bocage.infra import versions
from bocage.network.models import Enterprise
from bocage.network.queries import TextRow, current_texts
from bocage.order_cycles.models import CycleFee, Exchange
from bocage.order_cycles.queries.offers import Offer, Offers, offers
from bocage.orders.queries.choices import DeliveryChoice, PaymentChoice, delivery_choices, payment_choices
from bocage.pricing.rules import PricedLine, price_line
from bocage.shops.queries import goods_tags
from bocage.shops.rules.tagging import EVERYTHING, Kind, Sight, hidden

KEPT = 24  # snapshots per process
GROUPS = 12  # of customers who see different parts, per snapshot


@dataclass(frozen=True, slots=True)
class Aisle:
    """An upper category, as a part of the shop."""

    id: int
    slug: str
    name_fr: str
    name_en: str
    picture: str
    field: str


@dataclass(frozen=True, slots=True)
class Trait:
    """A property that products of this sale have."""

    id: int
    slug: str
    name_fr: str
    name_en: str
    icon: str


@dataclass(frozen=True, slots=True)
class Farm:
    """A producer of this sale."""

    id: int
    slug: str
    name: str
    town: str
    teaser: str
    picture: str
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One offer, ready to be shown and searched. `maker` is whose goods it is made of, where `farm` is not their maker."""

    offer: Offer
    aisle: Aisle
    farm: Farm
    picture: str
    field: str
    traits: tuple[Trait, ...]
    search: str
    maker: Farm | None = None

    @property
    def id(self) -> int:
        return self.offer.variant_id


@dataclass(slots=True, eq=False)
class Snapshot:
    """All offers of a cycle at a hub in the order of the shop, with what belongs to them: ways to hand over and to pay,
    terms to accept.

    `tags` are those of the goods at a hub that has rules, by variant id. `system` is that of the hub’s country, in which its
    unit prices are: "metric" or "imperial". `rendered` is for faces: what they made of the rows, kept as long as these are.
    """

    stamp: tuple[Any, ...]
    names: tuple[str, ...]
    offers: Offers
    rows: list[Row]
    place: dict[int, int]
    aisles: list[Aisle]
    traits: list[Trait]
    farms: list[Farm]
    deliveries: list[DeliveryChoice]
    payments: list[PaymentChoice]
    texts: list[TextRow]
    tags: dict[int, tuple[str, ...]] = field(default_factory=dict)
    system: str = "metric"
    rendered: dict[Any, Any] = field(default_factory=dict)
    _seen: OrderedDict[Sight, Snapshot] = field(default_factory=OrderedDict)
    _prices: dict[int, PricedLine] = field(default_factory=dict)

    def row(self, variant_id: int) -> Row | None:
        """Return the row of a variant, or None if it is not offered."""
        index = self.place.get(variant_id)
        return None if index is None else self.rows[index]

    def seen_by(self, sight: Sight) -> Snapshot:
        """Return what is left of it for those who see no more: itself, or a part that is kept as long as it is."""
        if sight == EVERYTHING:
            return self
        found = self._seen.get(sight)
        if found is None:
            found = self._seen[sight] = self._cut(sight)
            while len(self._seen) > GROUPS:
                self._seen.popitem(last=False)
        return found

    def _cut(self, sight: Sight) -> Snapshot:
        gone = hidden(sight, Kind.GOODS, self.tags)
        rows = [row for row in self.rows if row.id not in gone]
        deliveries = [one for one in self.deliveries if sight.shows(Kind.DELIVERY, one.tags)]
        payments = [one for one in self.payments if sight.shows(Kind.PAYMENT, one.tags)]
        if (len(rows), deliveries, payments) == (len(self.rows), self.deliveries, self.payments):
            return self
        found = replace(self.offers, by_variant={row.id: self.offers.by_variant[row.id] for row in rows})
        kept: dict[str, Any] = {"deliveries": deliveries, "payments": payments, "texts": self.texts, "tags": self.tags,
                                "system": self.system}  # fmt: skip
        return _made(self.stamp, self.names, found, rows, **kept)

    def offers_of(self, variant_ids: Iterable[int]) -> Offers:
        """Return the offers of these variants alone, with the fees of the order."""
        found = {one: self.offers.by_variant[one] for one in variant_ids if one in self.offers.by_variant}
        return replace(self.offers, by_variant=found)

    def price(self, row: Row) -> PricedLine:
        """Return what one of it costs with its fees."""
        if row.id not in self._prices:
            self._prices[row.id] = price_line(row.offer.goods(1), row.offer.fees)
        return self._prices[row.id]


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the rows that a search found, in the order of the shop.

    `before` is how many came before; `next` the last variant of this page if more come; `continues` says that the page
    goes on in the aisle where the one before it ended. `total` and `per_aisle` count all that match.
    """

    rows: Sequence[Row]
    total: int
    per_aisle: dict[int, int]
    next: int | None
    before: int
    continues: bool


def search(
    snapshot: Snapshot,
    *,
    text: str = "",
    aisle: str = "",
    trait: str = "",
    farm: str = "",
    after: int | None = None,
    limit: int = 48,
) -> Found:
    """Return a page of the rows that match every filter given, without any query: `after` is the last variant seen."""
    wanted = words(text)
    rows: Iterable[Row] = snapshot.rows
    if aisle:
        rows = [row for row in rows if row.aisle.slug == aisle]
    if farm:
        rows = [row for row in rows if row.farm.slug == farm]
    if trait:
        rows = [row for row in rows if any(one.slug == trait for one in row.traits)]
    for word in wanted:
        rows = [row for row in rows if word in row.search]
    matching = rows if isinstance(rows, list) else list(rows)
    start = snapshot.place.get(after, -1) + 1 if after is not None else 0
    skipped = sum(1 for row in matching if snapshot.place[row.id] < start) if start else 0
    shown = matching[skipped : skipped + limit]
    more = skipped + len(shown) < len(matching)
    return Found(
        rows=shown,
        total=len(matching),
        per_aisle=_count(matching),
        next=shown[-1].id if more and shown else None,
        before=skipped,
        continues=bool(skipped and shown and matching[skipped - 1].aisle == shown[0].aisle),
    )


def _count(rows: Iterable[Row]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for row in rows:
        counts[row.aisle.id] = counts.get(row.aisle.id, 0) + 1
    return counts


class _Kept:
    """The snapshots of this process, the least used one dropped first."""

    def __init__(self) -> None:
        self.by_sale: OrderedDict[tuple[int, int], Snapshot] = OrderedDict()
        self.lock = Lock()

    def get(self, key: tuple[int, int]) -> Snapshot | None:
        with self.lock:
            if key in self.by_sale:
                self.by_sale.move_to_end(key)
            return self.by_sale.get(key)

    def put(self, key: tuple[int, int], snapshot: Snapshot) -> None:
        with self.lock:
            self.by_sale[key] = snapshot
            self.by_sale.move_to_end(key)
            while len(self.by_sale) > KEPT:
                self.by_sale.popitem(last=False)


_kept = _Kept()


def forget() -> None:
    """Drop every snapshot of this process: for tests, whose databases follow each other with the same ids."""
    _kept.by_sale.clear()


def snapshot(
    *, cycle_id: int, hub_id: int, cycle_version: int, shop_version: int, has_rules: bool = False, at: datetime
) -> Snapshot:
    """Return all offers of a cycle at a hub: one query while nothing changed, a dozen when something did.

    The versions are read before the offers, so a change in between makes the result old at once, never wrong for long.
    """
    kept = _kept.get((cycle_id, hub_id))
    if kept is not None and kept.stamp == _stamp(cycle_version, shop_version, kept.names):
        return kept
    names = _names(cycle_id, hub_id)
    fresh = _compute(cycle_id, hub_id, _stamp(cycle_version, shop_version, names), names, has_rules, at)
    _kept.put((cycle_id, hub_id), fresh)
    return fresh


def _stamp(cycle_version: int, shop_version: int, names: tuple[str, ...]) -> tuple[Any, ...]:
    numbers = versions.numbers(names)
    return cycle_version, shop_version, *(numbers[name] for name in names)


def _names(cycle_id: int, hub_id: int) -> tuple[str, ...]:
    """The versions that the offers of a sale rest on, besides those of its cycle and its shop."""
    producers = Exchange.objects.filter(cycle_id=cycle_id, direction="incoming").values_list("enterprise_id", flat=True)
    payees = CycleFee.objects.filter(cycle_id=cycle_id).values_list("fee__enterprise_id", flat=True).distinct()
    farms, paid = sorted(set(producers)), sorted(set(payees))
    return (
        "catalogue",
        "texts",
        *(f"producer:{one}" for one in farms),
        *(f"enterprise:{one}" for one in sorted({*farms, *paid, hub_id})),
        *(f"fees:{one}" for one in paid),
    )


def _compute(
    cycle_id: int, hub_id: int, stamp: tuple[Any, ...], names: tuple[str, ...], has_rules: bool, at: datetime
) -> Snapshot:
    found = offers(cycle_id=cycle_id, hub_id=hub_id, at=at)
    instance_id, country = Enterprise.objects.values_list("instance_id", "country").get(id=hub_id)
    return _made(
        stamp,
        names,
        found,
        _rows(found.by_variant.values()),
        deliveries=delivery_choices(cycle_id=cycle_id, hub_id=hub_id),
        payments=payment_choices(cycle_id=cycle_id, hub_id=hub_id),
        texts=current_texts(instance_id=instance_id, hub_id=hub_id, to="order"),
        tags=goods_tags(hub_id) if has_rules else {},
        system=system_of(country),
    )


def _made(stamp: tuple[Any, ...], names: tuple[str, ...], found: Offers, rows: list[Row], **rest: Any) -> Snapshot:
    farms = {row.farm.id: row.farm for row in rows}
    traits = {trait.id: trait for row in rows for trait in row.traits}
    return Snapshot(
        stamp=stamp,
        names=names,
        offers=found,
        rows=rows,
        place={row.id: index for index, row in enumerate(rows)},
        aisles=list({row.aisle.id: row.aisle for row in rows}.values()),
        traits=sorted(traits.values(), key=lambda trait: (fold(trait.name_fr), trait.id)),
        farms=sorted(farms.values(), key=lambda farm: (fold(farm.name), farm.id)),
        **rest,
    )


def _rows(found: Iterable[Offer]) -> list[Row]:
    """The rows of offers in the order of the shop: by aisle, then by name, then the smaller size first."""
    made = list(found)
    producer_ids = {offer.producer_id for offer in made}
    makers = _makers(producer_ids)
    shelves, farms = _shelves(), _farms({*producer_ids, *makers.values()})
    goods, traits = _goods(producer_ids), _traits()
    of_farm, of_product = _traits_of_farms(producer_ids), _traits_of_products(producer_ids)
    entries = []
    for offer in made:
        shelf, (keywords, picture, inherits) = shelves[offer.category_id], goods[offer.product_id]
        held = of_product.get(offer.product_id, set()) | (of_farm.get(offer.producer_id, set()) if inherits else set())
        row = _row(offer, shelf, farms[offer.producer_id], picture, keywords, [one for one in traits if one.id in held])
        if offer.variant_id in makers:
            maker = farms[makers[offer.variant_id]]
            row = replace(row, maker=maker, search=f"{row.search} {fold(maker.name)}")
        key = (shelf.rank, fold(offer.product_name), offer.product_id, offer.size, offer.variant_id)
        entries.append((key, row))
    return [row for _, row in sorted(entries, key=lambda entry: entry[0])]


def _row(offer: Offer, shelf: _Shelf, farm: Farm, picture: str, keywords: str, traits: list[Trait]) -> Row:
    said = [offer.product_name, offer.variant_name, keywords, farm.name, farm.town, shelf.words]
    said += [f"{trait.name_fr} {trait.name_en}" for trait in traits]
    return Row(
        offer=offer,
        aisle=shelf.aisle,
        farm=farm,
        picture=picture or shelf.picture,
        field=shelf.field,
        traits=tuple(traits),
        search=fold(" ".join(said)),
    )


@dataclass(frozen=True, slots=True)
class _Shelf:
    """A category of any level: the aisle it is part of, that aisle's rank, and its own drawing."""

    aisle: Aisle
    rank: tuple[int, int]
    picture: str
    field: str
    words: str


def _shelves() -> dict[int, _Shelf]:
    rows = {row.pk: row for row in Category.objects.all()}
    shelves = {}
    for row in rows.values():
        top = rows[row.parent_id] if row.parent_id else row
        aisle = Aisle(top.pk, top.slug, top.name_fr, top.name_en, top.picture, top.field)
        said = " ".join({row.name_fr, row.name_en, top.name_fr, top.name_en})
        shelves[row.pk] = _Shelf(aisle, (top.position, top.pk), row.picture, row.field, said)
    return shelves


def _farms(producer_ids: Iterable[int]) -> dict[int, Farm]:
    rows = Enterprise.objects.filter(id__in=list(producer_ids))
    fields = rows.values_list("id", "slug", "name", "town", "teaser", "picture", "visibility")
    return {row[0]: Farm(*row[:6], is_hidden=row[6] == Enterprise.Visibility.HIDDEN) for row in fields}


def _makers(producer_ids: Iterable[int]) -> dict[int, int]:
    """The farms of whose goods others made their own, by the variant that was made."""
    rows = Variant.objects.filter(product__producer_id__in=list(producer_ids), source__isnull=False, ended_at=None)
    rows = rows.exclude(source__product__producer_id=F("product__producer_id"))
    return dict(rows.values_list("id", "source__product__producer_id"))


def _goods(producer_ids: Iterable[int]) -> dict[int, tuple[str, str, bool]]:
    rows = Product.objects.filter(producer_id__in=list(producer_ids))
    fields = rows.values_list("id", "keywords", "picture", "inherits_properties")
    return {product_id: (keywords, picture, inherits) for product_id, keywords, picture, inherits in fields}


def _traits() -> list[Trait]:
    rows = Property.objects.order_by("position", "id").values_list("id", "slug", "name_fr", "name_en", "icon")
    return [Trait(*row) for row in rows]


def _traits_of_farms(producer_ids: Iterable[int]) -> dict[int, set[int]]:
    rows = ProducerProperty.objects.filter(producer_id__in=list(producer_ids))
    return _grouped(rows.values_list("producer_id", "property_id"))


def _traits_of_products(producer_ids: Iterable[int]) -> dict[int, set[int]]:
    rows = Product.properties.through.objects.filter(product__producer_id__in=list(producer_ids))
    return _grouped(rows.values_list("product_id", "property_id"))


def _grouped(pairs: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    groups: dict[int, set[int]] = {}
    for key, value in pairs:
        groups.setdefault(key, set()).add(value)
    return groups
