"""One basket, several hands: confirmed eight times at once it is one order, filled eight times at once it is one basket."""

import pytest

from bocage.network.rules import GUEST
from bocage.orders.actions import Placed
from bocage.orders.models import Order
from bocage.shopfront import actions
from bocage.shopfront.models import Basket, BasketLine
from bocage.shopfront.tests import make
from tests.races.together import together

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 8
PHONE = make.device()


def test_a_basket_confirmed_eight_times_at_once_is_one_order():
    market = make.market()
    honey = market.offer("Miel", "7.80", stock=50)
    make.put(market, PHONE, {honey: 2})
    key = Basket.objects.get().key
    details = {
        "name": "Armelle",
        "email": "armelle@exemple.bocage.example",
        "phone": "0655012790",
        "delivery_method_id": market.pickup.pk,
        "payment_method_id": market.cash.pk,
    }
    actions.keep_details(owner=PHONE, hub_id=market.hub.pk, cycle_id=market.cycle.pk, details=details)

    def confirm():
        return actions.check_out(
            owner=PHONE, slug=market.hub.slug, cycle_id=market.cycle.pk, key=key, shown_total=make.euros("15.60"),
            accepted=True, language="fr", actor=GUEST, now=make.NOON,
        )  # fmt: skip

    placed = together([confirm] * TIMES)

    assert [type(one) for one in placed] == [Placed] * TIMES
    assert len(set(placed)) == 1
    assert (Order.objects.count(), market.on_hand(honey), Basket.objects.count()) == (1, 48, 0)


def test_a_new_basket_filled_eight_times_at_once_is_one_basket_with_all_of_it():
    market = make.market()
    honey = market.offer("Miel", "7.80", stock=50)

    def add():
        return actions.put(
            owner=PHONE, slug=market.hub.slug, cycle_id=market.cycle.pk, quantities={honey.pk: 0}, more=1,
            actor=GUEST, now=make.NOON,
        )  # fmt: skip

    make.snapshot(market)
    done = together([add] * TIMES)

    assert sorted(one[0].quantity for one in done) == list(range(1, TIMES + 1))
    assert BasketLine.objects.get().quantity == TIMES
