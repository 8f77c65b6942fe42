"""What a hub owes a farm: the frozen lines of a sale say what the hub's book says, to the cent."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage.commons.refusals import Forbidden, NotFound
from bocage.fulfilment.queries import owed_to_farm
from bocage.orders.actions import cancel_order, change_quantities
from bocage.orders.tests.make import NOON, actor, euros, market

pytestmark = pytest.mark.django_db


def owed(place, farm=None, **fields):
    asked = {"hub_id": place.hub.pk, "cycle_id": place.cycle.pk, "actor": place.manager} | fields
    return owed_to_farm(producer_id=(farm or place.farm).pk, **asked)


def test_a_farm_is_owed_its_goods_without_vat_and_without_the_hubs_fees():
    place = market()
    leek, bread = place.offer("Poireaux", "2.11"), place.offer("Pain", "4.00", farm=place.other_farm)
    place.charge("percent", percent_millionths=100_000)
    place.place({leek: 3, bread: 1})
    place.place({leek: 1})

    found = owed(place)

    assert [(line.product_name, line.quantity) for line in found.lines] == [("Poireaux", 4)]
    assert found.taxes == {55_000: euros("0.44")}  # 0.33 of 6.33 and 0.11 of 2.11
    assert found.net == found.booked == euros("8.00")


def test_a_cancelled_order_owes_nothing_in_lines_and_book():
    place = market()
    placed = place.place({place.offer("Poireaux", "2.11"): 3})
    cancel_order(order_id=placed.order_id, actor=place.manager, now=NOON)

    found = owed(place)

    assert (found.lines, found.net, found.booked) == ((), euros("0"), euros("0"))


def test_goods_without_vat_are_owed_whole():
    place = market()
    place.place({place.offer("Poireaux", "2.11", tax_rate=None): 3})

    found = owed(place)

    assert found.taxes == {}
    assert found.net == found.booked == euros("6.33")


def test_only_who_sees_the_hubs_books_is_told():
    place = market()
    for someone in (actor(), actor("manager", on=place.farm), actor("volunteer", on=place.hub)):
        with pytest.raises(Forbidden):
            owed(place, actor=someone)
    with pytest.raises(NotFound):
        owed(place, cycle_id=0)


@pytest.mark.parametrize("orders", [1, 3])
def test_four_queries_however_many_orders(orders, django_assert_num_queries):
    place = market()
    leek = place.offer("Poireaux", "2.11")
    for _ in range(orders):
        place.place({leek: 1})

    with django_assert_num_queries(4):
        owed(place)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    price=st.integers(1, 9999),
    bought=st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=1, max_size=3),
)
def test_lines_and_book_agree_to_the_cent_after_any_change_of_quantity(db, price, bought):
    place = market()
    leek = place.offer("Poireaux", f"{price // 100}.{price % 100:02d}")
    for first, then in bought:
        placed = place.place({leek: first})
        change_quantities(order_id=placed.order_id, quantities={leek.pk: then}, actor=place.manager, now=NOON)

    found = owed(place)

    assert found.net == found.booked
    assert sum(line.quantity for line in found.lines) == sum(then for _, then in bought)
