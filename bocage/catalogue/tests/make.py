"""Producers with goods, for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

from bocage.catalogue.models import Category, Product, Property, Variant
from bocage.catalogue.rules import search_text
from bocage.network.models import Agreement, Enterprise, Instance, Person, Role
from bocage.network.rules import Actor
from bocage.pricing.tests.make import fee, rate

__all__ = ["fee", "rate"]
NOW = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
_numbers = count(1)


def instance(**fields: Any) -> Instance:
    found = Instance.objects.first()
    return found or Instance.objects.create(
        **{"slug": "bocage", "name": "Bocage", "mail_from": "a@b.example", "contact_email": "a@b.example", **fields}
    )


def enterprise(name: str = "La Halle", **fields: Any) -> Enterprise:
    fields.setdefault("instance", instance())
    return Enterprise.objects.create(**{"slug": f"enterprise-{next(_numbers)}", "name": name, **fields})


def farm(name: str = "Ferme du Gué", **fields: Any) -> Enterprise:
    return enterprise(name, **{"is_producer": True, **fields})


def hub(name: str = "La Halle", **fields: Any) -> Enterprise:
    return enterprise(name, **{"kind": "food_hub", "sells": "any", **fields})


def person(**fields: Any) -> Person:
    return Person.objects.create_user(**{"email": f"person-{next(_numbers)}@b.example", **fields})


def manager(*enterprises: Enterprise, role: str = "manager") -> Actor:
    """Return somebody with a role in each of these enterprises, kept in the database too."""
    someone = person()
    for one in enterprises:
        Role.objects.create(person=someone, enterprise=one, name=role)
    return Actor(
        label=f"person:{someone.pk}",
        name="Anne",
        person_id=someone.pk,
        email=someone.email,
        roles={one.pk: role for one in enterprises},
    )


def agreement(producer: Enterprise, hub: Enterprise, **fields: Any) -> Agreement:
    return Agreement.objects.create(
        **{"producer": producer, "hub": hub, "starts_at": datetime(2026, 1, 1, tzinfo=UTC), **fields}
    )


def category(**fields: Any) -> Category:
    values = {
        "slug": "vegetables",
        "name_fr": "Légumes",
        "name_en": "Vegetables",
        "picture": "ui/drawings/leek.svg",
        **fields,
    }
    return Category.objects.filter(slug=values["slug"]).first() or Category.objects.create(**values)


def prop(slug: str = "organic", **fields: Any) -> Property:
    return Property.objects.create(**{"slug": slug, "name_fr": "Bio", "name_en": "Organic", **fields})


def product(producer: Enterprise, **fields: Any) -> Product:
    values = {"producer": producer, "category": category(), "name": "Poireaux", **fields}
    return Product.objects.create(
        **{"search_text": search_text(values["name"], values.get("keywords", ""), ()), **values}
    )


def variant(product: Product, **fields: Any) -> Variant:
    return Variant.objects.create(**{"product": product, "unit": "weight", "size": 800, "price_minor": 240, **fields})
