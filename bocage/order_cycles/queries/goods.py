"""What one side of a cycle carries and could carry, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, When

from bocage.catalogue.models import Variant
from bocage.catalogue.queries.rights import running
from bocage.commons.measures import Exact
from bocage.commons.refusals import Forbidden, NotFound
from bocage.network.rules import Actor, Right
from bocage.order_cycles.models import Exchange, ExchangeException, ExchangeVariant
from bocage.order_cycles.queries.carrying import incoming
from bocage.order_cycles.queries.counting import Count, live

SHOWN = 100
NAMED = 3


@dataclass(frozen=True, slots=True)
class GoodsRow:
    """A variant that could enter or leave a cycle here; `is_carried` says whether it does."""

    variant_id: int
    product: str
    variant: str
    unit: str
    size: Exact
    pack: str
    measure: str
    is_weighed: bool
    price_minor: int
    picture: str
    field: str
    producer: str
    is_carried: bool


@dataclass(frozen=True, slots=True)
class GoodsPage:
    """A page of the goods of a side: `matching` of all it could carry, those from `start` on.

    Where all is carried, `exceptions` names the first goods that are left out, and `left_out` counts them.
    """

    rows: tuple[GoodsRow, ...]
    matching: int
    start: int
    left_out: int
    exceptions: tuple[str, ...]

    @property
    def next_start(self) -> int | None:
        after = self.start + len(self.rows)
        return after if after < self.matching else None

    @property
    def others(self) -> int:
        return self.left_out - len(self.exceptions)


def side_goods(*, exchange_id: int, text: str = "", start: int = 0, actor: Actor, now: datetime) -> GoodsPage:
    """Return what a side carries and could, by name, `SHOWN` at a time, those whose name holds `text`.

    A producer could bring all it makes; a hub sell all that comes in and that it may sell.
    In four queries. Raises NotFound, Forbidden.
    """
    side = _side(exchange_id, actor)
    could = _could(side, now)
    matching = could.filter(Q(product__name__icontains=text) | Q(name__icontains=text)) if text else could
    rows = matching.order_by("product__name", "product_id", "position", "id").values_list(
        "id", "product__name", "name", "unit", "size", "pack", "measure", "is_weighed", "price_minor", "product__picture",
        "product__category__picture", "product__category__field", "product__producer__name", "is_carried",
    )[start : start + SHOWN]  # fmt: skip
    left_out = could.filter(is_carried=False) if side.carries_all else could.none()
    names = left_out.order_by("product__name", "id").values_list("product__name", flat=True)
    return GoodsPage(
        rows=tuple(_row(*row) for row in rows),
        matching=matching.count(),
        start=start,
        left_out=left_out.count(),
        exceptions=tuple(names[:NAMED]),
    )


def side_count(*, exchange_id: int, actor: Actor, now: datetime) -> Count:
    """Return how much one side carries of what it could, in two queries. Raises NotFound, Forbidden."""
    could = _could(_side(exchange_id, actor), now)
    return Count(**could.aggregate(carried=models.Count("id", filter=Q(is_carried=True)), offered=models.Count("id")))


def is_side_of(*, exchange_id: int, cycle_id: int, coordinator_id: int) -> bool:
    """Return whether an exchange belongs to this cycle of this coordinator."""
    return Exchange.objects.filter(id=exchange_id, cycle_id=cycle_id, cycle__coordinator_id=coordinator_id).exists()


def _side(exchange_id: int, actor: Actor) -> Exchange:
    side = Exchange.objects.select_related("cycle").filter(id=exchange_id).first()
    if side is None:
        raise NotFound
    if not any(actor.may(Right.MANAGE_CYCLES, on=one) for one in (side.cycle.coordinator_id, side.enterprise_id)):
        raise Forbidden(right=Right.MANAGE_CYCLES.value)
    return side


def could_carry(side: Exchange, now: datetime) -> QuerySet[Variant]:
    """Return what a side could carry at `now`: made by its producer; or coming in, of farms that agreed with the hub."""
    if side.direction == Exchange.Direction.INCOMING:
        return live().filter(product__producer_id=side.enterprise_id)
    bringing = Exchange.objects.filter(cycle_id=side.cycle_id, direction=Exchange.Direction.INCOMING)
    coming = live().filter(product__producer_id__in=bringing.values("enterprise_id"))
    agreed = running(now).filter(hub_id=side.enterprise_id).values("producer_id")
    listed = Exists(ExchangeVariant.objects.filter(exchange=side, variant_id=OuterRef("pk")))
    allowed = Q(product__producer_id__in=agreed) | Q(product__producer_id=side.enterprise_id)
    return coming.filter(Exists(incoming().filter(cycle_id=side.cycle_id))).filter(
        allowed if side.carries_all else allowed | Q(listed)
    )


def _could(side: Exchange, now: datetime) -> QuerySet[Any, Any]:
    marks: Any = ExchangeException if side.carries_all else ExchangeVariant
    marked = Exists(marks.objects.filter(exchange=side, variant_id=OuterRef("pk")))
    carried = Case(When(marked, then=not side.carries_all), default=side.carries_all, output_field=BooleanField())
    return could_carry(side, now).annotate(is_carried=carried)


def _row(*values: Any) -> GoodsRow:
    (
        variant_id,
        product,
        variant,
        unit,
        size,
        pack,
        measure,
        weighed,
        price,
        picture,
        shelf,
        field,
        producer,
        carried,
    ) = values
    return GoodsRow(
        variant_id=variant_id,
        product=product,
        variant=variant,
        unit=unit,
        size=size,
        pack=pack,
        measure=measure,
        is_weighed=weighed,
        price_minor=price,
        picture=picture or shelf,
        field=field,
        producer=producer,
        is_carried=bool(carried),
    )
