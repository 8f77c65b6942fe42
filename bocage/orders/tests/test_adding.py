"""A product put into an order by the hub: found by part of its name, priced as offered now, the customer told."""

from __future__ import annotations

import pytest
from django.urls import reverse

from bocage.commons.refusals import Forbidden
from bocage.infra.models import Event
from bocage.ledger.queries import due_by_reference
from bocage.network.models import Instance
from bocage.orders import rules
from bocage.orders.actions import change_quantities
from bocage.orders.models import Order, OrderLine
from bocage.orders.queries.searching import find_offers
from bocage.orders.tests import make
from bocage.orders.tests.make import NOON
from bocage.orders.tests.test_hub_views import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    town = make.market()
    Instance.objects.update(host=None)
    town.offer("Poireaux", "2.80")
    town.offer("Pâté de campagne", "6.00", stock=4)
    town.offer("Tomme", "10.00", farm=town.other_farm, stock=0)
    return town


@pytest.fixture
def order(town):
    return Order.objects.get(id=town.place({town.variants["Poireaux"]: 2}).order_id)


def found(town, text, **given):
    values = {"hub_id": town.hub.pk, "cycle_id": town.cycle.pk, "actor": town.manager, "now": NOON} | given
    return find_offers(text=text, **values)


def at(order):
    return reverse("orders:products", args=[order.hub.slug, order.ref])


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ["Pâté de campagne", "Poireaux", "Tomme"]),
        ("pate", ["Pâté de campagne"]),
        ("CAMPAGNE pâté", ["Pâté de campagne"]),
        ("moulin", ["Tomme"]),
        ("poireau", ["Poireaux"]),
        ("caviar", []),
    ],
)
def test_products_are_found_by_parts_of_their_name_or_farm_without_accents(town, text, names):
    assert [row.product_name for row in found(town, text).rows] == names


def test_a_found_product_says_its_price_what_is_left_and_what_the_order_holds(town):
    town.charge("per_item", amount_minor=20)
    pate = town.variants["Pâté de campagne"]

    [row] = found(town, "pâté", held={pate.pk: 1}).rows

    assert (row.price, row.left, row.held, row.most) == (make.euros("6.20"), 4, 1, 5)


def test_the_name_that_begins_so_comes_first_and_the_rest_is_counted(town):
    town.offer("Soupe de poireaux", "5.00")

    page = found(town, "poir", limit=1)

    assert ([row.product_name for row in page.rows], page.total) == (["Poireaux"], 2)


def test_what_another_hub_sells_is_not_found(town):
    other = make.market()
    other.offer("Caviar", "99.00")

    assert found(town, "caviar").total == 0
    with pytest.raises(Forbidden):
        found(other, "caviar", actor=town.manager)


@pytest.mark.parametrize("offers", [1, 6])
def test_a_search_takes_the_same_queries_for_any_number_of_products(town, offers, django_assert_num_queries):
    for number in range(offers):
        town.offer(f"Légume {number}", "1.00")

    with django_assert_num_queries(5):
        assert found(town, "légume").total == offers


def test_a_manager_adds_a_product_books_and_stock_follow_and_the_customer_is_told(client, town, order):
    pate = town.variants["Pâté de campagne"]

    response = signed_in(client, "manager", town.hub).post(at(order), {"variant": pate.pk, "quantity": 3, "seen": 0})

    assert (response.status_code, response["Location"]) == (303, at(order))
    assert OrderLine.objects.get(order=order, variant=pate).quantity == 3
    assert town.on_hand(pate) == 1
    assert due_by_reference(kind="customer", abouts=[f"order:{order.ref}"]) == {f"order:{order.ref}": 2360}
    assert Event.objects.filter(kind="orders.OrderChanged", payload__what="quantity").count() == 1


@pytest.mark.parametrize(
    ("name", "quantity", "said"),
    [("Pâté de campagne", 5, "not enough left"), ("Tomme", 1, "not enough left"), ("Poireaux", 0, "greater than")],
)
def test_more_than_there_is_is_refused_and_the_order_stays(client, town, order, name, quantity, said):
    data = {"variant": town.variants[name].pk, "quantity": quantity, "seen": 2 if name == "Poireaux" else 0}

    response = signed_in(client, "manager", town.hub).post(at(order), data)

    assert (response.status_code, Order.objects.get(id=order.pk).total_minor) == (422, 560)
    assert said in str(response.context["add_form"].errors)


def test_what_the_sale_does_not_offer_here_is_not_added(town, order):
    other = make.market().offer("Caviar", "99.00")

    with pytest.raises(rules.NotOffered):
        change_quantities(order_id=order.pk, quantities={other.pk: 1}, actor=town.manager, now=NOON)


def test_a_volunteer_searches_and_adds_nothing(client, town, order):
    signed_in(client, "volunteer", town.hub)
    data = {"variant": town.variants["Pâté de campagne"].pk, "quantity": 1, "seen": 0}

    assert [client.get(at(order)).status_code, client.post(at(order), data).status_code] == [403, 404]
    assert OrderLine.objects.count() == 1


def test_htmx_gets_the_found_products_alone(client, town, order):
    response = signed_in(client, "manager", town.hub).get(at(order), {"q": "tomme"}, headers={"HX-Request": "true"})

    body = response.content.decode()
    assert body.lstrip().startswith('<section id="offers"')
    assert ("sold out" in body, "Poireaux" in body) == (True, False)


def change(town, order, quantity, **given):
    leek = town.variants["Poireaux"]
    change_quantities(order_id=order.pk, quantities={leek.pk: quantity}, actor=town.manager, now=NOON, **given)
    return OrderLine.objects.get(order=order, variant=leek).quantity


def test_who_changes_a_line_second_sees_what_the_first_made_of_it(town, order):
    leek = town.variants["Poireaux"]
    change(town, order, 5, seen={leek.pk: 2})

    with pytest.raises(rules.ChangedMeanwhile) as refused:
        change(town, order, 3, seen={leek.pk: 2})

    assert refused.value.values == {"lines": "Poireaux (5)"}
    assert change(town, order, 3, seen={leek.pk: 5}) == 3


def test_the_same_change_sent_twice_is_no_conflict(town, order):
    leek = town.variants["Poireaux"]

    assert [change(town, order, 5, seen={leek.pk: 2}) for _ in range(2)] == [5, 5]
    assert town.on_hand(leek) == 45


def test_a_form_that_shows_old_lines_does_not_set_back_what_another_changed(client, town, order):
    """The page of quantities sends all lines: those that were not touched there are not set back."""
    pate, leek = town.variants["Pâté de campagne"], town.variants["Poireaux"]
    change_quantities(order_id=order.pk, quantities={pate.pk: 2}, actor=town.manager, now=NOON)
    change(town, order, 7)
    stale = {f"quantities-q{leek.pk}": 2, f"quantities-s{leek.pk}": 2}

    response = signed_in(client, "manager", town.hub).post(
        reverse("orders:quantities", args=[town.hub.slug, order.ref]),
        stale | {f"quantities-q{pate.pk}": 1, f"quantities-s{pate.pk}": 2},
    )

    assert response.status_code == 303
    assert dict(OrderLine.objects.values_list("product_name", "quantity")) == {"Poireaux": 7, "Pâté de campagne": 1}


def test_on_the_page_the_second_manager_reads_the_first_ones_value_and_may_still_choose(client, town, order):
    leek = town.variants["Poireaux"]
    change(town, order, 5)
    signed_in(client, "manager", town.hub)
    where, typed = reverse("orders:quantities", args=[town.hub.slug, order.ref]), f"quantities-q{leek.pk}"

    stale = client.post(where, {typed: 3, f"quantities-s{leek.pk}": 2})

    body = stale.content.decode()
    assert (stale.status_code, "Poireaux (5)" in body) == (422, True)
    assert f'name="quantities-s{leek.pk}" value="5"' in body
    assert f'name="{typed}" value="3"' in body
    assert client.post(where, {typed: 3, f"quantities-s{leek.pk}": 5}).status_code == 303


def test_goods_that_never_came_are_not_for_sale_again(town, order):
    leek = town.variants["Poireaux"]

    change(town, order, 1, to_stock=False)

    assert town.on_hand(leek) == 48
