"""The checkout of who has something to spend: what the account holds is shown, used as far as wanted, and confirmed."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from bocage.ledger.queries import due_by_reference
from bocage.network.models import Customer
from bocage.network.rules import SYSTEM
from bocage.orders.actions import record_payment
from bocage.orders.actions.accounts import pay_out, top_up
from bocage.orders.actions.gifts import Gift, sell_gift
from bocage.orders.models import Order
from bocage.orders.rules import Buyer
from bocage.payments.models import GiftVoucher, PaymentMethod
from bocage.payments.queries.accounts import gift_left, held
from bocage.shopfront.queries import snapshots
from bocage.shopfront.tests import make
from bocage.shopfront.tests.make import euros

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon(settings):
    snapshots.forget()
    settings.LANGUAGE_CODE = "en"
    with time_machine.travel(make.NOON, tick=False), translation.override("en"):
        yield


@pytest.fixture
def market():
    made = make.market()
    made.instance.host, made.instance.language = "testserver", "en"
    made.instance.save()
    made.offer("Poireaux", "12.00")
    return made


@pytest.fixture
def ana(client, market):
    """Ana, signed in, with 18.70 € on her account."""
    who = make.person("Ana")
    customer = Customer.objects.create(hub=market.hub, person=who, email=who.email, name="Ana", created_at=make.NOON)
    top_up(
        hub_id=market.hub.pk, customer_id=customer.pk, amount=euros("18.70"), means="cash", key="in", actor=SYSTEM,
        now=make.NOON,
    )  # fmt: skip
    client.force_login(who)
    return customer


def url(market, name):
    return reverse(f"shopfront:{name}", args=[market.hub.slug])


def to_pay(client, market, count=1):
    cycle = {"cycle": market.cycle.pk}
    client.post(
        url(market, "basket"),
        {**cycle, "add": market.variants["Poireaux"].pk, f"q{market.variants['Poireaux'].pk}": count},
    )
    who = {"name": "Ana", "email": "ana@exemple.bocage.example", "phone": "06 55 01 27 90"}
    client.post(url(market, "who"), {**who, **cycle, "delivery_method_id": market.pickup.pk})
    return client.get(url(market, "pay"))


def pay(client, market, **more):
    said = {"payment_method_id": market.cash.pk, "cycle": market.cycle.pk, **more}
    return client.post(url(market, "pay"), said)


def shown(page):
    """Return what the last step would send: its hidden fields."""
    fields = dict(re.findall(r'name="(key|shown_\w+)" value="([^"]*)"', page.content.decode()))
    return fields


def order(client, market):
    page = client.get(url(market, "confirm"))
    sent = client.post(url(market, "confirm"), {**shown(page), "cycle": market.cycle.pk, "accepted": "on"})
    return page, sent


def due(placed):
    about = f"order:{placed.ref}"
    return due_by_reference(kind="customer", abouts=[about]).get(about, 0)


def test_the_account_is_offered_and_pays_as_much_as_was_typed(client, market, ana):
    offered = to_pay(client, market).content.decode()
    pay(client, market, use_credit="on", credit="5")

    page, sent = order(client, market)

    placed = Order.objects.get()
    assert "€18.70" in offered and "€7.00" in page.content.decode()
    assert (sent.status_code, due(placed), placed.total_minor, held(ana.pk)) == (303, 700, 1200, euros("13.70"))
    told = client.get(sent["Location"]).content.decode()
    assert "Paid from the account" in told and "€7.00" in told


def test_what_is_gone_meanwhile_is_said_and_nothing_is_ordered(client, market, ana):
    to_pay(client, market)
    pay(client, market, use_credit="on", credit="12")
    seen = shown(client.get(url(market, "confirm")))
    pay_out(
        hub_id=market.hub.pk, customer_id=ana.pk, amount=euros("10.00"), means="cash", key="out", actor=SYSTEM,
        now=make.NOON,
    )  # fmt: skip

    refused = client.post(url(market, "confirm"), {**seen, "cycle": market.cycle.pk, "accepted": "on"})

    assert (refused.status_code, Order.objects.count(), held(ana.pk)) == (422, 0, euros("8.70"))
    assert "There is now €8.70 on the account" in refused.content.decode()


def test_a_guest_pays_with_a_gift_voucher_and_sees_no_account(client, market):
    gift = Gift(euros("8.00"), "Bo", "bo@exemple.bocage.example")
    pk = sell_gift(hub_id=market.hub.pk, gift=gift, means="cash", key="g", actor=SYSTEM, now=make.NOON)
    plain = to_pay(client, market).content.decode()

    wrong = pay(client, market, gift="NOPE")
    pay(client, market, gift=GiftVoucher.objects.get(pk=pk).code)
    page, sent = order(client, market)

    assert "Your account" not in plain and wrong.status_code == 422
    assert "€4.00" in page.content.decode()
    assert (sent.status_code, due(Order.objects.get()), gift_left(pk).minor) == (303, 400, 0)


def test_a_small_debt_is_a_line_of_the_next_checkout_and_paid_with_it(client, market, ana):
    market.shop.carries_debt_up_to_minor = 500
    market.shop.save()
    earlier = market.place(
        {market.offer("Pain", "4.00"): 1}, actor=make.actor(who=ana.person), buyer=Buyer("Ana", ana.email)
    )
    record_payment(order_id=earlier.order_id, amount=euros("3.00"), means="cash", key="p", actor=SYSTEM, now=make.NOON)
    Order.objects.filter(pk=earlier.order_id).update(hand_over_to=make.NOON - timedelta(days=1))
    snapshots.forget()

    offered = to_pay(client, market).content.decode()
    pay(client, market)
    page, _sent = order(client, market)

    placed = Order.objects.latest("id")
    assert "€1.00 is left to pay from last time" in offered and "€13.00" in page.content.decode()
    assert (due(placed), due(Order.objects.get(pk=earlier.order_id))) == (1300, 0)


def test_a_charge_for_a_way_to_pay_is_shown_before_and_is_part_of_the_order(client, market):
    PaymentMethod.objects.filter(pk=market.cash.pk).update(charge_millionths=14_000)
    offered = to_pay(client, market).content.decode()
    pay(client, market)
    page, sent = order(client, market)

    placed = Order.objects.get()
    assert "€0.17" in offered and "Charge for paying" in page.content.decode()
    assert (sent.status_code, placed.total_minor) == (303, 1217)
