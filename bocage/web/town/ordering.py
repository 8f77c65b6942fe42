"""Play the sales: people order, change their minds, pay, fetch their goods; each in its own time."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from zlib import crc32

from django.db import connection

from bocage.network.actions.texts import accept
from bocage.network.models import Person
from bocage.network.queries import actor_for
from bocage.network.rules import GUEST, Actor
from bocage.order_cycles.queries.offers import Offer, Offers, offers
from bocage.orders.actions import place_order
from bocage.orders.models import Order
from bocage.orders.queries.choices import DeliveryChoice, delivery_choices
from bocage.orders.queries.quoting import quote_of
from bocage.orders.rules import Buyer, Delivered, Wanted
from bocage.web.town import aftermath, banking
from bocage.web.town.data import Shopper, Town
from bocage.web.town.load import MAIL_HOST
from bocage.web.town.places import Ground
from bocage.web.town.selling import Planned

LINES = (2, 10)
DEAR_MINOR = 2600  # from this price on, a good is a rare treat
NOTES = (
    "Pain bien cuit si possible, merci !",
    "Je passerai vers 18 h 30.",
    "C’est ma voisine qui viendra.",
    "Pas de salade abîmée s’il vous plaît, merci à vous.",
    "Merci de mettre les œufs au-dessus.",
)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody about to order: a shopper of the town, or a passer-by."""

    who: Shopper
    actor: Actor


def fill(town: Town, ground: Ground, sales: list[Planned], *, rng: Random, now: datetime) -> None:
    """Place the orders of all sales, then let happen what happens to them."""
    people = {person.email: person for person in Person.objects.filter(id__in=ground.people.values())}
    residents = [Visitor(one, actor_for(people[one.email])) for one in town.shoppers]
    for sale in sales:
        if sale.sale.orders:
            _let_the_database_look_around()
            manager = actor_for(_manager(town, people, sale.hub.who.slug))
            placed = list(_orders(town, ground, sale, residents, rng, now))
            aftermath.play(sale, placed, manager=manager, rng=rng, now=now)


def _let_the_database_look_around() -> None:
    """Have tables counted that grew in this transaction: PostgreSQL would plan as if they were still empty."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _manager(town: Town, people: dict[str, Person], slug: str) -> Person:
    [email] = [
        person.email
        for person in town.people
        if any(role.at == slug and role.role == "manager" for role in person.roles)
    ]
    return people[email]


def _orders(
    town: Town, ground: Ground, sale: Planned, residents: list[Visitor], rng: Random, now: datetime
) -> Iterator[aftermath.Ordered]:
    hub_id = ground.enterprises[sale.hub.who.slug]
    found = offers(cycle_id=sale.cycle_id, hub_id=hub_id, at=sale.opens_at)
    deliveries = delivery_choices(cycle_id=sale.cycle_id, hub_id=hub_id)
    moments = sorted(_moment(sale, rng, now) for _ in range(sale.sale.orders))
    visitors = _visitors(town, sale, residents, rng)
    bank = banking.the_bank()
    for number, (at, visitor) in enumerate(zip(moments, visitors, strict=True)):
        key = f"town:{sale.cycle_id}:{number}"
        wanted = _wanted(key, sale, hub_id, visitor, found, deliveries, ground, rng)
        fee = next(one.fee for one in deliveries if one.id == wanted.delivery_method_id)
        total = quote_of(found, wanted.quantities, fee).total
        texts = [ground.texts[""], ground.texts[sale.hub.who.slug]]
        accept(text_ids=texts, email=visitor.who.email, person_id=visitor.actor.person_id, now=at)
        placed = place_order(wanted=wanted, shown_total=total, actor=visitor.actor, now=at)
        if placed.awaits_payment:
            customer_id = Order.objects.values_list("customer_id", flat=True).get(id=placed.order_id)
            banking.pay(
                bank, placed, hub_id=hub_id, customer_id=customer_id, total=total, email=visitor.who.email, at=at
            )
        by_transfer = wanted.payment_method_id == ground.payments[sale.hub.who.slug, "transfer"]
        yield aftermath.Ordered(placed.order_id, placed.token, visitor.actor, at, by_transfer, placed.awaits_payment)


def _moment(sale: Planned, rng: Random, now: datetime) -> datetime:
    """Draw when somebody orders: many on the first day, many before the end."""
    until = min(sale.closes_at, now) - timedelta(minutes=2)
    share = rng.betavariate(0.7, 0.8)
    return sale.opens_at + timedelta(seconds=int((until - sale.opens_at).total_seconds() * share))


def _visitors(town: Town, sale: Planned, residents: list[Visitor], rng: Random) -> list[Visitor]:
    known = [one for one in residents if one.who.is_member or not sale.hub.is_members_only]
    if sale.hub.is_members_only or not sale.hub.allows_guests:
        return [known[i % len(known)] for i in rng.sample(range(2 * len(known)), sale.sale.orders)]
    regulars = rng.sample(known, min(len(known), round(0.6 * sale.sale.orders)))
    guests = [_passer_by(town, rng) for _ in range(sale.sale.orders - len(regulars))]
    visitors = regulars + guests
    rng.shuffle(visitors)
    return visitors


def _passer_by(town: Town, rng: Random) -> Visitor:
    name = f"{rng.choice(town.given_names)} {rng.choice(town.family_names)}"
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    home = rng.choice(town.shoppers)
    shopper = Shopper(
        name=name,
        email=f"{plain.replace(' ', '.')}@{MAIL_HOST}",
        phone=f"06 55 02 {rng.randrange(10, 99)} {rng.randrange(10, 99)}",
        street=f"{rng.randrange(1, 40)}, {home.street.split(', ')[-1]}",
        postcode=home.postcode,
        town=home.town,
        is_member=False,
    )
    return Visitor(shopper, GUEST)


def _wanted(
    key: str,
    sale: Planned,
    hub_id: int,
    visitor: Visitor,
    found: Offers,
    deliveries: list[DeliveryChoice],
    ground: Ground,
    rng: Random,
) -> Wanted:
    who = visitor.who
    reachable = [one for one in deliveries if one.reaches(who.postcode)]
    [delivery] = rng.choices(reachable, [6 if number == 0 else 2 for number, _ in enumerate(reachable)])
    paying = "transfer" if not delivery.is_pickup or rng.random() < 0.35 else "on_site"
    if paying == "on_site" and crc32(key.encode()) % 3 == 0 and banking.is_there():
        paying = "card" if (sale.hub.who.slug, "card") in ground.payments else paying
    return Wanted(
        key=key,
        hub_id=hub_id,
        cycle_id=sale.cycle_id,
        quantities=_basket(found, rng),
        delivery_method_id=delivery.id,
        payment_method_id=ground.payments[sale.hub.who.slug, paying],
        buyer=Buyer(who.name, who.email, who.phone),
        address=Delivered() if delivery.is_pickup else Delivered(who.street, "", who.postcode, who.town),
        note=rng.choice(NOTES) if rng.random() < 0.12 else "",
    )


def _basket(found: Offers, rng: Random) -> dict[int, int]:
    """Draw a basket: cheap everyday goods often, dear ones seldom."""
    choices = list(found.by_variant.values())
    weights = [0.15 if one.price.minor >= DEAR_MINOR else 600 / (300 + one.price.minor) for one in choices]
    picked = rng.choices(choices, weights, k=rng.randint(*LINES))
    return {one.variant_id: _units(one, rng) for one in picked}


def _units(offer: Offer, rng: Random) -> int:
    return 1 if offer.price.minor > 700 else rng.choices((1, 2, 3, 4), (12, 5, 1, 1))[0]
