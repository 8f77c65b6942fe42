"""Eight orders want the same credit at once, eight people the same gift voucher: never below nothing."""

from functools import partial
from threading import Barrier

import pytest

from bocage.network.models import Customer
from bocage.network.queries import actor_for
from bocage.network.rules import GUEST
from bocage.orders.actions import gifts, place_order
from bocage.orders.actions.accounts import top_up
from bocage.orders.actions.gifts import Gift, order_gift, pay_gift, sell_gift
from bocage.orders.models import Order
from bocage.orders.rules import Buyer
from bocage.orders.tests import make
from bocage.orders.tests.make import NOON, euros
from bocage.payments.actions import stored
from bocage.payments.models import GiftVoucher
from bocage.payments.queries.accounts import gift_left, held
from bocage.payments.rules import CreditGone, GiftGone
from tests.races.together import together

pytestmark = pytest.mark.django_db(transaction=True)
TABS = 8


def tabs():
    """One person with 10 € of credit confirms eight orders of something else each, in as many tabs."""
    market, who = make.market(), make.person("Ana")
    customer = Customer.objects.create(hub=market.hub, person=who, email=who.email, name="Ana", created_at=NOON)
    top_up(
        hub_id=market.hub.pk, customer_id=customer.pk, amount=euros("10.00"), means="cash", key="in",
        actor=market.manager, now=NOON,
    )  # fmt: skip
    actor = actor_for(who)

    def buy(number):
        jam = market.offer(f"Confiture {number}", "7.00")
        wanted = market.wanted({jam: 1}, buyer=Buyer("Ana", who.email), credit_minor=700)
        return lambda: place_order(wanted=wanted, shown_total=euros("7.00"), actor=actor, now=NOON)

    return customer.pk, [buy(number) for number in range(TABS)]


def givers():
    """Eight guests pay an order each with the same gift voucher of 10 €."""
    market = make.market()
    gift = Gift(euros("10.00"), "Ana", "ana@exemple.bocage.example")
    pk = sell_gift(hub_id=market.hub.pk, gift=gift, means="cash", key="g", actor=market.manager, now=NOON)
    code = GiftVoucher.objects.get(pk=pk).code

    def buy(number):
        jam = market.offer(f"Confiture {number}", "7.00")
        buyer = Buyer(f"Buyer {number}", f"b{number}@exemple.bocage.example")
        wanted = market.wanted({jam: 1}, buyer=buyer, gift=code, gift_minor=700)
        return lambda: place_order(wanted=wanted, shown_total=euros("7.00"), actor=GUEST, now=NOON)

    return pk, [buy(number) for number in range(TABS)]


def paid_by_two():
    """Two volunteers note that the same gift voucher of 10 € was paid."""
    market = make.market()
    gift = Gift(euros("10.00"), "Ana", "ana@exemple.bocage.example")
    pk = order_gift(hub_id=market.hub.pk, gift=gift, actor=GUEST, now=NOON).pk
    note = partial(pay_gift, hub_id=market.hub.pk, gift_id=pk, means="cash", actor=market.manager, now=NOON)
    return pk, [partial(note, key=key) for key in ("a", "b")]


def test_a_gift_voucher_that_two_note_as_paid_is_paid_once():
    gift_id, notes = paid_by_two()

    assert (together(notes), gift_left(gift_id)) == ([None, None], euros("10.00"))


@pytest.mark.postgresql
def test_without_the_lock_it_is_filled_twice_so_the_test_above_sees(monkeypatch):
    gift_id, notes = paid_by_two()
    both_there, asked = Barrier(2, timeout=30), gifts.is_paid

    def unlocked(about):
        found = asked(about)
        both_there.wait()
        return found

    monkeypatch.setattr(gifts.locks, "lock_row", lambda rows, pk: rows.get(pk=pk))
    monkeypatch.setattr(gifts, "is_paid", unlocked)
    together(notes)

    assert gift_left(gift_id) == euros("20.00")


def test_one_of_eight_pays_with_the_same_gift_voucher():
    gift_id, orders = givers()

    done = together(orders)

    assert (sum(isinstance(one, GiftGone) for one in done), gift_left(gift_id)) == (TABS - 1, euros("3.00"))


def test_the_same_credit_pays_one_of_eight_orders():
    customer_id, orders = tabs()

    done = together(orders)

    assert sum(isinstance(one, CreditGone) for one in done) == TABS - 1
    assert (Order.objects.count(), held(customer_id)) == (1, euros("3.00"))


@pytest.mark.postgresql
def test_without_the_lock_credit_falls_below_nothing_so_the_test_above_sees(monkeypatch):
    customer_id, orders = tabs()
    all_there = Barrier(TABS, timeout=30)
    monkeypatch.setattr(stored.locks, "hold", lambda rows, pk: all_there.wait())

    together(orders)

    assert held(customer_id).minor < 0


def test_without_the_check_credit_falls_below_nothing_on_any_database(monkeypatch):
    customer_id, orders = tabs()
    monkeypatch.setattr(stored, "check_credit", lambda left, amount: None)

    together(orders)

    assert held(customer_id) == euros("-46.00")
