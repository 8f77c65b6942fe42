"""The shelves that an instance may begin with: common produce in French and English, with its DFC product types."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from bocage.catalogue.models import Category
from bocage.commons.refusals import Forbidden
from bocage.infra.versions import bump
from bocage.network.rules import Actor

FILE = Path(__file__).resolve().parent.parent / "taxonomy.csv"
DFC = "https://github.com/datafoodconsortium/taxonomies/releases/latest/download/productTypes.rdf#"


@dataclass(frozen=True, slots=True)
class Shelf:
    """A shelf of the taxonomy: `under` is the slug of the one above, `dfc` the DFC product type nearest to it."""

    slug: str
    under: str
    fr: str
    en: str
    dfc: str
    picture: str
    field: str


def taxonomy() -> list[Shelf]:
    """Return the shelves of `taxonomy.csv`, each after the one above it."""
    with FILE.open(newline="") as file:
        return [Shelf(**row) for row in csv.DictReader(file)]


@transaction.atomic
def lay_shelves(*, actor: Actor) -> int:
    """Add the shelves of the taxonomy that the instance does not have yet, known by slug; return how many.

    What stewards renamed or moved stays as they left it, so it may run again after an upgrade. Stewards only.
    """
    if not (actor.is_steward or actor.is_system):
        raise Forbidden(right="steward")
    ids = dict(Category.objects.values_list("slug", "id"))
    had = len(ids)
    for position, shelf in enumerate(taxonomy()):
        if shelf.slug not in ids:
            ids[shelf.slug] = Category.objects.create(
                slug=shelf.slug,
                parent_id=ids[shelf.under] if shelf.under else None,
                name_fr=shelf.fr,
                name_en=shelf.en,
                position=position,
                picture=f"ui/drawings/{shelf.picture}.svg",
                field=shelf.field,
                dfc_type=f"{DFC}{shelf.dfc}",
            ).pk
    if len(ids) > had:
        bump("catalogue")
    return len(ids) - had
