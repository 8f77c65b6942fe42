"""What there is to choose from: categories, properties, producers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from bocage.catalogue.models import Category, ProducerProperty, Product, Property
from bocage.network.models import Enterprise
from bocage.network.queries.agreements import granted, in_force, peopled
from bocage.network.rules.agreements import Act


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to pick by its name."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """A shelf; `parent` is the name of the one above, if any."""

    id: int
    slug: str
    name: str
    parent: str
    picture: str
    field: str


def categories(*, language: str) -> list[CategoryRow]:
    """Return all categories in the order of the shop, in one SQL query."""
    column = name_column(language)
    rows = Category.objects.order_by("parent__position", "position", "id").select_related("parent")
    return [
        CategoryRow(
            id=row.pk,
            slug=row.slug,
            name=getattr(row, column),
            parent=getattr(row.parent, column) if row.parent else "",
            picture=row.picture,
            field=row.field,
        )
        for row in rows
    ]


def properties(*, language: str) -> list[Choice]:
    """Return all properties in their order, in one SQL query."""
    rows = Property.objects.order_by("position", "id").values_list("id", name_column(language))
    return [Choice(*row) for row in rows]


def producer_properties(*, producer_id: int) -> tuple[int, ...]:
    """Return the ids of what is true of all products of a producer, in one SQL query."""
    rows = ProducerProperty.objects.filter(producer_id=producer_id).order_by("property_id")
    return tuple(rows.values_list("property_id", flat=True))


def producers_of(*, enterprise_id: int, now: datetime) -> list[Choice]:
    """Return whose goods an enterprise deals with, in one SQL query: its own, and of who has an agreement with it."""
    agreed = in_force(now).filter(hub_id=enterprise_id).values("producer_id")
    makes = Exists(Product.objects.filter(producer_id=OuterRef("pk"), ended_at=None))  # a hub, of what it bought
    own = Enterprise.objects.filter(Q(is_producer=True) | makes, id=enterprise_id)
    rows = Enterprise.objects.filter(id__in=agreed) | own
    return [Choice(*row) for row in rows.order_by("name", "id").values_list("id", "name")]


def producers_to_edit(*, enterprise_id: int, manages: bool, now: datetime) -> list[Choice]:
    """Return whose goods a manager of the enterprise may edit, in three SQL queries: `network.rules.agreements` says why."""
    everyone = producers_of(enterprise_id=enterprise_id, now=now) if manages else []
    others = [row.id for row in everyone if row.id != enterprise_id]
    spoken_for = peopled(others)
    let = set(granted(Act.EDIT_GOODS, at=now).filter(hub_id=enterprise_id).values_list("producer_id", flat=True))
    return [row for row in everyone if row.id == enterprise_id or row.id in let or row.id not in spoken_for]


def name_column(language: str) -> str:
    """Return the column that holds names in this language."""
    return "name_fr" if language.startswith("fr") else "name_en"
