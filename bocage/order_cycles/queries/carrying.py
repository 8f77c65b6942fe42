"""Which exchange carries which variant: by a list, or by a rule with exceptions. The one reading of both.

An exchange that `carries_all` lets through whatever it could, also goods that are new since, except those that are
left out by name; another carries what it lists. Goods reach a shop if they come in and go out:

    incoming, all       what its producer makes, as long as it is made
    outgoing, all       what comes in of producers that agreed with the hub, and of the hub itself
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from bocage.catalogue.models import Variant
from bocage.catalogue.queries.rights import running
from bocage.order_cycles.models import Exchange, ExchangeException, ExchangeVariant


def carried_to(*, cycle_id: int, hub_id: int, at: datetime) -> QuerySet[Variant]:
    """Return what comes into a cycle and goes out to a hub at `at`, goods that have ended since included."""
    bringing = Exchange.objects.filter(cycle_id=cycle_id, direction="incoming").values("enterprise_id")
    return Variant.objects.filter(
        Exists(outgoing(at=at).filter(cycle_id=cycle_id, enterprise_id=hub_id)), product__producer_id__in=bringing
    )


def incoming(variant: str = "pk", producer: str = "product__producer_id") -> QuerySet[Exchange]:
    """Return, inside the Exists() of a query over goods, the exchanges by which the row's variant comes in.

    `variant` and `producer` name the row's own fields; narrow the result by `cycle`.
    """
    return _incoming(OuterRef(producer), OuterRef(OuterRef(variant)))


def outgoing(*, at: datetime, variant: str = "pk", producer: str = "product__producer_id") -> QuerySet[Exchange]:
    """Return, as `incoming` does, the exchanges by which the row's variant comes in and goes out to a hub at `at`."""
    row, maker = OuterRef(OuterRef(variant)), OuterRef(OuterRef(producer))
    comes_in = _incoming(maker, OuterRef(row)).filter(cycle_id=OuterRef("cycle_id"))
    agreed = running(at).filter(hub_id=OuterRef("enterprise_id"), producer_id=maker)
    is_allowed = Q(enterprise_id=OuterRef(producer)) | Q(Exists(agreed))
    return (
        Exchange.objects.filter(direction=Exchange.Direction.OUTGOING)
        .filter(_carries(row, is_allowed))
        .filter(Exists(comes_in))
    )


def _incoming(producer: Any, variant: Any) -> QuerySet[Exchange]:
    rows = Exchange.objects.filter(direction=Exchange.Direction.INCOMING, withdrawn_at__isnull=True)
    return rows.filter(_carries(variant), enterprise_id=producer)


def _carries(variant: Any, is_allowed: Q | None = None) -> Q:
    listed = Exists(ExchangeVariant.objects.filter(exchange_id=OuterRef("pk"), variant_id=variant))
    left_out = Exists(ExchangeException.objects.filter(exchange_id=OuterRef("pk"), variant_id=variant))
    by_rule = Q(carries_all=True) & ~left_out
    return Q(carries_all=False) & listed | (by_rule if is_allowed is None else by_rule & is_allowed)
