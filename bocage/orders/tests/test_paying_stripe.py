"""Stripe spoken to over HTTP: localstripe in its place, with its own signed webhooks."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import translation

from bocage.infra import outbox
from bocage.messages.models import Message
from bocage.orders import actions
from bocage.orders.models import Order
from bocage.orders.tests import make
from bocage.orders.tests.make import NOON, euros
from bocage.payments import actions as payments
from bocage.payments import rules as money
from bocage.payments.models import Attempt, Payment, SavedCard
from bocage.payments.tests import stripes
from bocage.payments.tests.make import connected

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("localstripe")


@pytest.fixture
def stripe(settings, folder):
    with stripes.running(settings, folder) as stripe:
        yield stripe


@pytest.fixture
def market():
    market = make.market()
    market.offer("Miel", "8.00", stock=5)
    market.card = connected(market.hub.pk, NOON, provider="stripe", account="acct_of_the_hub")
    return market


def begin(market, **fields):
    placed = market.place({market.variants["Miel"]: 2}, payment_method_id=market.card.pk)
    actions.pay_online(
        order_id=placed.order_id, token=placed.token, back_url="http://shop/back", label="Miel", actor=make.GUEST,
        now=NOON, **fields,
    )  # fmt: skip
    return placed, Attempt.objects.get()


def hear(stripe, monkeypatch, *, twice=False):
    """Let what Stripe told come in over our own door, signed as Stripe signed it."""
    statuses = []
    for body, signature in stripe.told * (2 if twice else 1):
        sent = datetime.fromtimestamp(int(signature.split(",")[0].removeprefix("t=")), UTC)
        monkeypatch.setattr("bocage.infra.clock.now", lambda sent=sent: sent + timedelta(seconds=2))
        with translation.override("fr"):
            answer = Client().post(
                "/payments/events/stripe/", body, content_type="application/json",
                headers={"Stripe-Signature": signature},
            )  # fmt: skip
        statuses.append(answer.status_code)
    work()
    return statuses


def work():
    while payments.handle_events(now=LATER) + payments.send_refunds(now=LATER) + outbox.deliver_due(now=LATER):
        pass


def test_a_card_is_paid_at_stripe_and_its_signed_event_completes_the_order(market, stripe, monkeypatch):
    placed, attempt = begin(market)
    assert (attempt.state, attempt.handle[:3], "_secret_" in attempt.page) == ("open", "pi_", True)

    assert stripe.pay(attempt.handle)["status"] == "succeeded"
    assert Order.objects.get().state == "awaiting"
    stripe.wait_for(1)
    assert set(hear(stripe, monkeypatch, twice=True)) == {200}

    assert Order.objects.get(ref=placed.ref).state == "placed"
    assert list(Payment.objects.values_list("means", "amount_minor")) == [("online", 1600)]
    assert stripe.taken() == 1600
    body, signature = stripe.told[0]
    forged = Client().post(
        "/payments/events/stripe/", body.replace(b"1600", b"1601"), content_type="application/json",
        headers={"Stripe-Signature": signature},
    )  # fmt: skip
    assert forged.status_code == 400


def test_strong_authentication_at_the_bank_comes_before_the_money(market, stripe, monkeypatch):
    _, attempt = begin(market)
    asked = stripe.pay(attempt.handle, stripes.ASKS)
    assert asked["status"] == "requires_action"

    stripe.authenticate(attempt.handle, attempt.page, success=True)
    stripe.wait_for(1)
    hear(stripe, monkeypatch)

    assert (Order.objects.get().state, stripe.taken()) == ("placed", 1600)


def test_a_refused_card_leaves_the_order_waiting_and_another_card_pays_it_once(market, stripe, monkeypatch):
    placed, attempt = begin(market)
    stripe.pay(attempt.handle, stripes.DECLINED)
    stripe.wait_for(1)
    hear(stripe, monkeypatch)
    assert (Order.objects.get().state, Attempt.objects.get().state) == ("awaiting", "open")

    with pytest.raises(money.NothingToPay):
        payments.start_charge(
            payments.Start(market.hub.pk, attempt.customer_id, attempt.about, euros("0"), "", "", "fr", "", LATER),
            actor=make.GUEST, now=LATER,
        )  # fmt: skip
    again = actions.pay_online(
        order_id=placed.order_id, token=placed.token, back_url="http://shop/", label="Miel", actor=make.GUEST, now=LATER
    )
    second = Attempt.objects.get(key=again)
    stripe.pay(second.handle)
    actions.reconcile_payments(now=NOON + timedelta(minutes=10))
    work()

    assert (Order.objects.get().state, stripe.taken()) == ("placed", 1600)
    assert sorted(Attempt.objects.values_list("state", flat=True)) == ["ended", "succeeded"]


def test_an_attempt_whose_answer_was_lost_is_found_again_by_its_key(market, stripe, monkeypatch):
    _, attempt = begin(market)
    stripe.pay(attempt.handle)
    Attempt.objects.update(handle="", page="", state="written", looked_at=None)

    actions.reconcile_payments(now=NOON + timedelta(minutes=10))
    work()

    assert (Order.objects.get().state, Attempt.objects.get().handle) == ("placed", attempt.handle)


def test_what_nobody_pays_is_cancelled_at_stripe_too(market, stripe):
    _, attempt = begin(market)
    actions.reconcile_payments(now=NOON + money.PAY_WITHIN)

    assert Order.objects.get().state == "cancelled"
    assert stripe.ask("GET", f"/v1/payment_intents/{attempt.handle}")["status"] == "canceled"


def test_money_goes_back_by_stripe_in_parts_and_never_twice(market, stripe, monkeypatch):
    placed, attempt = begin(market)
    stripe.pay(attempt.handle)
    stripe.wait_for(1)
    hear(stripe, monkeypatch)
    for _ in range(2):
        actions.refund_online(order_id=placed.order_id, amount=euros("6.00"), key="k", actor=market.manager, now=LATER)
    work()
    refund = Attempt.objects.get(kind="refund")
    Attempt.objects.filter(kind="refund").update(handle="", state="written", looked_at=None)
    payments.send_refunds(now=LATER)

    assert (refund.state, stripe.taken()) == ("succeeded", 1000)
    assert sorted(Payment.objects.values_list("amount_minor", flat=True)) == [-600, 1600]


@pytest.mark.parametrize(("number", "ends"), [(stripes.GOOD, "succeeded"), (stripes.ASKS, "ended")])
def test_a_saved_card_is_charged_without_its_holder_or_a_link_goes_out_by_mail(
    market, stripe, monkeypatch, number, ends
):
    placed = market.place({market.variants["Miel"]: 2})
    order = Order.objects.get(ref=placed.ref)
    holder = stripe.ask("POST", "/v1/customers", email="armelle@exemple.example")["id"]
    fields = {
        "type": "card",
        "card[number]": number,
        "card[exp_month]": "12",
        "card[exp_year]": "2031",
        "card[cvc]": "123",
    }
    method = stripe.ask("POST", "/v1/payment_methods", **fields)["id"]
    stripe.ask("POST", f"/v1/payment_methods/{method}/attach", customer=holder)
    card = SavedCard.objects.create(
        customer_id=order.customer_id, provider="stripe", account="acct_of_the_hub", holder=holder, card=method,
        brand="visa", last4="4242", expires="2031-12", agreed_at=NOON,
    )  # fmt: skip

    state = actions.charge_saved(
        order_id=placed.order_id, card_id=card.pk, label="Miel", actor=market.manager, now=LATER
    )
    work()

    assert state == ends
    assert stripe.taken() == (1600 if ends == "succeeded" else 0)
    asked_by_mail = Message.objects.filter(template="orders/mail/pay_yourself").exists()
    assert asked_by_mail == (ends == "ended")
