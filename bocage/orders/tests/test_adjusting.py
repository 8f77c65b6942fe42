"""Discounts and extras made by hand, and vouchers taken later: in the order, its books, its invoice, its mail alike."""

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from bocage.commons.money import Money
from bocage.infra.models import Event
from bocage.ledger.models import Posting
from bocage.ledger.queries import balance, due_by_reference, entries_about
from bocage.network.models import Instance, Role
from bocage.network.rules import SYSTEM
from bocage.orders import rules
from bocage.orders.actions import (
    add_adjustment,
    add_voucher,
    cancel_order,
    change_quantities,
    resume_order,
    take_adjustment_back,
)
from bocage.orders.actions.invoicing import extras_of
from bocage.orders.models import Charge, Order, OrderChange, OrderLine
from bocage.orders.queries.pages import order_page, order_sheets
from bocage.orders.rules import Item, adjustment_fee, make_quote, sale_postings
from bocage.orders.tests import make
from bocage.pricing.rules import NO_TAX, Goods, Tax
from bocage.shops.actions.vouchers import make_voucher
from bocage.shops.models import VoucherUse
from bocage.shops.rules.vouchers import VoucherNotKnown, VoucherTerms

pytestmark = pytest.mark.django_db
NOON = make.NOON


@pytest.fixture
def market():
    found = make.market()
    found.hub.is_vat_liable = found.farm.is_vat_liable = True
    found.hub.save()
    found.farm.save()
    found.offer("Poireau", "10.00")
    return found


@pytest.fixture
def order(market):
    return Order.objects.get(id=market.place({market.variants["Poireau"]: 2}).order_id)


def adjust(order, market, amount=-422, *, label="Barquette abîmée", rate=True, key="k", **more):
    add_adjustment(
        order_id=order.pk, label=label, amount=Money(amount), tax_rate_id=market.reduced.pk if rate else None, key=key,
        actor=more.get("actor", market.manager), now=NOON,
    )  # fmt: skip
    order.refresh_from_db()


def due(order):
    about = f"order:{order.ref}"
    return due_by_reference(kind="customer", abouts=[about]).get(about, 0)


def vat(market):
    return balance(book_id=market.hub.pk, kind="vat", subject="vat:55000").minor


def back(order, market):
    row = Charge.objects.get(kind="adjustment", takes_back=None)
    take_adjustment_back(order_id=order.pk, adjustment_id=row.pk, actor=market.manager, now=NOON)
    order.refresh_from_db()


def test_a_discount_takes_its_vat_with_it_in_order_books_invoice_and_mail(market, order):
    """4.22 with 5.5 % in it is 4.00 and 0.22 of VAT."""
    adjust(order, market)

    assert (order.total_minor, due(order)) == (1578, 1578)
    assert vat(market) == -104 + 22
    assert balance(book_id=market.hub.pk, kind="fees", subject=f"adjustment:{market.hub.pk}").minor == 400
    page = order_page(ref=order.ref, actor=market.manager, now=NOON)
    assert [(row.label, row.total.minor) for row in page.charges] == [("Barquette abîmée", -422)]
    [sheet] = order_sheets(hub_id=market.hub.pk, refs=[order.ref], actor=market.manager)
    assert (sheet.charges, sheet.taxes) == (page.charges, page.taxes)
    extras = extras_of(OrderLine.objects.all(), Charge.objects.all())
    assert [(one.label, one.total_minor, one.tax_minor) for one in extras] == [("Barquette abîmée", -422, -22)]
    [event] = Event.objects.filter(kind="orders.CustomerToTell")
    assert event.payload["lines"] == [{"what": "adjustment", "product": "", "before": 0, "after": -422}]


def test_taken_back_both_stay_on_record_and_nothing_of_it_is_left_to_pay(market, order):
    adjust(order, market)

    back(order, market)

    assert (order.total_minor, due(order), vat(market)) == (2000, 2000, -104)
    assert [row.amount_minor for row in Charge.objects.filter(kind="adjustment").order_by("id")] == [-422, 422]
    assert [entry.what for entry in entries_about(f"order:{order.ref}")] == ["sale", "adjustment", "adjustment"]
    page = order_page(ref=order.ref, actor=market.manager, now=NOON)
    assert (page.charges, [row.is_back for row in page.adjustments]) == ((), [True])
    assert extras_of(OrderLine.objects.all(), Charge.objects.all()) == []
    with pytest.raises(rules.TakenBackAlready):
        back(order, market)


def test_it_stays_as_it_is_when_quantities_change_and_goes_when_the_order_is_cancelled(market, order):
    adjust(order, market, -300, rate=False)
    adjust(order, market, 150, label="Caisse", rate=False, key="other")
    row = Charge.objects.filter(kind="adjustment").first()

    change_quantities(order_id=order.pk, quantities={market.variants["Poireau"].pk: 3}, actor=market.manager, now=NOON)

    order.refresh_from_db()
    assert (order.total_minor, due(order)) == (2850, 2850)
    assert Charge.objects.filter(id=row.pk, amount_minor=-300).exists()
    cancel_order(order_id=order.pk, actor=market.manager, now=NOON)
    assert due(order) == 0
    resume_order(order_id=order.pk, actor=market.manager, now=NOON)
    assert due(order) == 2850


def test_never_below_nothing_neither_at_once_nor_when_goods_leave(market, order):
    with pytest.raises(rules.BelowNothing):
        adjust(order, market, -2001)
    adjust(order, market, -1500)

    with pytest.raises(rules.BelowNothing):
        change_quantities(
            order_id=order.pk, quantities={market.variants["Poireau"].pk: 1}, actor=market.manager, now=NOON
        )

    order.refresh_from_db()
    assert (order.total_minor, market.on_hand(market.variants["Poireau"])) == (500, 48)


@pytest.mark.parametrize(("label", "amount"), [("  ", -100), ("Geste", 0), ("Geste", -10_000_001)])
def test_without_a_label_or_an_amount_it_is_refused(market, order, label, amount):
    with pytest.raises(rules.AbsurdAdjustment):
        adjust(order, market, amount, label=label)


def test_the_same_click_twice_is_one(market, order):
    adjust(order, market)
    adjust(order, market)

    assert (order.total_minor, OrderChange.objects.filter(what="adjustment").count()) == (1578, 1)


def test_a_hub_that_owes_no_vat_has_none_in_its_discounts(market, order):
    market.hub.is_vat_liable = False
    market.hub.save()

    adjust(order, market)

    assert Charge.objects.get(kind="adjustment").tax_minor == 0


@settings(max_examples=50)
@given(
    price=st.integers(1, 5000),
    amounts=st.lists(st.integers(-9999, 9999).filter(bool), max_size=4),
    tax=st.sampled_from([NO_TAX, Tax(55_000), Tax(200_000, is_included=False)]),
)
@pytest.mark.django_db(False)
def test_whatever_is_adjusted_books_balance_and_the_opposite_leaves_nothing(price, amounts, tax):
    item = Item(1, 2, Goods(Money(price), 1, Tax(55_000)))
    fees = [adjustment_fee(label="x", amount_minor=amount, hub_id=3, tax=tax) for amount in amounts]
    opposite = [adjustment_fee(label="x", amount_minor=-amount, hub_id=3, tax=tax) for amount in amounts]

    assert sum(sale_postings(make_quote([item], fees), customer_id=9).values()) == 0
    undone = sale_postings(make_quote([item], [*fees, *opposite]), customer_id=9)
    assert undone == sale_postings(make_quote([item]), customer_id=9)


def test_a_voucher_is_taken_for_a_placed_order_once(market, order):
    make_voucher(hub_id=market.hub.pk, terms=VoucherTerms(code="CINQ", amount_minor=500), actor=SYSTEM, now=NOON)

    with pytest.raises(VoucherNotKnown):
        add_voucher(order_id=order.pk, code="six", actor=market.manager, now=NOON)
    add_voucher(order_id=order.pk, code="cinq", actor=market.manager, now=NOON)

    order.refresh_from_db()
    assert (order.total_minor, due(order), VoucherUse.objects.count()) == (1500, 1500, 1)
    with pytest.raises(rules.HasVoucher):
        add_voucher(order_id=order.pk, code="cinq", actor=market.manager, now=NOON)
    cancel_order(order_id=order.pk, actor=market.manager, now=NOON)
    assert VoucherUse.objects.get().given_back_at == NOON


def test_it_is_done_on_the_orders_page_and_refused_there_in_words(client, market, order):
    Instance.objects.update(host=None)
    person = make.person()
    Role.objects.create(person=person, enterprise=market.hub, name="manager")
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = "en"
    typed = {
        "adjustment-key": "k1", "adjustment-kind": "discount", "adjustment-label": "Geste", "adjustment-amount": "30",
        "adjustment-rate": market.reduced.pk,
    }  # fmt: skip
    here = [market.hub.slug, order.ref]

    refused = client.post(reverse("orders:adjustments", args=here), typed)
    client.post(reverse("orders:adjustments", args=here), typed | {"adjustment-amount": "3,00"})
    row = Charge.objects.get(kind="adjustment")
    client.post(reverse("orders:adjustment_back", args=[*here, row.pk]))

    said = refused.content.decode()
    assert (refused.status_code, "less than nothing" in said, 'value="Geste"' in said) == (422, True, True)
    page = client.get(reverse("orders:show", args=here)).content.decode()
    assert "Taken back: Geste, −€3.00" in page or "Taken back: Geste, -€3.00" in page
    assert Posting.objects.filter(entry__what="adjustment").count() == 6
