"""How shops look, and where they may be framed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, QuerySet

from bocage.infra.statements import Statement
from bocage.network.queries.switches import enabled
from bocage.network.rules import Actor, Right
from bocage.network.rules.switches import Switch
from bocage.shops.models import Shop
from bocage.shops.rules.faces import Label, sites

OF_LABEL = tuple(Label.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Framed:
    """A shop as other sites may frame it: `sites` none means none may; `is_on` whether the platform lets it."""

    slug: str
    name: str
    sites: tuple[str, ...]
    is_on: bool


@dataclass(frozen=True, slots=True)
class Face:
    """What a hub set of its shop's looks, to edit."""

    label: Label
    embed_sites: str
    page_body: str


def is_on(switch: Switch, **paths: str) -> ExpressionWrapper:
    """Return whether a feature is on, as a column of a larger query."""
    return ExpressionWrapper(enabled(switch, **paths), output_field=BooleanField())


def framed(slug: str) -> Framed | None:
    """Return who may frame a hub's shop, in one query; None where no shop is called so."""
    rows = _framed.rows(slug=slug)
    return Framed(rows[0][0], rows[0][1], sites(rows[0][2]), bool(rows[0][3])) if rows else None


@Statement
def _framed(*, slug: str) -> QuerySet[Shop, Any]:
    shops = Shop.objects.filter(hub__slug=slug).exclude(hub__sells="none")
    shops = shops.annotate(on=is_on(Switch.EMBEDDED_SHOP, enterprise="hub_id", instance="hub__instance_id"))
    return shops.values_list("hub__slug", "hub__name", "embed_sites", "on")


def label_of(hub_id: int) -> Label:
    """Return how a hub's shop looks, in one query: as the platform does where it has no label, or may not."""
    shops = Shop.objects.filter(enabled(Switch.WHITE_LABEL, enterprise="hub_id", instance="hub__instance_id"))
    row = shops.filter(hub_id=hub_id).values_list(*OF_LABEL).first()
    return Label(*row) if row else Label()


def page_body(hub_id: int) -> str:
    """Return the text of a shop's own tab, in one query."""
    return Shop.objects.filter(hub_id=hub_id).values_list("page_body", flat=True).first() or ""


def shop_face(*, hub_id: int, actor: Actor) -> Face:
    """Return what a hub set of its shop's looks, in one query. Raises Forbidden."""
    actor.require(Right.MANAGE_ENTERPRISE, on=hub_id)
    row = Shop.objects.filter(hub_id=hub_id).values_list(*OF_LABEL, "embed_sites", "page_body").first()
    return Face(Label(*row[:-2]), row[-2], row[-1]) if row else Face(Label(), "", "")
