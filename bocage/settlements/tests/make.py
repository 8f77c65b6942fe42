"""A market with sales to state: orders, statements, and who decides about them."""

from __future__ import annotations

from datetime import timedelta

from bocage.commons.money import Money
from bocage.ledger.queries import balance
from bocage.order_cycles.models import Exchange, ExchangeVariant, HandOver, OrderCycle
from bocage.orders.tests import make as orders
from bocage.settlements import actions
from bocage.settlements.actions.deciding import sums_of
from bocage.settlements.models import Statement

CLOSED = orders.NOON + timedelta(days=3)
LATER = CLOSED + timedelta(days=9)
euros = orders.euros


def cents(minor: int) -> Money:
    return Money(minor, "EUR")


def drawn_up(place, *, farm=None, now=CLOSED) -> Statement | None:
    """Draw up the statements of the market's sale; return that of a farm."""
    actions.draw_up(hub_id=place.hub.pk, cycle_id=place.cycle.pk, actor=place.manager, now=now)
    return Statement.objects.filter(cycle=place.cycle, producer=farm or place.farm).first()


def total_of(statement) -> Money:
    return cents(sum(one.net + one.tax for _key, one in sums_of(statement.pk)))


def approved(place, *, farm=None, now=CLOSED) -> Statement:
    statement = drawn_up(place, farm=farm, now=now)
    actions.approve(statement_id=statement.pk, shown=total_of(statement), actor=place.manager, now=now)
    return statement


def frozen(place, *, farm=None, now=CLOSED, at=LATER) -> Statement:
    statement = approved(place, farm=farm, now=now)
    actions.freeze(statement_id=statement.pk, actor=place.manager, now=at)
    statement.refresh_from_db()
    return statement


def account_of(place, farm=None) -> Money:
    """What the hub's book says is owed to a farm."""
    return -balance(book_id=place.hub.pk, kind="producer", subject=f"producer:{(farm or place.farm).pk}")


def next_sale(place) -> None:
    """Open the same sale once more, with the same goods: the market's cycle is the new one from here on."""
    before = place.cycle
    place.cycle = OrderCycle.objects.create(
        coordinator=place.hub, name="Vente suivante", opens_at=before.opens_at, closes_at=before.closes_at,
        created_at=orders.NOON,
    )  # fmt: skip
    for exchange in Exchange.objects.filter(cycle=before).order_by("id"):
        variants = list(ExchangeVariant.objects.filter(exchange=exchange).values_list("variant_id", flat=True))
        hands = list(HandOver.objects.filter(exchange=exchange))
        new = Exchange.objects.create(
            cycle=place.cycle, direction=exchange.direction, enterprise_id=exchange.enterprise_id
        )
        for variant_id in variants:
            ExchangeVariant.objects.create(exchange=new, variant_id=variant_id)
        for hand in hands:
            HandOver.objects.create(exchange=new, method=hand.method, starts_at=hand.starts_at, ends_at=hand.ends_at)
