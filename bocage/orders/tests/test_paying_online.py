"""Orders paid online at a bank spoken to over HTTP: from placing to the event that completes them, and every way astray."""

from datetime import timedelta

import pytest

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.infra import outbox
from bocage.ledger.queries import due_by_reference
from bocage.messages.models import Message
from bocage.orders import actions, rules
from bocage.orders.actions.paying_online import settle_orphans
from bocage.orders.models import Order
from bocage.orders.tests import make
from bocage.orders.tests.make import NOON, euros
from bocage.payments import actions as payments
from bocage.payments import rules as money
from bocage.payments.models import Attempt, Finding, Payment, ProviderEvent, SavedCard
from bocage.payments.tests.make import connected, running_bank

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=1)


@pytest.fixture
def bank(settings):
    with running_bank(settings, clock=lambda: NOON) as bank:
        yield bank


@pytest.fixture
def market():
    market = make.market()
    market.offer("Miel", "8.00", stock=5)
    market.card = connected(market.hub.pk, NOON)
    market.instance.host = "testserver"
    market.instance.save()
    return market


def place(market, quantity=2, **fields):
    return market.place({market.variants["Miel"]: quantity}, payment_method_id=market.card.pk, **fields)


def begin(placed, now=NOON):
    return actions.pay_online(
        order_id=placed.order_id, token=placed.token, back_url="http://shop/back", label="Le hub, " + placed.ref,
        actor=make.GUEST, now=now,
    )  # fmt: skip


CLOCK = {"now": LATER}


def hear(bank, now=LATER, *, bodies=None):
    """Let every event come in, and the worker do what follows."""
    CLOCK["now"] = now
    told = list(bank.told) if bodies is None else bodies
    statuses = [bank.deliver(body, at=now) for body in told]
    work(now)
    return statuses


def work(now=LATER):
    while payments.handle_events(now=now) + payments.send_refunds(now=now) + outbox.deliver_due(now=now):
        pass


def order_of(placed):
    return Order.objects.get(id=placed.order_id)


def due(placed):
    return due_by_reference(kind="customer", abouts=[f"order:{placed.ref}"]).get(f"order:{placed.ref}", 0)


def mails():
    return sorted(Message.objects.values_list("template", flat=True))


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    CLOCK["now"] = LATER
    monkeypatch.setattr("bocage.infra.clock.now", lambda: CLOCK["now"])


def test_an_order_by_card_holds_its_goods_but_does_not_stand_before_it_is_paid(market, bank):
    placed = place(market)

    assert placed.awaits_payment
    assert (order_of(placed).state, order_of(placed).pay_by) == ("awaiting", NOON + money.PAY_WITHIN)
    assert market.on_hand(market.variants["Miel"]) == 3
    work()
    assert mails() == []


def test_the_signed_event_completes_the_order_and_the_browser_does_not(market, bank):
    placed = place(market)
    key = begin(placed)
    bank.pay(key)

    assert order_of(placed).state == "awaiting"
    assert hear(bank) == [200]

    assert (order_of(placed).state, order_of(placed).pay_by, due(placed)) == ("placed", None, 0)
    assert list(Payment.objects.values_list("means", "amount_minor")) == [("online", 1600)]
    assert mails() == ["orders/mail/placed", "orders/mail/placed_hub"]


def test_the_attempt_is_committed_before_the_bank_is_called(market, bank, settings, monkeypatch):
    placed = place(market)
    settings.DEMO_BANK_URL = "http://127.0.0.1:9"  # nobody listens there

    with pytest.raises(money.ProviderUnreachable):
        begin(placed)

    attempt = Attempt.objects.get()
    assert (attempt.state, attempt.amount_minor, attempt.currency) == ("written", 1600, "EUR")


def test_a_provider_is_never_called_inside_a_transaction(market, bank):
    from django.db import transaction

    placed = place(market)
    with pytest.raises(RuntimeError), transaction.atomic():
        begin(placed)
    assert bank.bank.payments == {}


def test_events_doubled_shuffled_and_late_end_as_one_in_order(market, bank):
    placed = place(market)
    key = begin(placed)
    bank.pay(key, "decline")
    bank.pay(key)
    declined, paid = bank.told

    later = NOON + timedelta(hours=72)
    assert hear(bank, LATER, bodies=[paid, declined, paid]) == [200, 200, 200]
    assert hear(bank, later, bodies=[declined, paid, paid]) == [200, 200, 200]

    assert order_of(placed).state == "placed"
    assert list(Payment.objects.values_list("amount_minor", flat=True)) == [1600]
    assert ProviderEvent.objects.count() == 2
    assert mails() == ["orders/mail/placed", "orders/mail/placed_hub"]


def test_a_forged_event_and_a_stale_signature_are_refused(market, bank):
    placed = place(market)
    bank.pay(begin(placed))
    [paid] = bank.told

    assert bank.deliver(paid, at=LATER, secret="guessed") == 400
    assert bank.deliver(paid, at=LATER - timedelta(minutes=6)) == 400
    assert bank.deliver(paid.replace(b"1600", b"1"), at=LATER, secret="guessed") == 400
    work()

    assert (order_of(placed).state, ProviderEvent.objects.count()) == ("awaiting", 0)


def test_a_signed_event_with_another_amount_or_currency_is_not_believed(market, bank):
    placed = place(market)
    bank.pay(begin(placed))
    [paid] = bank.told

    assert hear(bank, bodies=[paid.replace(b'"amount": 1600', b'"amount": 1')]) == [200]

    assert (order_of(placed).state, Payment.objects.count()) == ("awaiting", 0)
    assert list(Finding.objects.values_list("what", "said")) == [("mismatch", "1 EUR")]
    assert mails() == ["orders/mail/found_hub"]


def test_a_dropped_event_is_made_up_for_by_the_reconciler(market, bank):
    placed = place(market)
    bank.pay(begin(placed))
    later = NOON + timedelta(minutes=5)

    settled = actions.reconcile_payments(now=later)
    work(later)

    assert settled.attempts.completed == 1
    assert (order_of(placed).state, due(placed), bank.taken()) == ("placed", 0, 1600)
    assert list(Finding.objects.values_list("what", flat=True)) == ["completed"]
    assert mails() == ["orders/mail/found_hub", "orders/mail/placed", "orders/mail/placed_hub"]


def test_an_order_that_nobody_pays_is_let_go_and_its_goods_come_back(market, bank):
    placed = place(market)
    key = begin(placed)
    over = NOON + money.PAY_WITHIN

    actions.reconcile_payments(now=over)
    work(over)

    assert (order_of(placed).state, due(placed)) == ("cancelled", 0)
    assert market.on_hand(market.variants["Miel"]) == 5
    assert bank.bank.payments[key]["state"] == "closed"
    assert mails() == ["orders/mail/lapsed"]


def test_who_paid_in_the_last_second_has_the_order_though_the_event_was_lost(market, bank):
    placed = place(market)
    bank.pay(begin(placed))

    over = NOON + money.PAY_WITHIN
    actions.lapse_unpaid(now=over)
    work(over)

    assert (order_of(placed).state, bank.taken()) == ("placed", 1600)


def test_goods_stay_held_while_the_bank_does_not_answer(market, bank, settings):
    placed = place(market)
    begin(placed)
    url, settings.DEMO_BANK_URL = settings.DEMO_BANK_URL, "http://127.0.0.1:9"

    over = NOON + money.PAY_WITHIN
    assert actions.lapse_unpaid(now=over) == 0
    assert order_of(placed).state == "awaiting"

    settings.DEMO_BANK_URL = url
    assert actions.lapse_unpaid(now=over) == 1


def test_a_second_try_stops_the_first_so_nothing_is_paid_twice(market, bank):
    placed = place(market)
    first, second = begin(placed), begin(placed)
    bank.pay(first)
    bank.pay(second)
    hear(bank)

    assert bank.bank.payments[first]["state"] == "closed"
    assert (order_of(placed).state, due(placed), bank.taken()) == ("placed", 0, 1600)


def test_a_second_try_after_the_first_was_paid_unheard_is_refused(market, bank):
    placed = place(market)
    bank.pay(begin(placed))

    with pytest.raises(money.AttemptUnderWay):
        begin(placed)
    work()

    assert (order_of(placed).state, bank.taken()) == ("placed", 1600)


def test_another_way_to_pay_lets_the_order_stand_and_stops_the_bank(market, bank):
    placed = place(market)
    key = begin(placed)

    actions.choose_other_way(
        order_id=placed.order_id, method_id=market.cash.pk, token=placed.token, actor=make.GUEST, now=LATER
    )
    work()

    assert (order_of(placed).state, order_of(placed).payment_method_id) == ("placed", market.cash.pk)
    assert (bank.bank.payments[key]["state"], due(placed)) == ("closed", 1600)
    assert mails() == ["orders/mail/placed", "orders/mail/placed_hub"]


def test_money_for_an_order_given_up_meanwhile_goes_back_by_itself(market, bank):
    placed = place(market)
    key = begin(placed)
    actions.cancel_order(order_id=placed.order_id, token=placed.token, actor=make.GUEST, now=NOON)
    bank.pay(key)
    hear(bank)
    hear(bank)

    assert (order_of(placed).state, due(placed), bank.taken()) == ("cancelled", 0, 0)
    assert sorted(Payment.objects.values_list("amount_minor", flat=True)) == [-1600, 1600]
    assert "orders/mail/returned" in mails() and "orders/mail/found_hub" in mails()


@pytest.mark.parametrize("count", [1, 3])
def test_orders_that_were_paid_cost_the_reconciler_nothing(market, bank, count, django_assert_num_queries):
    for _ in range(count):
        bank.pay(begin(place(market, quantity=1)))
    hear(bank)
    assert Attempt.objects.filter(state="succeeded").count() == count

    with django_assert_num_queries(2):
        assert settle_orphans(now=LATER) == 0


def test_the_hub_gives_back_online_what_was_paid_online_at_most(market, bank):
    placed = place(market)
    bank.pay(begin(placed))
    hear(bank)
    give = {"order_id": placed.order_id, "actor": market.manager, "now": LATER}

    with pytest.raises(rules.RefundTooLarge):
        actions.refund_online(amount=euros("16.01"), key="a", **give)
    with pytest.raises(money.OtherCurrency):
        actions.refund_online(amount=Money(500, "CHF"), key="b", **give)
    for _ in range(2):
        actions.refund_online(amount=euros("6.00"), key="c", **give)
    hear(bank)
    with pytest.raises(rules.RefundTooLarge):
        actions.refund_online(amount=euros("10.01"), key="d", **give)

    assert (due(placed), bank.taken()) == (600, 1000)
    assert sorted(Payment.objects.values_list("amount_minor", flat=True)) == [-600, 1600]


def test_a_refund_that_the_bank_did_not_hear_is_asked_again_and_given_once(market, bank, settings):
    placed = place(market)
    bank.pay(begin(placed))
    hear(bank)
    url, settings.DEMO_BANK_URL = settings.DEMO_BANK_URL, "http://127.0.0.1:9"
    actions.refund_online(order_id=placed.order_id, amount=euros("16.00"), key="c", actor=market.manager, now=LATER)
    work()
    assert bank.taken() == 1600

    settings.DEMO_BANK_URL = url
    for minutes in (10, 20, 30):
        actions.reconcile_payments(now=NOON + timedelta(minutes=minutes))

    assert bank.taken() == 0
    assert sorted(Payment.objects.values_list("amount_minor", flat=True)) == [-1600, 1600]


def test_payments_by_hand_in_another_currency_are_refused_in_words(market, bank):
    placed = market.place({market.variants["Miel"]: 1})

    with pytest.raises(money.OtherCurrency) as refused:
        actions.record_payment(
            order_id=placed.order_id, amount=Money(800, "CHF"), means="cash", key="k", actor=market.manager, now=LATER
        )
    assert str(refused.value) == ("The amount is in CHF, what is owed in EUR: they cannot be set against each other.")


def test_an_order_that_waits_cannot_be_changed(market, bank):
    placed = place(market)
    with pytest.raises(rules.AwaitsPayment):
        actions.change_quantities(
            order_id=placed.order_id, quantities={market.variants["Miel"].pk: 1}, token=placed.token, actor=make.GUEST,
            now=NOON,
        )  # fmt: skip


def test_an_order_on_site_stands_at_once_as_before(market, bank):
    placed = market.place({market.variants["Miel"]: 1})
    assert (placed.awaits_payment, order_of(placed).state, order_of(placed).pay_by) == (False, "placed", None)


def test_card_is_offered_only_while_the_hub_has_an_account_that_takes_money(market, bank, settings):
    from bocage.orders.queries.choices import payment_choices
    from bocage.payments.models import ProviderAccount

    def kinds():
        return [choice.kind for choice in payment_choices(cycle_id=market.cycle.pk, hub_id=market.hub.pk)]

    assert "card" in kinds()
    ProviderAccount.objects.update(can_charge=False)
    assert "card" not in kinds()
    ProviderAccount.objects.update(can_charge=True)
    settings.DEMO_BANK_URL = ""
    assert "card" not in kinds()


def test_a_card_that_is_kept_is_charged_by_the_hub_and_taken_back_by_its_holder(market, bank, client):
    who = make.person("Armelle")
    buyer = make.actor(who=who)
    placed = place(market, actor=buyer)
    key = actions.pay_online(
        order_id=placed.order_id, back_url="http://shop/", label="Miel", keep_card=True, actor=buyer, now=NOON
    )
    bank.pay(key)
    hear(bank)
    card = SavedCard.objects.get()
    second = place(market, quantity=1, actor=market.manager, customer_id=card.customer_id)
    assert order_of(second).state == "placed"  # noted by the hub: nobody is there to pay

    state = actions.charge_saved(
        order_id=second.order_id, card_id=card.pk, label="Miel", actor=market.manager, now=LATER
    )
    work()
    assert (state, due(second), bank.taken()) == ("succeeded", 0, 2400)

    client.force_login(who)
    assert "4242" in client.get("/account/cards/").content.decode()
    client.post(f"/account/cards/{card.pk}/end/")
    third = place(market, quantity=1, actor=market.manager, customer_id=card.customer_id)
    with pytest.raises(NotFound):
        actions.charge_saved(order_id=third.order_id, card_id=card.pk, label="", actor=market.manager, now=LATER)


def test_a_card_of_somebody_else_is_never_charged(market, bank):
    buyer = make.actor(who=make.person("Armelle"))
    placed = place(market, actor=buyer)
    bank.pay(
        actions.pay_online(
            order_id=placed.order_id, back_url="http://shop/", label="Miel", keep_card=True, actor=buyer, now=NOON
        )
    )
    hear(bank)
    other = market.place({market.variants["Miel"]: 1})

    with pytest.raises(NotFound):
        actions.charge_saved(
            order_id=other.order_id, card_id=SavedCard.objects.get().pk, label="", actor=market.manager, now=LATER
        )
    assert bank.taken() == 1600


def test_the_pages_lead_to_the_bank_wait_and_never_complete_by_themselves(market, bank, client):
    placed = place(market)
    url = f"/order/{placed.ref}/{placed.token}/"
    page = client.get(url).content.decode()
    assert "pay-now" in page and "ticket" not in page

    away = client.post(f"{url}payment/", follow=True).content.decode()
    [row] = bank.bank.payments.values()
    assert row["page"] in away
    bank.pay(row["key"])
    assert client.get(f"{url}payment/return/").status_code == 200
    assert order_of(placed).state == "awaiting"

    hear(bank)
    assert client.get(f"{url}payment/return/").url == url
    assert "ticket" in client.get(url).content.decode()
