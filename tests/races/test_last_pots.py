"""Two hundred people, ten pots of honey: exactly ten are sold; the same confirmation twice is one order."""

import pytest
from django.db import connection

from bocage.infra.statements import Statement
from bocage.ledger.queries import balance
from bocage.network.models import Customer
from bocage.network.rules import GUEST
from bocage.orders.actions import place_order
from bocage.orders.models import Order, OrderLine
from bocage.orders.rules import Buyer
from bocage.orders.tests import make
from bocage.orders.tests.make import NOON, euros
from bocage.stock import actions as stock
from bocage.stock.models import Movement, StockItem
from bocage.stock.rules import NotEnoughStock
from tests.races.together import together

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, POTS, AT_ONCE = 200, 10, 20


def buyers(market, honey):
    """Return as many calls as run at once; each lets its share of the people buy one pot, one after the other."""

    def let_buy(numbers):
        sold = 0
        for number in numbers:
            wanted = market.wanted(
                {honey: 1}, key=f"buyer-{number}", buyer=Buyer(f"Buyer {number}", f"b{number}@exemple.bocage.example")
            )
            try:
                place_order(wanted=wanted, shown_total=euros("7.00"), actor=GUEST, now=NOON)
                sold += 1
            except NotEnoughStock:
                pass
        return sold

    return [lambda part=part: let_buy(range(part, PEOPLE, AT_ONCE)) for part in range(AT_ONCE)]


def test_two_hundred_people_and_ten_pots_sell_exactly_ten():
    market = make.market()
    honey = market.offer("Miel", "7.00", stock=POTS)

    sold = together(buyers(market, honey))

    assert sum(sold) == POTS
    assert Order.objects.count() == POTS
    assert market.on_hand(honey) == 0
    assert sum(Movement.objects.values_list("change", flat=True)) == -POTS
    owed = [
        balance(book_id=market.hub.pk, kind="customer", subject=f"customer:{pk}").minor
        for pk in Customer.objects.values_list("pk", flat=True)
    ]
    assert owed == [700] * POTS


def unlocked(*, hub_id, variant_ids, read=stock._pools.build):
    """Read the pools as an order does, without locking them."""
    rows = read(hub_id=hub_id, variant_ids=variant_ids)
    rows.query.select_for_update = False
    return rows


@pytest.mark.postgresql
def test_without_lock_and_wall_more_than_ten_are_sold_so_the_test_above_sees(monkeypatch):
    monkeypatch.setattr(stock, "_pools", Statement(unlocked))
    table = StockItem._meta.db_table
    market = make.market()
    honey = market.offer("Miel", "7.00", stock=POTS)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT stock_not_negative")
    try:
        sold = together(buyers(market, honey))
    finally:
        StockItem.objects.filter(on_hand__lt=0).update(on_hand=0)
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT stock_not_negative CHECK (on_hand >= 0)")

    assert sum(sold) > POTS


def test_the_same_confirmation_sent_many_times_at_once_is_one_order():
    market = make.market()
    honey = market.offer("Miel", "7.00", stock=POTS)
    wanted = market.wanted({honey: 1})

    placed = together([lambda: place_order(wanted=wanted, shown_total=euros("7.00"), actor=GUEST, now=NOON)] * 6)

    assert len(set(placed)) == 1
    assert OrderLine.objects.count() == 1
    assert market.on_hand(honey) == POTS - 1
