"""Enterprises: founded, edited, and the agreements between them."""

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
from bocage.network.actions.texts import accept
from bocage.network.events import AgreementEnded, AgreementMade, EnterpriseCreated, EnterpriseEdited
from bocage.network.html import cleaned
from bocage.network.models import Agreement, Enterprise, Person, Role
from bocage.network.queries.people import check_founder
from bocage.network.rules import (
    RESERVED_SLUGS,
    Actor,
    NoAgreementPossible,
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
        _agree_within(enterprise, actor, now)
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


@transaction.atomic
def agree(*, producer_id: int, hub_id: int, actor: Actor, now: datetime) -> None:
    """Let a hub sell a producer's goods from now on: the producer's word counts. Twice is once.

    Raises Forbidden unless the actor manages the producer, NotFound, NoAgreementPossible. Emits AgreementMade.
    """
    actor.require(Right.MANAGE_ENTERPRISE, on=producer_id)
    both = Enterprise.objects.in_bulk([producer_id, hub_id])
    if producer_id not in both or hub_id not in both:
        raise NotFound()
    if not both[producer_id].is_producer or both[hub_id].sells != Enterprise.Sells.ANY or producer_id == hub_id:
        raise NoAgreementPossible()
    _agree(producer_id, hub_id, actor, now)


@transaction.atomic
def end_agreement(*, producer_id: int, hub_id: int, actor: Actor, now: datetime) -> None:
    """End an agreement for the future: either side may. What was sold or is on sale stays as it is.

    Raises Forbidden; without a running agreement nothing happens. Emits AgreementEnded.
    """
    if not actor.may(Right.MANAGE_ENTERPRISE, on=producer_id):
        actor.require(Right.MANAGE_ENTERPRISE, on=hub_id)
    if Agreement.objects.filter(producer_id=producer_id, hub_id=hub_id, ends_at__isnull=True).update(ends_at=now):
        emit(AgreementEnded(producer_id=producer_id, hub_id=hub_id), by=actor, at=now)


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


def _agree_within(enterprise: Enterprise, actor: Actor, now: datetime) -> None:
    """Let the new enterprise and the others of its owner work together without asking."""
    others = Enterprise.objects.filter(owner_id=enterprise.owner_id).exclude(id=enterprise.id).order_by("id")
    for other in others:
        for producer, hub in ((enterprise, other), (other, enterprise)):
            if producer.is_producer and hub.sells == Enterprise.Sells.ANY:
                _agree(producer.id, hub.id, actor, now)


def _agree(producer_id: int, hub_id: int, actor: Actor, now: datetime) -> None:
    lock_row(Enterprise.objects.all(), producer_id)
    running = {"producer_id": producer_id, "hub_id": hub_id, "ends_at": None}
    _, is_new = Agreement.objects.get_or_create(**running, defaults={"starts_at": now})
    if is_new:
        emit(AgreementMade(producer_id=producer_id, hub_id=hub_id), by=actor, at=now)
