"""People and enterprises for tests: plain functions with defaults."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

from allauth.account.models import EmailAddress

from bocage.network import queries
from bocage.network.models import Address, Agreement, Customer, Enterprise, Instance, LegalText, Person, Role
from bocage.network.rules import Actor

NOW = datetime(2026, 6, 16, 9, 0, tzinfo=UTC)
_next = count(1)


def instance(**fields: Any) -> Instance:
    """Return the one instance that answers for every host, made at the first call."""
    kept = {"slug": "bocage", "name": "Bocage", "mail_from": "bocage@example.org", "contact_email": "team@example.org"}
    return Instance.objects.get_or_create(host=fields.pop("host", None), defaults={**kept, **fields})[0]


def person(email: str = "", *, confirmed: bool = True, password: str | None = None, **fields: Any) -> Person:
    """Return a new person; their address is confirmed unless told otherwise."""
    made = Person.objects.create_user(email or f"person{next(_next)}@example.org", password, **fields)
    EmailAddress.objects.create(user=made, email=made.email, verified=confirmed, primary=True)
    return made


def enterprise(name: str = "", **fields: Any) -> Enterprise:
    """Return a new enterprise: a public farm that sells nothing itself."""
    number = next(_next)
    kept = {"slug": f"enterprise-{number}", "is_producer": True, "instance": fields.pop("instance", None) or instance()}
    return Enterprise.objects.create(name=name or f"Enterprise {number}", **{**kept, **fields})


def hub(name: str = "", **fields: Any) -> Enterprise:
    """Return a new public food hub that sells anybody's goods."""
    return enterprise(name, **{"kind": "food_hub", "sells": "any", "is_producer": False, **fields})


def agreement(producer: Enterprise, hub: Enterprise, **fields: Any) -> Agreement:
    """Return an accepted agreement that runs from NOW on, as agreements usually are."""
    return Agreement.objects.create(producer=producer, hub=hub, **{"starts_at": NOW, **fields})


def role(person: Person, enterprise: Enterprise, name: str = "manager", **fields: Any) -> Role:
    return Role.objects.create(person=person, enterprise=enterprise, name=name, **fields)


def actor(person: Person) -> Actor:
    """Return who this person acts as."""
    return queries.actor_for(person)


def manager(enterprise: Enterprise, role_name: str = "manager", **fields: Any) -> Actor:
    """Return a new person with a role in the enterprise, as an actor."""
    made = person(**fields)
    role(made, enterprise, role_name)
    return actor(made)


def customer(hub: Enterprise, **fields: Any) -> Customer:
    """Return a customer record of the hub: a guest's unless a person is given."""
    who = fields.get("person")
    kept = {"name": "Anne Dupont", "email": who.email if who else f"guest{next(_next)}@example.org", "created_at": NOW}
    return Customer.objects.create(hub=hub, **{**kept, **fields})


def address(person: Person, **fields: Any) -> Address:
    kept = {"name": "Anne Dupont", "street": "3 rue du Four", "postcode": "14500", "town": "Vire"}
    return Address.objects.create(person=person, **{**kept, **fields})


def legal_text(enterprise: Enterprise | None = None, version: int = 1, **fields: Any) -> LegalText:
    kept = {"title": "Terms", "body": "<p>Be kind.</p>", "published_at": NOW, "instance": instance()}
    return LegalText.objects.create(enterprise=enterprise, version=version, **{**kept, **fields})
