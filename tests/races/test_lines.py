"""Two managers save the same line at the same moment: one of them is told, and nothing is counted twice."""

import pytest

from bocage.orders import rules
from bocage.orders.actions import LineValue, set_line
from bocage.orders.models import OrderLine
from bocage.orders.tests import make
from bocage.orders.tests.make import NOON
from tests.races.together import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_who_save_one_line_the_second_is_told_what_the_first_made_of_it():
    market = make.market()
    leek = market.offer("Poireaux", "2.00", stock=20)
    market.place({leek: 2})
    line = OrderLine.objects.get()

    def save(quantity):
        seen, wanted = LineValue(2, None), LineValue(quantity, None)
        set_line(hub_id=market.hub.pk, line_id=line.pk, wanted=wanted, seen=seen, actor=market.manager, now=NOON)

    met = together([lambda: save(5), lambda: save(7)])

    line.refresh_from_db()
    assert sorted(map(type, met), key=str) == sorted([type(None), rules.ChangedMeanwhile], key=str)
    assert line.quantity == (5 if met[0] is None else 7)
    assert market.on_hand(leek) == 20 - line.quantity
