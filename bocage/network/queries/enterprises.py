"""Enterprises as others see them, who runs them, and whose goods a hub may sell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bocage.commons.refusals import NotFound
from bocage.network.models import Enterprise, Role
from bocage.network.queries.agreements import granted, hub_may
from bocage.network.rules import Actor, Right, robots
from bocage.network.rules.agreements import Act


@dataclass(frozen=True, slots=True)
class MyEnterprise:
    """An enterprise that somebody works for, and as what."""

    id: int
    slug: str
    name: str
    kind: str
    is_producer: bool
    sells: str
    role: str


@dataclass(frozen=True, slots=True)
class EnterprisePage:
    """What an enterprise tells everybody; `robots` is its header for search engines."""

    id: int
    slug: str
    name: str
    kind: str
    is_producer: bool
    sells: str
    visibility: str
    teaser: str
    story: str
    since: int | None
    contact_name: str
    email: str
    phone: str
    website: str
    whatsapp: str
    facebook: str
    instagram: str
    linkedin: str
    mastodon: str
    street: str
    street2: str
    postcode: str
    town: str
    country: str
    latitude: float | None
    longitude: float | None
    picture: str
    robots: str


@dataclass(frozen=True, slots=True)
class EnterpriseSettings:
    """An enterprise as those who manage it edit it."""

    page: EnterprisePage
    siret: str
    vat_number: str
    legal_name: str
    legal_address: str
    is_vat_liable: bool
    iban: str
    owner_id: int | None


@dataclass(frozen=True, slots=True)
class Partner:
    """A producer whose goods a hub may sell."""

    id: int
    slug: str
    name: str
    town: str
    since: datetime


@dataclass(frozen=True, slots=True)
class TeamRow:
    """Somebody who works for an enterprise."""

    person_id: int
    name: str
    email: str
    role: str
    is_contact: bool
    is_owner: bool


PUBLIC_FIELDS = tuple(name for name in EnterprisePage.__slots__ if name not in ("robots", "latitude", "longitude"))


def enterprises_of(actor: Actor) -> list[MyEnterprise]:
    """Return the enterprises the actor works for, by name, in one query; none for guests."""
    if actor.person_id is None:
        return []
    roles = Role.objects.filter(person_id=actor.person_id).select_related("enterprise")
    rows = [(role.enterprise, role.name) for role in roles.order_by("enterprise__name", "enterprise_id")]
    return [MyEnterprise(e.id, e.slug, e.name, e.kind, e.is_producer, e.sells, role) for e, role in rows]


def hubs_of(actor: Actor) -> list[MyEnterprise]:
    """Return those of the actor's enterprises that sell, by name, in one query."""
    return [row for row in enterprises_of(actor) if row.sells != Enterprise.Sells.NONE]


def enterprise_page(*, instance_id: int, slug: str, actor: Actor) -> EnterprisePage:
    """Return what an enterprise says of itself. Raises NotFound, also for a hidden one that the actor does not work for."""
    found = Enterprise.objects.filter(instance_id=instance_id, slug=slug).first()
    if found is None or (found.visibility == Enterprise.Visibility.HIDDEN and not _is_insider(actor, found.id)):
        raise NotFound()
    return _page(found)


def enterprise_settings(*, enterprise_id: int, actor: Actor) -> EnterpriseSettings:
    """Return an enterprise to be edited. Raises Forbidden, NotFound."""
    actor.require(Right.MANAGE_ENTERPRISE, on=enterprise_id)
    found = Enterprise.objects.filter(id=enterprise_id).first()
    if found is None:
        raise NotFound()
    names = EnterpriseSettings.__slots__[1:]
    return EnterpriseSettings(_page(found), *(getattr(found, name) for name in names))


def team_of(*, enterprise_id: int, actor: Actor) -> list[TeamRow]:
    """Return who works for the enterprise, by name, in one query. Raises Forbidden."""
    actor.require(Right.MANAGE_ENTERPRISE, on=enterprise_id)
    roles = Role.objects.filter(enterprise_id=enterprise_id).select_related("person", "enterprise")
    return [
        TeamRow(r.person_id, r.person.name, r.person.email, r.name, r.is_contact, r.enterprise.owner_id == r.person_id)
        for r in roles.order_by("person__name", "person_id")
    ]


def producers_of(hub_id: int, *, at: datetime) -> list[Partner]:
    """Return the producers whose goods the hub may sell at this moment, by name, in one query."""
    running = granted(Act.SELL, at=at).filter(hub_id=hub_id).select_related("producer")
    rows = [
        (agreement.producer, agreement.starts_at) for agreement in running.order_by("producer__name", "producer_id")
    ]
    return [Partner(p.id, p.slug, p.name, p.town, since) for p, since in rows]


def may_sell(*, hub_id: int, producer_id: int, at: datetime) -> bool:
    """Return whether the hub may sell the producer's goods now: its own always, others' by agreement."""
    return hub_may(Act.SELL, producer_id=producer_id, hub_id=hub_id, at=at)


def _is_insider(actor: Actor, enterprise_id: int) -> bool:
    return actor.is_system or actor.is_steward or enterprise_id in actor.roles


def _page(e: Enterprise) -> EnterprisePage:
    return EnterprisePage(
        **{name: getattr(e, name) for name in PUBLIC_FIELDS},
        latitude=None if e.latitude is None else float(e.latitude),
        longitude=None if e.longitude is None else float(e.longitude),
        robots=robots(e.visibility),
    )
