"""Addresses that people keep for their next deliveries: their own only."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from bocage.commons.refusals import Forbidden, NotFound, Refused, gettext_noop
from bocage.infra.locks import lock_row
from bocage.network.models import Address, Person
from bocage.network.rules import Actor

MOST = 20


class TooManyAddresses(Refused):
    """Somebody keeps more addresses than anybody needs."""

    code = "network.too_many_addresses"
    message = gettext_noop("You already keep %(most)s addresses. Delete one that you no longer use.")


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """Where to bring something, and to whom."""

    name: str
    street: str
    postcode: str
    town: str
    street2: str = ""
    country: str = "FR"
    phone: str = ""


@transaction.atomic
def save_address(*, to: PostalAddress, is_default: bool = False, address_id: int | None = None, actor: Actor) -> int:
    """Keep a new address, or change a kept one; return its id. The first one kept is the default.

    Raises Forbidden for guests, NotFound for somebody else's address, TooManyAddresses.
    """
    own = _own(actor)
    if address_id is None and len(own) >= MOST:
        raise TooManyAddresses(most=MOST)
    address = own[address_id] if address_id in own else _new(actor, address_id)
    for name in PostalAddress.__slots__:
        setattr(address, name, getattr(to, name).strip())
    is_default = is_default or address.is_default or not own
    if is_default:
        Address.objects.filter(id__in=own).exclude(id=address.id).update(is_default=False)
    address.is_default = is_default
    address.save()
    return address.id


@transaction.atomic
def delete_address(*, address_id: int, actor: Actor) -> None:
    """Forget one of the actor's addresses; if it was the default, the oldest left takes its place. Raises NotFound."""
    own = _own(actor)
    if address_id not in own:
        raise NotFound()
    gone = own.pop(address_id)
    was_default = gone.is_default
    gone.delete()
    if was_default and own:
        Address.objects.filter(id=min(own)).update(is_default=True)


def _own(actor: Actor) -> dict[int, Address]:
    """Return the actor's addresses by id; their person's row is locked, so that only one is ever the default."""
    if actor.person_id is None:
        raise Forbidden()
    lock_row(Person.objects.all(), actor.person_id)
    return {address.id: address for address in Address.objects.filter(person_id=actor.person_id)}


def _new(actor: Actor, address_id: int | None) -> Address:
    if address_id is not None:
        raise NotFound()
    assert actor.person_id is not None  # _own() refused guests
    return Address(person_id=actor.person_id)
