"""What: the goods that each side of a cycle carries, by a list, or by a rule with exceptions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists

from bocage.catalogue.models import Variant
from bocage.network.models import Enterprise
from bocage.network.rules import Actor
from bocage.order_cycles import rules
from bocage.order_cycles.actions.loading import cut_outgoing, grown, own_exchange
from bocage.order_cycles.models import Exchange, ExchangeException, ExchangeVariant, OrderCycle
from bocage.order_cycles.queries.carrying import incoming
from bocage.order_cycles.queries.counting import live
from bocage.order_cycles.queries.goods import could_carry

Direction = Exchange.Direction


@transaction.atomic
def set_variants(*, exchange_id: int, variant_ids: Sequence[int], actor: Actor, now: datetime) -> int:
    """Let an exchange carry exactly these variants from now on, and nothing new by itself; return how many.

    Incoming: live goods of its producer; what leaves it leaves all hubs too. Outgoing: cut to what comes in, and only
    goods whose producer has a running agreement with the hub (or that the hub makes, or that it carried already).
    In a simple cycle the outgoing side mirrors the incoming. Raises Forbidden, NotTheirGoods, NoAgreement.
    """
    cycle, exchange = _goods_of(exchange_id, actor)
    wanted = _checked(cycle, exchange, set(variant_ids), now)
    _follow(exchange, carries_all=False)
    _mark(ExchangeVariant, exchange, wanted)
    _changed(cycle, exchange, None, actor, now)
    return len(wanted)


@transaction.atomic
def choose(
    *, exchange_id: int, take: Collection[int] = (), leave: Collection[int] = (), actor: Actor, now: datetime
) -> None:
    """Let an exchange carry some more variants and leave some others out; all that is not named stays as it is.

    What is left out on the way in leaves all hubs too. Raises Forbidden, NotTheirGoods, NoAgreement.
    """
    cycle, exchange = _goods_of(exchange_id, actor)
    taken = _checked(cycle, exchange, set(take) - set(leave), now)
    marks: Any = ExchangeException if exchange.carries_all else ExchangeVariant
    added, dropped = (leave, taken) if exchange.carries_all else (taken, leave)
    marks.objects.filter(exchange=exchange, variant_id__in=set(dropped)).delete()
    _add(marks, exchange, live().filter(id__in=set(added)).values_list("id", flat=True))
    _changed(cycle, exchange, set(leave), actor, now)


@transaction.atomic
def set_rule(*, exchange_id: int, carries_all: bool, everything: bool = False, actor: Actor, now: datetime) -> None:
    """Let what is new come along by itself from now on (`carries_all`), or only what is on the list.

    What is carried now stays carried and what is left out stays out; `everything` takes the exceptions in too.
    Raises Forbidden.
    """
    cycle, exchange = _goods_of(exchange_id, actor)
    if exchange.carries_all != carries_all:
        could = set(could_carry(exchange, now).values_list("id", flat=True))
        carried = _carried(exchange, could)
        _follow(exchange, carries_all=carries_all)
        if carries_all:
            _mark(ExchangeException, exchange, could - carried)
        else:
            _mark(ExchangeVariant, exchange, carried)
    if everything:
        ExchangeException.objects.filter(exchange=exchange).delete()
    _changed(cycle, exchange, None, actor, now)


def _goods_of(exchange_id: int, actor: Actor) -> tuple[OrderCycle, Exchange]:
    """Return the exchange whose goods are decided: in a simple cycle always the incoming one."""
    cycle, exchange = own_exchange(exchange_id, actor, partner_too=True)
    if cycle.coordinator.sells == Enterprise.Sells.OWN:
        exchange = Exchange.objects.select_related("enterprise").get(cycle=cycle, direction=Direction.INCOMING)
    return cycle, exchange


def _checked(cycle: OrderCycle, exchange: Exchange, wanted: set[int], now: datetime) -> set[int]:
    """Return which of the wanted variants the exchange may carry. Raises NotTheirGoods, NoAgreement."""
    if exchange.direction == Direction.INCOMING:
        makes = Variant.objects.filter(product__producer_id=exchange.enterprise_id, ended_at__isnull=True)
        if makes.filter(id__in=wanted).count() != len(wanted):
            raise rules.NotTheirGoods(producer=exchange.enterprise.name)
        return wanted
    comes_in = live().filter(Exists(incoming().filter(cycle=cycle)), id__in=wanted)
    allowed = set(could_carry(exchange, now).filter(id__in=wanted).values_list("id", flat=True))
    foreign = comes_in.exclude(id__in=allowed).select_related("product__producer").order_by("id").first()
    if foreign is not None:
        raise rules.NoAgreement(producer=foreign.product.producer.name, hub=exchange.enterprise.name)
    return allowed


def _carried(exchange: Exchange, could: set[int]) -> set[int]:
    marks: Any = ExchangeException if exchange.carries_all else ExchangeVariant
    marked = set(marks.objects.filter(exchange=exchange).values_list("variant_id", flat=True))
    return could - marked if exchange.carries_all else could & marked


def _follow(exchange: Exchange, *, carries_all: bool) -> None:
    exchange.carries_all = carries_all
    exchange.save(update_fields=["carries_all"])
    ExchangeException.objects.filter(exchange=exchange).delete()
    if carries_all:
        ExchangeVariant.objects.filter(exchange=exchange).delete()


def _mark(marks: Any, exchange: Exchange, wanted: set[int]) -> None:
    rows = marks.objects.filter(exchange=exchange)
    present = set(rows.values_list("variant_id", flat=True))
    if gone := present - wanted:
        rows.filter(variant_id__in=gone).delete()
    _add(marks, exchange, wanted - present)


def _add(marks: Any, exchange: Exchange, variant_ids: Iterable[int]) -> None:
    new = [marks(exchange=exchange, variant_id=one) for one in sorted(variant_ids)]
    marks.objects.bulk_create(new, ignore_conflicts=True, batch_size=1000)


def _changed(cycle: OrderCycle, exchange: Exchange, left: set[int] | None, actor: Actor, now: datetime) -> None:
    """Let the hubs follow what comes in (`left`: all that went; None: look at everything), and say so."""
    if exchange.direction == Direction.INCOMING:
        if cycle.coordinator.sells == Enterprise.Sells.OWN:
            Exchange.objects.filter(cycle=cycle, direction=Direction.OUTGOING).update(carries_all=True)
        cut_outgoing(cycle, left)
    grown(cycle, "variants", actor, now)
