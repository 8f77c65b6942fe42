"""Two orders that swap goods at the same time: neither waits for the other in a ring, and no unit is lost."""

import time

import pytest

from bocage.orders.actions import change_quantities
from bocage.orders.tests import make
from bocage.orders.tests.make import NOON
from bocage.stock import actions as stock
from tests.races.together import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def swap(monkeypatch):
    """Let one order give back leeks for honey while another gives back honey for leeks, slowly; what each met."""
    give_back = stock.give_back

    def slowly(**given):
        give_back(**given)
        time.sleep(0.3)

    monkeypatch.setattr(stock, "give_back", slowly)
    market = make.market()
    leek, honey = market.offer("Poireaux", "2.00", stock=20), market.offer("Miel", "7.00", stock=20)
    one, two = market.place({leek: 5, honey: 1}), market.place({leek: 1, honey: 5})

    def change(placed, leeks, pots):
        wanted = {leek.pk: leeks, honey.pk: pots}
        change_quantities(order_id=placed.order_id, quantities=wanted, actor=market.manager, now=NOON)

    met = together([lambda: change(one, 1, 5), lambda: change(two, 5, 1)])
    return met, market.on_hand(leek), market.on_hand(honey)


def test_two_orders_that_swap_goods_both_succeed(swap):
    assert swap == ([None, None], 14, 14)


@pytest.fixture
def without_hold(monkeypatch):
    monkeypatch.setattr(stock, "hold", lambda **given: None)


@pytest.mark.postgresql
def test_without_holding_all_pools_first_they_wait_in_a_ring_so_the_test_above_sees(without_hold, swap):
    met, _, _ = swap

    assert any("deadlock" in str(error) for error in met)
