"""Lines taken out of their orders: one by a quantity of 0, many after a preview; with or without mail and stock."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bocage.infra import outbox
from bocage.messages.models import Message
from bocage.network.models import Instance
from bocage.orders import rules
from bocage.orders.actions import LineValue, cancel_order, change_quantities, set_line
from bocage.orders.models import BulkAct, Order, OrderChange, OrderLine, Untold
from bocage.orders.queries.linesheet import removable
from bocage.orders.tests import make
from bocage.orders.tests.make import NOON
from bocage.orders.tests.test_hub_views import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr("bocage.infra.clock.now", lambda: NOON)


@pytest.fixture
def town():
    town = make.market()
    Instance.objects.update(host=None)
    town.offer("Poireaux", "2.80")
    town.offer("Tomme", "10.00", farm=town.other_farm)
    return town


@pytest.fixture
def orders(town):
    """Two orders: leeks 2 with a cheese, leeks 5 alone."""
    leek, cheese = town.variants["Poireaux"], town.variants["Tomme"]
    placed = [town.place(one) for one in ({leek: 2, cheese: 1}, {leek: 5})]
    outbox.deliver_due(now=NOON)
    Message.objects.all().delete()
    return [Order.objects.get(id=one.order_id) for one in placed]


def line(order, name):
    return OrderLine.objects.get(order=order, product_name=name)


def removal(town):
    return reverse("orders:removal", args=[town.hub.slug])


def mails():
    outbox.deliver_due(now=NOON)
    return sorted(one.template.rpartition("/")[2] for one in Message.objects.all())


def test_a_quantity_of_nothing_takes_the_line_out_and_back_into_stock(client, town, orders):
    row, desk = line(orders[0], "Poireaux"), signed_in(client, "manager", town.hub)
    typed = {"quantity": 0, "seen_quantity": 2, "weight": "", "seen_weight": ""}

    answer = desk.post(reverse("orders:line", args=[town.hub.slug, row.pk]), typed, headers={"HX-Request": "true"})

    said = answer.content.decode()
    assert ("Taken out, back in stock." in said, "Put 2 back" in said, "5 ordered" in said) == (True, True, True)
    assert [one.product_name for one in OrderLine.objects.filter(order=orders[0])] == ["Tomme"]
    assert (town.on_hand(town.variants["Poireaux"]), Untold.objects.count()) == (45, 1)


def test_the_last_line_is_refused_and_says_what_to_do(town, orders):
    with pytest.raises(rules.LastLine):
        set_line(
            hub_id=town.hub.pk, line_id=line(orders[1], "Poireaux").pk, wanted=LineValue(0, None),
            seen=LineValue(5, None), actor=town.manager, now=NOON,
        )  # fmt: skip


def test_chosen_lines_are_shown_first_then_taken_out_and_an_empty_order_is_cancelled(client, town, orders):
    desk, rows = signed_in(client, "manager", town.hub), [line(order, "Poireaux") for order in orders]

    shown = desk.get(removal(town), {"line": [row.pk for row in rows]})
    assert OrderLine.objects.count() == 3
    given = {"key": "k1", "lines": shown.context["shown_lines"]}
    done = desk.post(removal(town), given)
    again = desk.post(removal(town), given)

    assert [(row.ref, row.quantity, row.empties) for row in shown.context["found"]] == [
        (orders[0].ref, 2, False), (orders[1].ref, 5, True),
    ]  # fmt: skip
    assert done.headers["Location"] == again.headers["Location"]
    page = desk.get(done.headers["Location"]).content.decode()
    assert ("2 of 2 done" in page, "1 line taken out" in page, "nothing was left in it" in page) == (True, True, True)
    assert [order.state for order in Order.objects.order_by("id")] == ["placed", "cancelled"]
    assert town.on_hand(town.variants["Poireaux"]) == 50
    assert mails() == ["cancelled", "changed"]


def test_without_mail_and_without_stock_is_recorded_as_such(client, town, orders):
    desk = signed_in(client, "manager", town.hub)
    shown = desk.get(removal(town), {"goods": town.variants["Poireaux"].pk, "cycle": town.cycle.pk})

    desk.post(removal(town), {"key": "k1", "lines": shown.context["shown_lines"], "no_mail": "on", "no_stock": "on"})

    assert (mails(), town.on_hand(town.variants["Poireaux"]), Untold.objects.count()) == ([], 43, 0)
    how = {"to_stock": False, "is_told": False}
    assert BulkAct.objects.get().details == how
    changes = OrderChange.objects.filter(what__in=["quantity", "cancelled"])
    assert [{name: one.details[name] for name in how} for one in changes] == [how, how]
    page = desk.get(reverse("orders:show", args=[town.hub.slug, orders[0].ref])).content.decode()
    assert ("Not put back into stock" in page, "No mail was sent" in page) == (True, True)


def test_a_line_changed_since_it_was_shown_is_left_out_in_words(client, town, orders):
    desk, row = signed_in(client, "manager", town.hub), line(orders[0], "Poireaux")

    answer = desk.post(removal(town), {"key": "k1", "lines": f"{row.pk}:1"}, follow=True)

    assert "Somebody else changed this meanwhile: Poireaux (2)" in answer.content.decode()
    assert line(orders[0], "Poireaux").quantity == 2


@pytest.mark.parametrize(
    "typed",
    [{"lines": "x %s:5"}, {"lines": "%s:5y"}, {"lines": "%s:5", "key": "k" * 65}, {"lines": "%s:5", "key": "k!"}],
)
def test_lines_and_keys_that_no_page_showed_are_refused(client, town, orders, typed):
    typed = {"key": "k1", **typed, "lines": typed["lines"] % line(orders[1], "Poireaux").pk}

    answer = signed_in(client, "manager", town.hub).post(removal(town), typed)

    assert (answer.status_code, BulkAct.objects.count()) == (422, 0)


def test_an_order_that_got_more_since_it_was_shown_is_kept_and_said_to_be(client, town, orders):
    desk, row = signed_in(client, "manager", town.hub), line(orders[1], "Poireaux")
    shown = desk.get(removal(town), {"line": [row.pk]}).context["shown_lines"]
    more = {town.variants["Tomme"].pk: 1}
    change_quantities(order_id=orders[1].pk, quantities=more, actor=town.manager, now=NOON)

    page = desk.post(removal(town), {"key": "k1", "lines": shown}, follow=True).content.decode()

    assert ("1 line taken out" in page, "nothing was left in it" in page) == (True, False)
    assert [one.product_name for one in OrderLine.objects.filter(order=orders[1])] == ["Tomme"]


def test_nothing_ticked_is_said_and_anothers_lines_do_not_exist(client, town, orders):
    other = make.market()
    other.offer("Navets", "1.00")
    theirs = OrderLine.objects.get(order_id=other.place({other.variants["Navets"]: 1}).order_id)
    desk = signed_in(client, "manager", town.hub)

    answers = [desk.get(removal(town), given) for given in ({}, {"line": [theirs.pk]})]

    assert [(one.status_code, "Tick the lines that are meant." in one.content.decode()) for one in answers] == [
        (422, True), (422, True),
    ]  # fmt: skip


def test_the_preview_takes_one_query_for_one_line_or_three(town, orders):
    ids = [row.pk for row in OrderLine.objects.all()]
    with CaptureQueriesContext(connection) as one:
        removable(hub_id=town.hub.pk, actor=town.manager, line_ids=ids[:1])
    with CaptureQueriesContext(connection) as three:
        removable(hub_id=town.hub.pk, actor=town.manager, line_ids=ids)
    assert (len(one), len(three)) == (1, 1)


def test_many_orders_are_cancelled_without_mail_or_stock_where_the_hub_says_so(client, town, orders):
    desk = signed_in(client, "manager", town.hub)
    given = {"what": "cancel", "key": "k2", "orders": orders[1].ref, "no_mail": "on", "no_stock": "on"}

    desk.post(reverse("orders:acts", args=[town.hub.slug]), given)

    assert (mails(), town.on_hand(town.variants["Poireaux"])) == ([], 43)
    assert OrderChange.objects.get(what="cancelled").details["is_told"] is False


def test_one_order_is_cancelled_without_a_mail_from_its_page(client, town, orders):
    desk = signed_in(client, "manager", town.hub)

    desk.post(reverse("orders:cancellation", args=[town.hub.slug, orders[1].ref]), {"no_mail": "on"})

    assert (mails(), Order.objects.get(id=orders[1].pk).state) == ([], "cancelled")
    assert town.on_hand(town.variants["Poireaux"]) == 48
    cancel_order(order_id=orders[0].pk, actor=town.manager, now=NOON)
    assert mails() == ["cancelled"]
