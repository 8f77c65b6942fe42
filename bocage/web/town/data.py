"""What the demo town is made of, as its data files say: frozen, in minor units, grams and millilitres."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True, slots=True)
class Rate:
    code: str
    name: str
    millionths: int


@dataclass(frozen=True, slots=True)
class Terms:
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Platform:
    """The instance itself."""

    slug: str
    name: str
    country: str
    currency: str
    language: str
    timezone: str
    mail_from: str
    contact_email: str
    promise: str
    description: str
    links: tuple[dict[str, str], ...]
    terms: Terms
    notice: Terms


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category; `parent` is blank on the upper level."""

    slug: str
    fr: str
    en: str
    picture: str
    field: str
    dfc: str
    rate: str
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Trait:
    """A property of products or producers."""

    slug: str
    fr: str
    en: str
    icon: str


@dataclass(frozen=True, slots=True)
class Size:
    """One way a product is sold. `stock` None: on demand."""

    sku: str
    unit: str
    size: int
    pack: str
    price_minor: int
    stock: int | None
    is_weighed: bool
    text: str


@dataclass(frozen=True, slots=True)
class Good:
    """A product with its sizes."""

    shelf: str
    name: str
    text: str
    picture: str
    properties: tuple[str, ...]
    allergens: str
    origin: str
    keywords: str
    sizes: tuple[Size, ...]


@dataclass(frozen=True, slots=True)
class Enterprise:
    """A farm or a hub, as people meet it."""

    slug: str
    name: str
    town: str
    postcode: str
    street: str
    latitude: str
    longitude: str
    since: int
    contact: str
    phone: str
    email: str
    picture: str
    teaser: str
    story: str
    siret: str = ""
    vat_number: str = ""
    iban: str = ""
    is_vat_liable: bool = True


@dataclass(frozen=True, slots=True)
class Farm:
    who: Enterprise
    properties: tuple[str, ...]
    goods: tuple[Good, ...]


@dataclass(frozen=True, slots=True)
class Point:
    key: str
    name: str
    street: str
    postcode: str
    town: str
    latitude: str
    longitude: str
    directions: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """A way out of the hub: to a point (pickup), or to an address when `point` is blank."""

    name: str
    point: str
    description: str
    postcodes: str
    hours: tuple[time, time]
    calculator: str
    amount_minor: int
    threshold_minor: int
    reduced_minor: int
    rate: str


@dataclass(frozen=True, slots=True)
class Paying:
    kind: str
    name: str
    instructions: str


@dataclass(frozen=True, slots=True)
class Charge:
    """A fee of the hub and where its cycles ask for it: coordinator, incoming, outgoing."""

    key: str
    name: str
    kind: str
    calculator: str
    percent_millionths: int
    amount_minor: int
    place: str


@dataclass(frozen=True, slots=True)
class OwnPrice:
    """What a hub decides for one size of a farm's product. `price_minor` None: as the farm says."""

    farm: str
    product: str
    size: str
    price_minor: int | None
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class Reserved:
    """The large sizes, from `grams` on, that a hub keeps for some of its customers; `people` are those, by address."""

    tag: str
    customers: str
    grams: int
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hub:
    who: Enterprise
    is_farm: bool
    kind: str
    sells: str
    is_members_only: bool
    allows_guests: bool
    farms_edit_lines: bool
    sites: tuple[str, ...]
    palette: str
    hides_platform: bool
    page: tuple[str, str]
    message: str
    closed_message: str
    carries: tuple[str, ...]
    points: tuple[Point, ...]
    deliveries: tuple[Delivery, ...]
    payments: tuple[Paying, ...]
    fees: tuple[Charge, ...]
    listings: tuple[OwnPrice, ...]
    reserved: Reserved | None
    terms: Terms


@dataclass(frozen=True, slots=True)
class Moment:
    """A local time, so many days from today."""

    days: int
    at: time


@dataclass(frozen=True, slots=True)
class Sale:
    """An order cycle; `mood` says how far it is: done, packing, open, coming."""

    hub: str
    opens: Moment
    closes: Moment
    hand_over_days: int
    orders: int
    mood: str


@dataclass(frozen=True, slots=True)
class Role:
    at: str
    role: str
    is_contact: bool


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works in the town."""

    name: str
    email: str
    language: str
    is_steward: bool
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Shopper:
    name: str
    email: str
    phone: str
    street: str
    postcode: str
    town: str
    is_member: bool


@dataclass(frozen=True, slots=True)
class Town:
    """All of it."""

    platform: Platform
    rates: tuple[Rate, ...]
    shelves: tuple[Shelf, ...]
    traits: tuple[Trait, ...]
    farms: tuple[Farm, ...]
    hubs: tuple[Hub, ...]
    sales: tuple[Sale, ...]
    people: tuple[Person, ...]
    shoppers: tuple[Shopper, ...]
    password: str
    given_names: tuple[str, ...]
    family_names: tuple[str, ...]
