"""Two people weigh the same line at the same moment: one is told what the other's scales said, and chooses."""

from threading import Barrier

import pytest

from bocage.ledger.queries import due_by_reference
from bocage.orders import rules
from bocage.orders.actions import LineValue, lines, set_line
from bocage.orders.models import Order, OrderLine
from bocage.orders.tests import make
from bocage.orders.tests.make import NOON
from tests.races.together import together

pytestmark = pytest.mark.django_db(transaction=True)


def weighed_together():
    """Weigh a cheese as 980 g and as 1120 g at once; return what each met, and the order."""
    market = make.market()
    cheese = market.offer("Tomme", "10.00", size=1000, is_weighed=True, stock=20)
    market.place({cheese: 1})
    line = OrderLine.objects.get()

    def weigh(grams):
        seen, wanted = LineValue(1, None), LineValue(1, grams)
        set_line(hub_id=market.hub.pk, line_id=line.pk, wanted=wanted, seen=seen, actor=market.manager, now=NOON)

    return together([lambda: weigh(980), lambda: weigh(1120)]), Order.objects.get()


def test_of_two_who_weigh_one_line_the_second_is_told_what_the_first_weighed():
    met, order = weighed_together()

    line, about = OrderLine.objects.get(), f"order:{order.ref}"
    assert sorted(map(type, met), key=str) == sorted([type(None), rules.ChangedMeanwhile], key=str)
    won, refused = (980, met[1]) if met[0] is None else (1120, met[0])
    assert (line.final_weight_g, line.total_minor) == (won, won)
    assert refused.values == {"lines": f"Tomme (1, {won / 1000:g} kg)"}
    assert due_by_reference(kind="customer", abouts=[about]) == {about: won}


@pytest.mark.postgresql  # SQLite lets one write at a time: there both never read first
def test_without_the_lock_nobody_is_told_so_the_test_above_sees(monkeypatch):
    both_have_read = Barrier(2, timeout=30)

    def unlocked(rows, line_id):
        line = rows.get(id=line_id)
        both_have_read.wait()
        return Order.objects.get(id=line.order_id), line

    monkeypatch.setattr(lines, "_held", unlocked)

    met, _ = weighed_together()

    assert rules.ChangedMeanwhile not in map(type, met)
