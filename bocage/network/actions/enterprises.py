"""Enterprises: founded and edited."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, TypedDict

from django.db import IntegrityError, transaction

from bocage.commons.refusals import Forbidden, NotFound
from bocage.infra.locks import lock_row
from bocage.infra.outbox import emit
from bocage.infra.versions import bump
from bocage.network.actions.agreements import agree_within
from bocage.network.actions.texts import accept
from bocage.network.events import EnterpriseCreated, EnterpriseEdited
from bocage.network.html import cleaned
from bocage.network.models import Enterprise, Person, Role
from bocage.network.queries.agreements import person_may
from bocage.network.queries.people import check_founder
from bocage.network.rules import (
    RESERVED_SLUGS,
    Actor,
    NotYours,
    Right,
    SlugTaken,
    bare_address,
    check_iban,
    check_siret,
    instagram_name,
    slug_for,
    slugified,
)
from bocage.network.rules.agreements import Act


class Profile(TypedDict, total=False):
    """What may be said of an enterprise; a key that is absent is left as it is."""

    name: str
    slug: str
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
    latitude: Decimal | None
    longitude: Decimal | None
    siret: str
    vat_number: str
    legal_name: str
    legal_address: str
    is_vat_liable: bool
    iban: str
    picture: str


def _spaceless(text: str) -> str:
    return "".join(text.split()).upper()


CLEANERS: Mapping[str, Callable[[str], str]] = {
    "story": cleaned,
    "siret": _spaceless,
    "iban": _spaceless,
    "vat_number": _spaceless,
    "facebook": bare_address,
    "linkedin": bare_address,
    "instagram": instagram_name,
}


PARTNER_FIELDS = frozenset(
    {"teaser", "story", "since", "picture", "contact_name", "email", "phone", "website", "whatsapp", "facebook"}
    | {"instagram", "linkedin", "mastodon", "street", "street2", "postcode", "town", "latitude", "longitude"}
)


@transaction.atomic
def create_enterprise(
    *, instance_id: int, profile: Profile, owner_id: int | None = None, actor: Actor, now: datetime
) -> int:
    """Found an enterprise; return its id. Its owner manages it and reads its mail.

    A person founds their own, five at most, after confirming their address; it starts linked, not yet in the directory.
    Stewards found for anybody, as they choose. Enterprises of one owner agree with each other at once: the producers' goods
    with the hubs that sell any. Raises Forbidden, TooManyEnterprises, UnconfirmedAddress, SlugTaken, BadNumber. Emits
    EnterpriseCreated, AgreementMade.
    """
    trusted = actor.is_steward or actor.is_system
    if not trusted and (actor.person_id is None or owner_id not in (None, actor.person_id)):
        raise Forbidden()
    owner_id = owner_id if trusted else actor.person_id
    if not trusted:
        _check_founder(owner_id)
        profile = {**profile, "visibility": Enterprise.Visibility.LINKED}
    enterprise = _write(Enterprise(instance_id=instance_id, owner_id=owner_id), profile)
    if owner_id is not None:
        Role.objects.create(person_id=owner_id, enterprise=enterprise, name=Role.Name.MANAGER, is_contact=True)
        agree_within(enterprise, actor, now)
    emit(EnterpriseCreated(enterprise_id=enterprise.id), by=actor, at=now)
    return enterprise.id


@transaction.atomic
def register(*, instance_id: int, profile: Profile, text_ids: Iterable[int], actor: Actor, now: datetime) -> str:
    """Found an enterprise of the actor's own and keep that they accept the instance's terms; return its address.

    Raises and emits what `create_enterprise` does.
    """
    enterprise_id = create_enterprise(instance_id=instance_id, profile=profile, actor=actor, now=now)
    accept(text_ids=text_ids, email=actor.email, person_id=actor.person_id, now=now)
    return Enterprise.objects.values_list("slug", flat=True).get(id=enterprise_id)


@transaction.atomic
def edit_enterprise(*, enterprise_id: int, changes: Profile, actor: Actor, now: datetime) -> None:
    """Change what is said of an enterprise; nothing changed is nothing done.

    Only its owner (or a steward) changes how it sells. Raises Forbidden, NotYours, NotFound, SlugTaken, BadNumber.
    Emits EnterpriseEdited with the names of the changed fields.
    """
    actor.require(Right.MANAGE_ENTERPRISE, on=enterprise_id)
    _edit(enterprise_id, changes, actor, now)


@transaction.atomic
def edit_partner(*, producer_id: int, changes: Profile, actor: Actor, now: datetime) -> None:
    """Change what the public reads of a producer, for who manages it or a hub that it lets do so.

    Raises Forbidden, also for what is not the public's to read (PARTNER_FIELDS are). Emits EnterpriseEdited.
    """
    if not person_may(Act.EDIT_PROFILE, producer_id=producer_id, actor=actor, at=now).is_allowed:
        raise Forbidden(right=Act.EDIT_PROFILE.value)
    if not set(changes) <= PARTNER_FIELDS:
        raise Forbidden(right=Right.MANAGE_ENTERPRISE.value)
    _edit(producer_id, changes, actor, now)


def _edit(enterprise_id: int, changes: Profile, actor: Actor, now: datetime) -> None:
    enterprise = lock_row(Enterprise.objects.all(), enterprise_id)
    if enterprise is None:
        raise NotFound()
    before = {name: getattr(enterprise, name) for name in changes}
    if changes.get("sells", enterprise.sells) != enterprise.sells and not _decides(actor, enterprise):
        raise NotYours()
    _write(enterprise, changes)
    changed = sorted(name for name, value in before.items() if getattr(enterprise, name) != value)
    if changed:
        bump(f"enterprise:{enterprise_id}")
        emit(EnterpriseEdited(enterprise_id=enterprise_id, fields=changed), by=actor, at=now)


def _check_founder(person_id: int | None) -> None:
    person = lock_row(Person.objects.all(), person_id) if person_id else None
    check_founder(person.id if person else None)


def _write(enterprise: Enterprise, profile: Profile) -> Enterprise:
    values = {name: _cleaned(name, value) for name, value in profile.items()}
    wished = values.pop("slug", "")
    for name, value in values.items():
        setattr(enterprise, name, value)
    if enterprise.siret and "siret" in values:
        check_siret(enterprise.siret)
    if enterprise.iban and "iban" in values:
        check_iban(enterprise.iban)
    return _save_under(enterprise, wished)


def _cleaned(name: str, value: Any) -> Any:
    return CLEANERS.get(name, str.strip)(value) if isinstance(value, str) else value


def _save_under(enterprise: Enterprise, wished: str) -> Enterprise:
    """Save under the wished address, or refuse; without a wish, under a free one made from the name, whoever else saves."""
    if wished:
        enterprise.slug = slugified(wished)
        if enterprise.slug in RESERVED_SLUGS or not enterprise.slug:
            raise SlugTaken(slug=wished)
    while True:
        made = not enterprise.slug
        if made:
            enterprise.slug = slug_for(enterprise.name, _taken(enterprise.name))
        try:
            with transaction.atomic():
                enterprise.save()
                return enterprise
        except IntegrityError:
            if not made:
                raise SlugTaken(slug=enterprise.slug) from None
            enterprise.slug = ""


def _taken(name: str) -> set[str]:
    """Return the addresses in use that could collide with the one made from `name`."""
    alike = Enterprise.objects.filter(slug__startswith=slug_for(name, ()))
    return set(alike.values_list("slug", flat=True))


def _decides(actor: Actor, enterprise: Enterprise) -> bool:
    return actor.is_system or actor.is_steward or actor.person_id == enterprise.owner_id
