"""Eight people type the code of one voucher at once: one pays less, seven are told that it is used."""

from dataclasses import replace
from threading import Barrier

import pytest

from bocage.network.rules import GUEST, SYSTEM
from bocage.orders.actions import place_order
from bocage.orders.models import Charge, Order
from bocage.orders.rules import Buyer
from bocage.orders.tests import make
from bocage.orders.tests.make import NOON, euros
from bocage.shops.actions import vouchers
from bocage.shops.models import VoucherUse
from bocage.shops.rules.vouchers import VoucherTerms, VoucherUsedUp
from tests.races.together import together

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 8


def buyers():
    """Each buys something else, so that no stock makes one wait for another."""
    market = make.market()
    terms = VoucherTerms(code="SEUL", amount_minor=200)
    vouchers.make_voucher(hub_id=market.hub.pk, terms=terms, actor=SYSTEM, now=NOON)

    def buy(number):
        jam = market.offer(f"Confiture {number}", "7.00")
        buyer = Buyer(f"Buyer {number}", f"b{number}@exemple.bocage.example")
        wanted = replace(market.wanted({jam: 1}, buyer=buyer), voucher="SEUL")
        return lambda: place_order(wanted=wanted, shown_total=euros("5.00"), actor=GUEST, now=NOON)

    return [buy(number) for number in range(PEOPLE)]


def test_a_voucher_for_one_order_is_used_by_one_of_eight():
    done = together(buyers())

    refused = [one for one in done if isinstance(one, VoucherUsedUp)]
    assert (len(refused), Order.objects.count(), VoucherUse.objects.count()) == (PEOPLE - 1, 1, 1)
    assert list(Charge.objects.filter(kind="voucher").values_list("amount_minor", flat=True)) == [-200]


@pytest.mark.postgresql
def test_without_the_lock_more_than_one_use_it_so_the_test_above_sees(monkeypatch):
    all_there = Barrier(PEOPLE, timeout=30)
    monkeypatch.setattr(vouchers, "_hold", lambda voucher_id: all_there.wait())

    together(buyers())

    assert VoucherUse.objects.count() > 1
