"""The page sent twice and the worker, all at the same act: each order is paid once."""

import pytest

from bocage.orders.actions import carry_out, plan_act
from bocage.orders.models import BulkActLine
from bocage.orders.tests import make
from bocage.orders.tests.make import NOON
from bocage.payments.models import Payment
from tests.races.together import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_three_who_carry_out_one_act_pay_each_order_once():
    market = make.market()
    leek = market.offer("Poireaux", "2.00", stock=20)
    refs = [market.place({leek: 1}).ref for _ in range(4)]

    def mark_paid():
        details = {"means": "cash"}
        act_id = plan_act(
            key="k", hub_id=market.hub.pk, what="pay", orders=refs, details=details, actor=market.manager, now=NOON
        )
        carry_out(act_id=act_id, actor=market.manager, now=NOON)

    met = together([mark_paid] * 3)

    assert met == [None] * 3
    assert sorted(Payment.objects.values_list("amount_minor", flat=True)) == [200] * 4
    assert set(BulkActLine.objects.values_list("state", flat=True)) == {"done"}
