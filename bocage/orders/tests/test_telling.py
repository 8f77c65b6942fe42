"""Many changes of an order are told once, when nothing moves any more: none twice, none never."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from bocage.commons.refusals import Forbidden
from bocage.infra import outbox
from bocage.messages.models import Message
from bocage.network.models import Instance
from bocage.orders import rules
from bocage.orders.actions import (
    LineValue,
    cancel_order,
    change_quantities,
    set_final_weights,
    set_line,
    tell_settled,
    tell_waiting,
)
from bocage.orders.models import Order, OrderChange, OrderLine, Untold
from bocage.orders.queries.linesheet import untold
from bocage.orders.telling import differences
from bocage.orders.tests import make
from bocage.orders.tests.make import NOON
from bocage.orders.tests.test_hub_views import signed_in

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=15)


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr("bocage.infra.clock.now", lambda: NOON)


@pytest.fixture
def town():
    town = make.market()
    Instance.objects.update(host=None)
    town.offer("Poireaux", "2.80")
    town.offer("Tomme", "10.00", size=1000, is_weighed=True)
    return town


@pytest.fixture
def order(town):
    placed = town.place({town.variants["Poireaux"]: 3, town.variants["Tomme"]: 1})
    outbox.deliver_due(now=NOON)
    return Order.objects.get(id=placed.order_id)


def save(town, name, quantity, weight=None, price=None, *, now=NOON):
    row = OrderLine.objects.get(product_name=name)
    seen = LineValue(row.quantity, row.final_weight_g, None if price is None else row.price_minor)
    wanted = LineValue(quantity, weight, price)
    set_line(hub_id=town.hub.pk, line_id=row.pk, wanted=wanted, seen=seen, actor=town.manager, now=now)


def mails(now=LATER):
    outbox.deliver_due(now=now)
    return [mail.text for mail in Message.objects.filter(template="orders/mail/changed").order_by("id")]


def test_many_changes_are_told_once_with_all_that_changed(town, order):
    save(town, "Poireaux", 2)
    save(town, "Poireaux", 1, now=NOON + timedelta(minutes=5))
    save(town, "Tomme", 1, 1080, now=NOON + timedelta(minutes=6))
    save(town, "Tomme", 1, 1080, 900, now=NOON + timedelta(minutes=7))

    assert tell_settled(now=LATER) == 0
    told = [tell_settled(now=NOON + timedelta(minutes=minutes)) for minutes in (22, 40)]

    [text] = mails(NOON + timedelta(minutes=40))
    assert told == [1, 0]
    assert "- Poireaux\u00a0: 3, maintenant 1\n" in text
    assert "- Tomme\u00a0: pas pesé, maintenant 1,08\u00a0kg\n" in text
    assert "- Tomme\u00a0: 10,00\u00a0€ pièce, maintenant 9,00\u00a0€\n" in text


def test_what_was_undone_is_not_told(town, order):
    save(town, "Poireaux", 2)
    save(town, "Poireaux", 3)

    assert (tell_settled(now=LATER), mails(), Untold.objects.count()) == (0, [], 0)


def test_a_change_after_the_mail_is_told_by_a_mail_of_its_own(town, order):
    save(town, "Poireaux", 2)
    tell_settled(now=LATER)
    save(town, "Poireaux", 1, now=LATER)
    tell_settled(now=LATER + timedelta(minutes=15))

    first, second = mails(LATER + timedelta(hours=1))
    assert ("Poireaux\u00a0: 3, maintenant 2" in first, "Poireaux\u00a0: 2, maintenant 1" in second) == (True, True)


def test_what_is_told_at_once_tells_what_waited_too(town, order):
    save(town, "Tomme", 2)
    change_quantities(order_id=order.pk, quantities={town.variants["Poireaux"].pk: 4}, actor=town.manager, now=NOON)

    [text] = mails()
    assert ("Tomme\u00a0: 1, maintenant 2" in text, "Poireaux\u00a0: 3, maintenant 4" in text) == (True, True)
    assert tell_settled(now=LATER) == 0


def test_a_cancelled_order_is_told_as_cancelled_alone(town, order):
    save(town, "Poireaux", 2)
    cancel_order(order_id=order.pk, actor=town.manager, now=NOON)

    assert (tell_settled(now=LATER), mails()) == (0, [])
    assert Message.objects.filter(template="orders/mail/cancelled").count() == 1


def test_weighing_in_the_barn_writes_to_nobody(town, order):
    cheese = OrderLine.objects.get(product_name="Tomme")
    set_final_weights(order_id=order.pk, weights={cheese.pk: 1010}, actor=town.manager, now=NOON)

    assert (tell_settled(now=LATER), mails()) == (0, [])


def test_the_hub_sees_how_many_wait_and_tells_them_by_a_button(client, town, order):
    save(town, "Poireaux", 2)
    signed_in(client, "manager", town.hub)
    page = client.get(reverse("orders:lines", args=[town.hub.slug])).content.decode()

    answer = client.post(reverse("orders:telling", args=[town.hub.slug, town.cycle.pk]))

    assert "Tell 1 customer now" in page
    assert (answer.status_code, len(mails(NOON))) == (303, 1)
    assert untold(hub_id=town.hub.pk, cycle_id=town.cycle.pk, actor=town.manager) == 0
    with pytest.raises(Forbidden):
        tell_waiting(hub_id=town.hub.pk, cycle_id=town.cycle.pk, actor=make.actor("volunteer", on=town.hub), now=NOON)


def test_a_price_is_changed_by_its_cell_and_the_order_remembers_it(client, town, order):
    leek = OrderLine.objects.get(product_name="Poireaux")
    signed_in(client, "manager", town.hub)
    data = {"quantity": 3, "weight": "", "seen_quantity": 3, "price": "2.50", "seen_price": 280}

    answer = client.post(reverse("orders:line", args=[town.hub.slug, leek.pk]), data, headers={"HX-Request": "true"})

    leek.refresh_from_db()
    order.refresh_from_db()
    assert (answer.status_code, leek.price_minor, leek.total_minor, order.total_minor) == (200, 250, 750, 1750)
    body = answer.content.decode()
    assert ("Undo: 3, €2.80 each" in body, 'id="untold"' in body) == (True, True)
    assert OrderChange.objects.filter(what="price").get().details == {
        "lines": [{"product": "Poireaux", "before": 280, "after": 250}]
    }


@pytest.mark.parametrize("typed", ["-1", "x", "200000"])
def test_an_absurd_price_is_explained_and_changes_nothing(client, town, order, typed):
    leek = OrderLine.objects.get(product_name="Poireaux")
    signed_in(client, "manager", town.hub)
    data = {"quantity": 3, "weight": "", "seen_quantity": 3, "price": typed, "seen_price": 280}

    answer = client.post(reverse("orders:line", args=[town.hub.slug, leek.pk]), data, headers={"HX-Request": "true"})

    leek.refresh_from_db()
    assert (answer.status_code, leek.price_minor) == (422, 280)


def test_volunteers_set_no_price(town, order):
    leek = OrderLine.objects.get(product_name="Poireaux")
    wanted, seen = LineValue(3, None, 100), LineValue(3, None, 280)
    with pytest.raises(Forbidden):
        volunteer = make.actor("volunteer", on=town.hub)
        set_line(hub_id=town.hub.pk, line_id=leek.pk, wanted=wanted, seen=seen, actor=volunteer, now=NOON)


def test_of_two_prices_the_second_is_shown_the_first_and_may_keep_it(client, town, order):
    leek = OrderLine.objects.get(product_name="Poireaux")
    save(town, "Poireaux", 3, None, 250)
    signed_in(client, "manager", town.hub)
    at = reverse("orders:line", args=[town.hub.slug, leek.pk])
    mine = {"quantity": 3, "weight": "", "seen_quantity": 3, "price": "2.00", "seen_price": 280}

    stale = client.post(at, mine, headers={"HX-Request": "true"}).content.decode()

    assert ("2.50 EUR" in stale, "Keep what is there now" in stale, "Save mine" in stale) == (True, True, True)
    client.post(at, {**mine, "keep": 1, "price": ""}, headers={"HX-Request": "true"})
    leek.refresh_from_db()
    assert leek.price_minor == 250
    client.post(at, {**mine, "seen_price": 250}, headers={"HX-Request": "true"})
    leek.refresh_from_db()
    assert leek.price_minor == 200


def test_differences_say_each_thing_that_moved_and_leave_out_a_weight_that_a_quantity_made_void():
    line = {"product": "Tomme", "quantity": 1, "weight_g": 1080, "price_minor": 900}

    assert differences({"1": line}, {"1": line | {"quantity": 2, "weight_g": None}}) == [
        {"what": "quantity", "product": "Tomme", "before": 1, "after": 2}
    ]
    assert differences({}, {"1": line}) == [{"what": "quantity", "product": "Tomme", "before": 0, "after": 1}]
    assert differences({"1": line}, {}) == [{"what": "quantity", "product": "Tomme", "before": 1, "after": 0}]
    assert differences({"1": line}, {"1": line}) == []


def test_an_absurd_price_is_refused_by_its_rule():
    with pytest.raises(rules.AbsurdPrice):
        rules.check_price(10_000_001)
