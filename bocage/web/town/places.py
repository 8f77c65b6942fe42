"""Who and what stands in the town before anything is sold: the platform, its people, farms, hubs and their terms."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from bocage.network.actions.customers import make_member
from bocage.network.actions.instances import set_links
from bocage.network.actions.texts import publish_text
from bocage.network.models import Address, Agreement, Enterprise, Instance, Person, Role
from bocage.network.rules import SYSTEM
from bocage.network.rules.links import Link, Place
from bocage.orders.actions import set_farm_access
from bocage.payments.actions import keep_account
from bocage.payments.models import PaymentMethod
from bocage.pricing.actions import add_fee, add_tax_rate
from bocage.pricing.rules import ON_LINES
from bocage.pricing.terms import FeeTerms
from bocage.shops.actions import add_delivery_method, add_pickup_point, edit_shop, set_face, set_sites
from bocage.shops.rules import MethodDetails, PointDetails, ShopTerms
from bocage.shops.rules.faces import Label
from bocage.web.town.data import Charge, Delivery, Farm, Hub, Point, Town
from bocage.web.town.data import Enterprise as Face


@dataclass(slots=True)
class Ground:
    """The ids of what was settled, by the names that the data files use."""

    instance: int
    rates: dict[str, int]
    people: dict[str, int] = field(default_factory=dict)
    enterprises: dict[str, int] = field(default_factory=dict)
    methods: dict[tuple[str, str], int] = field(default_factory=dict)
    payments: dict[tuple[str, str], int] = field(default_factory=dict)
    fees: dict[tuple[str, str], int] = field(default_factory=dict)
    texts: dict[str, int] = field(default_factory=dict)


def settle(town: Town, *, at: datetime) -> Ground:
    """Write down everything but goods and sales; return the ids."""
    platform = town.platform
    names = (
        "slug",
        "name",
        "country",
        "currency",
        "language",
        "timezone",
        "mail_from",
        "contact_email",
        "promise",
        "description",
    )
    instance = Instance.objects.create(**{name: getattr(platform, name) for name in names})
    links = [Link(one["words"], one["url"], Place(one["place"])) for one in platform.links]
    set_links(instance_id=instance.pk, links=links, actor=SYSTEM, now=at)
    ground = Ground(instance.pk, _rates(town, at))
    ground.people = _people(town)
    notice = platform.notice
    publish_text(instance_id=instance.pk, kind="notice", title=notice.title, body=notice.body, actor=SYSTEM, now=at)
    ground.texts[""] = publish_text(
        instance_id=instance.pk, title=platform.terms.title, body=platform.terms.body, actor=SYSTEM, now=at
    )
    for farm in town.farms:
        ground.enterprises[farm.who.slug] = _enterprise(ground, farm.who, _selling_side(town, farm))
    for hub in town.hubs:
        if not hub.is_farm:
            ground.enterprises[hub.who.slug] = _enterprise(ground, hub.who, {"kind": hub.kind, "sells": hub.sells})
    _roles(town, ground)
    for hub in town.hubs:
        _open_shop(hub, ground, at)
    _members(town, ground, at)
    return ground


def _rates(town: Town, at: datetime) -> dict[str, int]:
    country = town.platform.country
    return {
        rate.code: add_tax_rate(
            country=country, code=rate.code, name=rate.name, rate_millionths=rate.millionths, actor=SYSTEM, now=at
        )
        for rate in town.rates
    }


def _people(town: Town) -> dict[str, int]:
    """Give everybody an account with a confirmed address; one hash of the one demo password serves them all."""
    password = make_password(town.password)
    staff = [
        Person(email=one.email, name=one.name, language=one.language, is_staff=one.is_steward, password=password)
        for one in town.people
    ]
    shoppers = [Person(email=one.email, name=one.name, phone=one.phone, password=password) for one in town.shoppers]
    everybody = Person.objects.bulk_create([*staff, *shoppers])
    EmailAddress.objects.bulk_create(
        EmailAddress(user=person, email=person.email, verified=True, primary=True) for person in everybody
    )
    by_email = {person.email: person.pk for person in everybody}
    Address.objects.bulk_create(
        Address(
            person_id=by_email[one.email],
            name=one.name,
            street=one.street,
            postcode=one.postcode,
            town=one.town,
            phone=one.phone,
            is_default=True,
        )
        for one in town.shoppers
    )
    return by_email


def _selling_side(town: Town, farm: Farm) -> dict[str, object]:
    """Return what makes an enterprise of a farm: a producer, and a shop too if it is one of the hubs."""
    hub = next((hub for hub in town.hubs if hub.is_farm and hub.who.slug == farm.who.slug), None)
    if hub is None:
        return {"kind": "farm", "is_producer": True}
    shop = {name: getattr(hub.who, name) for name in ("email", "siret", "vat_number", "iban", "is_vat_liable")}
    return {"kind": hub.kind, "is_producer": True, "sells": hub.sells} | shop


def _enterprise(ground: Ground, who: Face, more: dict[str, object]) -> int:
    same = ("slug", "name", "town", "postcode", "street", "since", "phone", "email", "picture", "teaser", "story",
            "siret", "vat_number", "iban", "is_vat_liable")  # fmt: skip
    values = {name: getattr(who, name) for name in same} | {
        "instance_id": ground.instance,
        "contact_name": who.contact,
        "latitude": Decimal(who.latitude),
        "longitude": Decimal(who.longitude),
    }
    return Enterprise.objects.create(**values | more).pk


def _roles(town: Town, ground: Ground) -> None:
    for person in town.people:
        for role in person.roles:
            enterprise_id, person_id = ground.enterprises[role.at], ground.people[person.email]
            Role.objects.create(
                person_id=person_id, enterprise_id=enterprise_id, name=role.role, is_contact=role.is_contact
            )
            if role.role == "manager":
                Enterprise.objects.filter(id=enterprise_id).update(owner_id=person_id)


def _open_shop(hub: Hub, ground: Ground, at: datetime) -> None:
    hub_id = ground.enterprises[hub.who.slug]
    terms = ShopTerms(
        is_members_only=hub.is_members_only,
        allows_guests=hub.allows_guests,
        message=hub.message,
        closed_message=hub.closed_message,
    )
    edit_shop(hub_id=hub_id, terms=terms, actor=SYSTEM, now=at)
    set_sites(hub_id=hub_id, typed="\n".join(hub.sites), actor=SYSTEM, now=at)
    label = Label(palette=hub.palette, hides_platform=hub.hides_platform, page_title=hub.page[0])
    set_face(hub_id=hub_id, label=label, page_body=hub.page[1], actor=SYSTEM, now=at)
    set_farm_access(
        hub_id=hub_id,
        edits_lines=hub.farms_edit_lines,
        adds_lines=hub.farms_edit_lines,
        edits_prices=False,
        sees_names=False,
        actor=SYSTEM,
    )
    ground.texts[hub.who.slug] = publish_text(
        instance_id=ground.instance,
        enterprise_id=hub_id,
        title=hub.terms.title,
        body=hub.terms.body,
        actor=SYSTEM,
        now=at,
    )
    Agreement.objects.bulk_create(
        Agreement(producer_id=ground.enterprises[slug], hub_id=hub_id, starts_at=at)
        for slug in hub.carries
        if ground.enterprises[slug] != hub_id
    )
    points = {point.key: _point(point, hub_id, at) for point in hub.points}
    for position, delivery in enumerate(hub.deliveries):
        details = _method(delivery, points, ground, position)
        ground.methods[hub.who.slug, delivery.name] = add_delivery_method(
            hub_id=hub_id, details=details, actor=SYSTEM, now=at
        )
    if any(paying.kind == "card" for paying in hub.payments):
        keep_account(hub_id=hub_id, name="demobank", account=hub.who.slug, can_charge=True, now=at)
    for position, paying in enumerate(hub.payments):
        row = PaymentMethod.objects.create(
            hub_id=hub_id, kind=paying.kind, name=paying.name, instructions=paying.instructions, position=position
        )
        ground.payments[hub.who.slug, paying.kind] = row.pk
    for fee in hub.fees:
        ground.fees[hub.who.slug, fee.key] = add_fee(
            enterprise_id=hub_id, terms=_fee(fee, ground, hub), actor=SYSTEM, now=at
        )


def _point(point: Point, hub_id: int, at: datetime) -> int:
    details = PointDetails(
        name=point.name,
        town=point.town,
        street=point.street,
        postcode=point.postcode,
        latitude=Decimal(point.latitude),
        longitude=Decimal(point.longitude),
        directions=point.directions,
    )
    return add_pickup_point(hub_id=hub_id, details=details, actor=SYSTEM, now=at)


def _method(delivery: Delivery, points: dict[str, int], ground: Ground, position: int) -> MethodDetails:
    return MethodDetails(
        kind="pickup" if delivery.point else "delivery",
        name=delivery.name,
        point_id=points[delivery.point] if delivery.point else None,
        description=delivery.description,
        postcodes=delivery.postcodes,
        calculator=delivery.calculator,
        amount_minor=delivery.amount_minor,
        threshold_minor=delivery.threshold_minor,
        reduced_minor=delivery.reduced_minor,
        tax_rate_id=ground.rates[delivery.rate] if delivery.rate else None,
        position=position,
    )


def _fee(fee: Charge, ground: Ground, hub: Hub) -> FeeTerms:
    """Fees on lines bear the VAT of the goods; those on orders the full rate, where the hub owes any."""
    on_lines = fee.calculator in ON_LINES
    tax = "inherit" if on_lines else "own" if hub.who.is_vat_liable else "none"
    return FeeTerms(
        name=fee.name,
        kind=fee.kind,
        calculator=fee.calculator,
        percent_millionths=fee.percent_millionths,
        amount_minor=fee.amount_minor,
        tax=tax,
        tax_rate_id=ground.rates["standard"] if tax == "own" else None,
    )


def _members(town: Town, ground: Ground, at: datetime) -> None:
    for hub in (hub for hub in town.hubs if hub.is_members_only):
        for one in (one for one in town.shoppers if one.is_member):
            make_member(
                hub_id=ground.enterprises[hub.who.slug],
                email=one.email,
                name=one.name,
                phone=one.phone,
                actor=SYSTEM,
                now=at,
            )
