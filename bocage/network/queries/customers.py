"""Who buys from a hub, and where they want it brought."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from bocage.commons.refusals import NotFound
from bocage.infra.statements import Statement
from bocage.network.models import Address, Customer, CustomerTag
from bocage.network.rules import Actor, Right


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer as the hub sees them."""

    id: int
    name: str
    email: str
    phone: str
    code: str
    is_member: bool


@dataclass(frozen=True, slots=True)
class AddressRow:
    """A kept address, with all that a delivery needs."""

    id: int
    name: str
    street: str
    street2: str
    postcode: str
    town: str
    country: str
    phone: str
    is_default: bool


def is_member(*, hub_id: int, actor: Actor) -> bool:
    """Return whether this actor may enter the hub's members-only shop, in one query at most.

    Members are signed-in people whom the hub made members; those who work for the hub, and stewards, enter too. A guest
    never is one: an address that somebody types proves nothing.
    """
    if actor.is_system or actor.is_steward or hub_id in actor.roles:
        return True
    if actor.person_id is None:
        return False
    return Customer.objects.filter(hub_id=hub_id, person_id=actor.person_id, is_member=True).exists()


def tags_here(*, hub_id: int, person_id: int) -> tuple[str, ...]:
    """Return the tags of a person as a customer of a hub, in one query; none for who never was one."""
    return tuple(name for (name,) in _tags.rows(hub_id=hub_id, person_id=person_id))


@Statement
def _tags(*, hub_id: int, person_id: int) -> QuerySet[CustomerTag, tuple[str]]:
    here = CustomerTag.objects.filter(customer__hub_id=hub_id, customer__main__isnull=True)
    return here.filter(customer__person_id=person_id).order_by("name").values_list("name")


def customer_ids_of(person_id: int) -> list[int]:
    """Return the ids of all customer records of a person, in all hubs: whose orders are theirs to see."""
    return list(Customer.objects.filter(person_id=person_id).order_by("id").values_list("id", flat=True))


def customers_of_hub(*, hub_id: int, actor: Actor) -> list[CustomerRow]:
    """Return the hub's customers by name, in one query. Raises Forbidden."""
    actor.require(Right.SEE_ORDERS, on=hub_id)
    found = Customer.objects.filter(hub_id=hub_id).order_by("name", "id")
    return [CustomerRow(c.id, c.name, c.email, c.phone, c.code, c.is_member) for c in found]


def saved_addresses(*, actor: Actor) -> list[AddressRow]:
    """Return the actor's own kept addresses, the usual one first; none for guests."""
    if actor.person_id is None:
        return []
    return [_address(a) for a in Address.objects.filter(person_id=actor.person_id).order_by("-is_default", "id")]


def saved_address(*, address_id: int, actor: Actor) -> AddressRow:
    """Return one of the actor's own addresses. Raises NotFound, also for somebody else's."""
    found = Address.objects.filter(id=address_id, person_id=actor.person_id).first() if actor.person_id else None
    if found is None:
        raise NotFound()
    return _address(found)


def _address(a: Address) -> AddressRow:
    return AddressRow(a.id, a.name, a.street, a.street2, a.postcode, a.town, a.country, a.phone, a.is_default)
