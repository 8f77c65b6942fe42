"""The hub's pages about orders: what each role sees and may do, and what strangers get."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from bocage.network.models import Instance, Role
from bocage.orders.models import Order, OrderChange, OrderLine
from bocage.orders.tests import make
from bocage.payments.models import Payment

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    town = make.market()
    Instance.objects.update(host=None)
    town.offer("Poireaux", "2.80")
    town.offer("Tomme", "10.00", size=1000, is_weighed=True)
    return town


@pytest.fixture
def order(town):
    placed = town.place({town.variants["Poireaux"]: 2, town.variants["Tomme"]: 1})
    return Order.objects.get(id=placed.order_id)


def signed_in(client, role, hub):
    person = make.person()
    Role.objects.create(person=person, enterprise=hub, name=role)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = "en"
    return client


def at(order, name):
    return reverse(f"orders:{name}", args=[order.hub.slug, order.ref])


def line(order, name):
    return OrderLine.objects.get(order=order, product_name=name)


def money(name, amount, *, key="k1", means="cash"):
    return {f"{name}-key": key, f"{name}-amount": amount, f"{name}-means": means, f"{name}-note": ""}


def test_the_list_shows_who_ordered_for_how_much_and_what_is_due(client, town, order):
    response = signed_in(client, "volunteer", town.hub).get(reverse("orders:list", args=[town.hub.slug]))

    found = response.context["found"]
    assert [(row.ref, row.name, row.total, row.due) for row in found.rows] == [
        (order.ref, "Armelle Le Goff", make.euros("15.60"), make.euros("15.60"))
    ]
    assert "15.60 due" in response.content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 2),
        ("state=cancelled", 1),
        ("state=placed", 1),
        ("paid=due", 1),
        ("paid=credit", 0),
        ("text=armelle", 2),
        ("text=nobody", 0),
        ("cycle=999999", 2),
        ("cycle=x&state=odd&after=%00", 2),
    ],
)
def test_the_filter_sentence_narrows_the_list_and_forgives_nonsense(client, town, order, query, found):
    from bocage.orders.actions import cancel_order

    other = town.place({town.variants["Poireaux"]: 1})
    cancel_order(order_id=other.order_id, actor=town.manager, now=make.NOON)

    response = signed_in(client, "manager", town.hub).get(f"{reverse('orders:list', args=[town.hub.slug])}?{query}")

    assert (response.status_code, response.context["found"].total) == (200, found)


def test_htmx_gets_the_found_orders_alone(client, town, order):
    response = signed_in(client, "manager", town.hub).get(
        reverse("orders:list", args=[town.hub.slug]), headers={"HX-Request": "true"}
    )

    body = response.content.decode()
    assert (body.lstrip().startswith('<section id="found"'), "<html" in body) == (True, False)


def test_the_order_page_shows_lines_vat_history_and_books(client, town, order):
    body = signed_in(client, "bookkeeper", town.hub).get(at(order, "show")).content.decode()

    for said in ("Poireaux", "Tomme", "5.5% of", "Ordered for €15.60", "Account of Armelle Le Goff", "Owed to Ferme"):
        assert said in body, said


def test_a_payment_is_recorded_once_however_often_the_form_is_sent(client, town, order):
    signed_in(client, "volunteer", town.hub)

    for _ in range(2):
        response = client.post(at(order, "payments"), money("payment", "15,60", means="card"))

    assert (response.status_code, response["Location"]) == (303, at(order, "show"))
    assert list(Payment.objects.values_list("amount_minor", "means")) == [(1560, "card")]
    assert client.get(at(order, "show")).context["order"].due == make.euros("0.00")


@pytest.mark.parametrize("amount", ["", "0", "-3", "abc", "1.234", "1e9"])
def test_an_absurd_amount_is_explained_and_records_nothing(client, town, order, amount):
    response = signed_in(client, "manager", town.hub).post(at(order, "payments"), money("payment", amount))

    assert (response.status_code, Payment.objects.count()) == (422, 0)
    assert list(response.context["payment_form"].errors) == ["amount"]


def test_more_than_was_received_is_not_given_back(client, town, order):
    signed_in(client, "manager", town.hub).post(at(order, "payments"), money("payment", "5"))

    response = client.post(at(order, "refunds"), money("refund", "6", key="k2"))

    assert response.status_code == 422
    assert "At most €5.00 can be given back" in response.content.decode()
    assert client.post(at(order, "refunds"), money("refund", "5", key="k3")).status_code == 303
    assert list(Payment.objects.order_by("id").values_list("amount_minor", flat=True)) == [500, -500]


def test_a_final_weight_changes_the_price_and_what_is_due(client, town, order):
    tomme = line(order, "Tomme")

    response = signed_in(client, "volunteer", town.hub).post(at(order, "weights"), {f"weights-w{tomme.pk}": "1,2"})

    assert response.status_code == 303
    assert (line(order, "Tomme").final_weight_g, line(order, "Tomme").total_minor) == (1200, 1200)
    assert client.get(at(order, "show")).context["order"].due == make.euros("17.60")


@pytest.mark.parametrize(("typed", "grams"), [("1.2 kg", 1200), ("850 g", 850), ("0,98", 980), (",5", 500)])
def test_a_weight_is_typed_in_kilograms_or_grams(client, town, order, typed, grams):
    tomme = line(order, "Tomme")

    signed_in(client, "volunteer", town.hub).post(at(order, "weights"), {f"weights-w{tomme.pk}": typed})

    assert line(order, "Tomme").final_weight_g == grams


@pytest.mark.parametrize("typed", ["abc", "1,2345", "99", "0", "1.5 g", "-1"])
def test_an_absurd_weight_is_explained_and_changes_nothing(client, town, order, typed):
    tomme = line(order, "Tomme")

    response = signed_in(client, "volunteer", town.hub).post(at(order, "weights"), {f"weights-w{tomme.pk}": typed})

    assert (response.status_code, line(order, "Tomme").final_weight_g) == (422, None)
    assert response.context["weights_form"].errors


def quantities(order, **changed):
    rows = OrderLine.objects.filter(order=order)
    return {f"quantities-q{row.variant_id}": changed.get(row.product_name, row.quantity) for row in rows}


def test_a_manager_changes_quantities_and_stock_follows(client, town, order):
    response = signed_in(client, "manager", town.hub).post(at(order, "quantities"), quantities(order, Poireaux=5))

    assert response.status_code == 303
    assert (line(order, "Poireaux").quantity, town.on_hand(town.variants["Poireaux"])) == (5, 45)


@pytest.mark.parametrize("typed", ["-1", "1000", "x", ""])
def test_an_absurd_quantity_changes_nothing(client, town, order, typed):
    response = signed_in(client, "manager", town.hub).post(at(order, "quantities"), quantities(order, Poireaux=typed))

    assert (response.status_code, line(order, "Poireaux").quantity) == (422, 2)


def test_more_than_there_is_is_refused_in_words(client, town, order):
    response = signed_in(client, "manager", town.hub).post(at(order, "quantities"), quantities(order, Poireaux=500))

    assert (response.status_code, line(order, "Poireaux").quantity) == (422, 2)
    assert "Poireaux" in str(response.context["quantities_form"].non_field_errors())


def test_an_order_is_cancelled_and_taken_up_again(client, town, order):
    signed_in(client, "manager", town.hub)

    statuses = [client.post(at(order, name)).status_code for name in ("cancellation", "cancellation", "resumption")]

    assert statuses == [303, 422, 303]
    assert list(OrderChange.objects.order_by("id").values_list("what", flat=True)) == ["placed", "cancelled", "resumed"]


POSTS = ["payments", "refunds", "quantities", "weights", "cancellation", "resumption"]


def sent(order, name):
    tomme = line(order, "Tomme")
    return {
        "payments": money("payment", "1"),
        "refunds": money("refund", "1"),
        "quantities": quantities(order, Poireaux=3),
        "weights": {f"weights-w{tomme.pk}": "1"},
    }.get(name, {})


@pytest.mark.parametrize("name", POSTS)
def test_another_hubs_manager_changes_nothing(client, town, order, name):
    signed_in(client, "manager", make.enterprise(town.instance, "Ailleurs"))

    response = client.post(at(order, name), sent(order, name))

    assert response.status_code == 403
    assert OrderChange.objects.count() == 1


@pytest.mark.parametrize("name", POSTS)
def test_an_order_is_not_reached_through_another_hubs_address(client, town, order, name):
    other = make.enterprise(town.instance, "Ailleurs")
    signed_in(client, "manager", other)

    response = client.post(reverse(f"orders:{name}", args=[other.slug, order.ref]), sent(order, name))

    assert response.status_code == 404
    assert OrderChange.objects.count() == 1


@pytest.mark.parametrize("name", ["show", "sheet"])
def test_another_hubs_manager_reads_nothing(client, town, order, name):
    other = make.enterprise(town.instance, "Ailleurs")
    signed_in(client, "manager", other)

    assert client.get(at(order, name)).status_code == 403
    assert client.get(reverse(f"orders:{name}", args=[other.slug, order.ref])).status_code == 404
    assert client.get(reverse("orders:list", args=[town.hub.slug])).status_code == 403
    assert client.get(reverse("orders:list", args=["nowhere"])).status_code == 404


@pytest.mark.parametrize("name", ["show", "sheet", *POSTS])
def test_who_is_not_signed_in_is_led_to_log_in(client, order, name):
    act = client.get if name in ("show", "sheet") else client.post

    assert reverse("account_login") in act(at(order, name))["Location"]


@pytest.mark.parametrize(
    ("role", "name", "allowed"),
    [
        ("volunteer", "payments", True),
        ("volunteer", "weights", True),
        ("volunteer", "quantities", False),
        ("volunteer", "cancellation", False),
        ("bookkeeper", "payments", True),
        ("bookkeeper", "weights", False),
        ("bookkeeper", "quantities", False),
        ("bookkeeper", "cancellation", False),
        ("bookkeeper", "resumption", False),
    ],
)
def test_each_role_does_what_it_may_and_nothing_else(client, town, order, role, name, allowed):
    signed_in(client, role, town.hub)

    response = client.post(at(order, name), sent(order, name))

    assert (response.status_code == 303, OrderChange.objects.count()) == ((True, 2) if allowed else (False, 1))


def test_a_volunteer_sees_no_button_for_what_only_managers_do(client, town, order):
    volunteer = signed_in(client, "volunteer", town.hub).get(at(order, "show")).content.decode()
    manager = signed_in(client, "manager", town.hub).get(at(order, "show")).content.decode()

    assert [at(order, "cancellation") in page for page in (volunteer, manager)] == [False, True]


def test_the_way_back_after_a_payment_stays_on_this_site(client, town, order):
    signed_in(client, "manager", town.hub)

    for wanted, led in (("/hub/x/packing/", "/hub/x/packing/"), ("https://evil.example/", at(order, "show"))):
        data = money("payment", "1", key=wanted) | {"next": wanted}
        assert client.post(at(order, "payments"), data)["Location"] == led


@pytest.mark.parametrize(("back", "kept"), [("/hub/x/packing/", True), ("https://evil.example/", False)])
def test_the_payment_form_remembers_where_one_came_from(client, town, order, back, kept):
    body = signed_in(client, "volunteer", town.hub).get(at(order, "show"), {"back": back}).content.decode()

    assert (f'name="next" value="{back}"' in body) is kept


@pytest.mark.parametrize("orders", [1, 3])
def test_the_list_takes_the_same_number_of_queries_for_any_number_of_orders(
    client, town, orders, django_assert_num_queries
):
    for _ in range(orders):
        town.place({town.variants["Poireaux"]: 1})
    signed_in(client, "manager", town.hub)

    with django_assert_num_queries(11):
        client.get(reverse("orders:list", args=[town.hub.slug]))


@pytest.mark.parametrize("lines", [1, 3])
def test_the_page_takes_the_same_number_of_queries_for_any_number_of_lines(
    client, town, lines, django_assert_num_queries
):
    wanted = {town.offer(f"Légume {number}", "1.00"): 1 for number in range(lines)}
    placed = Order.objects.get(id=town.place(wanted).order_id)
    signed_in(client, "manager", town.hub)

    with django_assert_num_queries(19):
        client.get(at(placed, "show"))


@pytest.mark.parametrize("name", POSTS)
def test_a_form_from_elsewhere_changes_nothing(town, order, name):
    manager = signed_in(Client(enforce_csrf_checks=True), "manager", town.hub)

    response = manager.post(at(order, name), sent(order, name))

    assert (response.status_code, OrderChange.objects.count()) == (403, 1)


def test_of_two_who_weigh_on_the_orders_page_the_second_is_told(client, town, order):
    cheese = line(order, "Tomme")
    signed_in(client, "manager", town.hub)
    where = at(order, "weights")
    client.post(where, {f"weights-w{cheese.pk}": "1.08", f"weights-s{cheese.pk}": ""})

    stale = client.post(where, {f"weights-w{cheese.pk}": "0.99", f"weights-s{cheese.pk}": ""})
    body = stale.content.decode()

    assert (stale.status_code, line(order, "Tomme").final_weight_g, "Tomme (1.08 kg)" in body) == (422, 1080, True)
    assert f'name="weights-s{cheese.pk}" value="1080"' in body
    client.post(where, {f"weights-w{cheese.pk}": "0.99", f"weights-s{cheese.pk}": "1080"})
    assert line(order, "Tomme").final_weight_g == 990
